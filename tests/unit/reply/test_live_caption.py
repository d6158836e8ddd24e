import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.discord_io import wording
from assistant.discord_io.message_splitter import one_post, split_message
from assistant.domain.call_snapshot import QuestionSnapshot
from assistant.reply.question import Question
from assistant.reply.reply_poster import ReplyPoster
from tests.support.asked_questions import said_question, typed_question
from tests.support.fake_text import FakeText, response
from tests.support.virtual_time import run_in_virtual_time

WORDS = [f"word{number:04}" for number in range(900)]
LONG = " ".join(WORDS[:400])
"""As long as an answer that takes two posts."""
LONGEST = " ".join(WORDS)
"""As long as one that is a file."""
HEAD = "🗣️ Ada: Where?"


class Story:
    """An answer that is written a word every tenth of a second, and the channel in which it is posted."""

    def __init__(self, text: str, question: Question, place: FakeText) -> None:
        self.place = place
        self.words = text.split()
        self.text = ""
        self.is_over = asyncio.Event()
        self.seen: list[tuple[float, list[str]]] = []
        """What the channel shows, whenever that has changed."""
        self.ids: list[tuple[int, ...]] = []
        self.poster = ReplyPoster(question, (), self._keep)
        self.happens: dict[int, Callable[[], None]] = {}
        """What happens before which word."""

    async def _keep(self, ids: tuple[int, ...]) -> None:
        self.ids.append(ids)

    async def write(self) -> None:
        for number, word in enumerate(self.words):
            self.happens.get(number, lambda: None)()
            self.text = f"{self.text} {word}".strip()
            await asyncio.sleep(0.1)
        self.is_over.set()

    async def watch(self) -> None:
        while True:
            shown = [*self.place.shown.values()]
            if not self.seen or self.seen[-1][1] != shown:
                self.seen.append((asyncio.get_running_loop().time(), shown))
            await asyncio.sleep(0.05)

    async def tell(self, ending: Callable[[], Awaitable[bool]] | None = None) -> bool:
        """Write and show it, from its fifth word on, and then what it ends with."""
        async with asyncio.TaskGroup() as tasks:
            watching = tasks.create_task(self.watch())
            tasks.create_task(self.write())
            await asyncio.sleep(0.5)
            await self.poster.show_growing(lambda: self.text, self.is_over)
            posted = await (ending or (lambda: self.poster.post(self.text)))()
            await asyncio.sleep(0.1)
            watching.cancel()
        return posted

    @property
    def shown(self) -> list[str]:
        return [*self.place.shown.values()]


def typed(text: str, **kwargs: Any) -> Story:
    place = FakeText()
    place.may_attach_files = True
    return Story(text, typed_question(place, **kwargs), place)


def said(text: str, **kwargs: Any) -> Story:
    place = FakeText()
    place.may_attach_files = True
    return Story(text, said_question(place, **kwargs), place)


def told(make: Callable[[], Story], ending: Callable[[Story], Callable[[], Awaitable[bool]]] | None = None) -> Story:
    """A story, told in virtual time."""

    async def scenario() -> Story:
        story = make()
        assert await story.tell(ending(story) if ending else None)
        return story

    return run_in_virtual_time(scenario())


def requests(place: FakeText) -> list[str]:
    return [what for what, *_ in place.written]


def test_the_text_stands_in_the_chat_with_the_first_sound_and_grows_seldom_enough_for_discord() -> None:
    story = told(lambda: typed(LONG))
    (first_at, first), *_ = [(at, shown) for at, shown in story.seen if shown]
    assert first_at < 0.7
    assert first[0].startswith("word0000 word0001 word0002") and len(first[0]) < 60
    assert story.shown == split_message(LONG)
    assert 20 <= len(story.place.written) <= 40 / 1.5 + 4
    times = [at for at, _ in story.seen]
    assert all(later - earlier > 1.3 for earlier, later in pairwise(times[1:-2]))


def test_only_the_first_post_of_an_answer_to_a_typed_message_is_a_reply_and_nobody_is_pinged() -> None:
    story = told(lambda: typed(LONG))
    assert [options.get("reference") for options in story.place.options] == [7, None]
    assert all(options["allowed_mentions"].everyone is False for options in story.place.options)


def test_what_was_said_and_its_answer_stand_in_one_message_and_what_does_not_fit_is_a_reply_to_it() -> None:
    story = told(lambda: said("It is here."))
    assert story.shown == [f"{HEAD}\nIt is here."]
    assert requests(story.place) == ["edited"]
    story = told(lambda: said(LONG))
    assert story.shown == split_message(f"{HEAD}\n{LONG}")
    assert [options.get("reference") for options in story.place.options] == [7]


@pytest.mark.parametrize("make", [typed, said])
def test_an_answer_for_a_file_grows_too_and_ends_as_one_that_was_posted_whole(make: Callable[[str], Story]) -> None:
    story = told(lambda: make(LONGEST))
    head = f"{HEAD}\n" if make is said else ""
    assert max(len(shown) for _, shown in story.seen) == 3
    assert story.shown == [one_post(f"{head}{LONGEST}", wording.IN_FILE)]
    assert story.place.files == [LONGEST.encode()]


@pytest.mark.parametrize("make", [typed, said])
@pytest.mark.parametrize("fails", ["fails_times", "loses_answers"])
@pytest.mark.parametrize("at", [0, 5, 30, 200, 399])
def test_a_request_that_discord_does_not_take_or_whose_answer_is_lost_loses_and_doubles_nothing(
    make: Callable[[str], Story], fails: str, at: int
) -> None:
    def story() -> Story:
        made = make(LONG)
        made.happens[at] = lambda: setattr(made.place, fails, 2)
        return made

    head = f"{HEAD}\n" if make is said else ""
    assert told(story).shown == split_message(f"{head}{LONG}")


def test_a_channel_that_takes_nothing_for_a_while_shows_the_whole_text_after_it() -> None:
    def story() -> Story:
        made = typed(LONG)
        made.happens = {
            20: lambda: setattr(made.place, "is_unreachable", True),
            200: lambda: setattr(made.place, "is_unreachable", False),
        }
        return made

    assert told(story).shown == split_message(LONG)


@pytest.mark.parametrize("words", [20, 200])
def test_a_post_that_somebody_deletes_is_not_written_again_before_the_answer_is_whole(words: int) -> None:
    def story() -> Story:
        made = typed(" ".join(WORDS[:words]))

        def delete() -> None:
            (post_id,) = made.place.shown
            made.place.deleted.add(post_id)
            del made.place.shown[post_id]

        made.happens[10] = delete
        return made

    written = told(story)
    assert written.shown == [" ".join(WORDS[:words])]
    assert [options["nonce"] for options in written.place.options] == ["7-0", "7!0"], "Discord may know the first still"


def test_a_question_that_somebody_deletes_is_not_shown_again_with_its_answer() -> None:
    def story() -> Story:
        made = said("It is here, and there, and everywhere else.")

        def delete() -> None:
            made.place.deleted.add(7)
            del made.place.shown[7]

        made.happens[6] = delete
        return made

    assert told(story).shown == ["It is here, and there, and everywhere else."]


def test_a_channel_that_is_closed_meanwhile_leaves_the_answer_to_another_one() -> None:
    async def scenario() -> tuple[Story, FakeText]:
        place, elsewhere = FakeText(3), FakeText(4)
        story = Story(LONG, typed_question(place), place)
        story.poster = ReplyPoster(typed_question(place), (elsewhere,), story._keep)
        place.may_send = False
        assert await story.tell()
        return story, elsewhere

    story, elsewhere = run_in_virtual_time(scenario())
    assert story.shown == []
    assert [*elsewhere.shown.values()] == split_message(f"{wording.answered_elsewhere('<#3>')}\n{LONG}")


async def cut_off(make: Callable[[str], Story], seconds: float) -> Story:
    """An answer whose process has ended after so many seconds."""
    story = make(LONG)
    telling = asyncio.ensure_future(story.tell())
    await asyncio.sleep(seconds)
    telling.cancel()
    await asyncio.wait({telling})
    return story


@pytest.mark.parametrize("text", [LONG, LONGEST, "Something else.", " ".join(reversed(WORDS[:400]))])
def test_the_next_process_has_the_same_posts_show_its_answer_however_long_it_was_away(text: str) -> None:
    async def scenario() -> Story:
        story = await cut_off(typed, 39.0)
        assert story.ids[-1] == tuple(story.place.shown)
        assert len(story.shown) == 2
        story.place.forget_nonces()
        snapshot = QuestionSnapshot(message_id=7, channel_id=3, post_ids=story.ids[-1])
        assert await ReplyPoster(typed_question(story.place, snapshot=snapshot)).post(text)
        return story

    story = run_in_virtual_time(scenario())
    assert story.place.files == ([LONGEST.encode()] if text == LONGEST else [])
    assert story.shown == (split_message(text) if text != LONGEST else [one_post(text, wording.IN_FILE)])


@pytest.mark.parametrize("text", [LONG, LONGEST, "Something else."])
def test_a_post_whose_id_was_lost_with_its_process_is_found_by_the_next_one(text: str) -> None:
    async def scenario() -> Story:
        story = await cut_off(typed, 5.0)
        assert await ReplyPoster(typed_question(story.place)).post(text)
        return story

    story = run_in_virtual_time(scenario())
    assert story.place.files == ([LONGEST.encode()] if text == LONGEST else [])
    assert story.shown == (split_message(text) if text != LONGEST else [one_post(text, wording.IN_FILE)])


def test_the_next_process_writes_below_the_question_what_it_answers() -> None:
    async def scenario() -> list[str]:
        story = await cut_off(said, 5.0)
        (begun,) = story.shown
        assert begun.startswith(f"{HEAD}\nword0000 word0001")
        question = said_question(story.place)
        story.place.shown[7] = begun
        assert await ReplyPoster(question).post("It is here.", "Sorry.")
        return story.shown

    assert run_in_virtual_time(scenario()) == [f"{HEAD}\nIt is here.", "Sorry."]


@pytest.mark.parametrize(("words", "posts"), [(3, 1), (150, 1), (399, 2)])
def test_an_interrupted_answer_keeps_what_people_read_and_says_so_below_it(words: int, posts: int) -> None:
    note = wording.interrupted("Ben")

    def ending(story: Story) -> Callable[[], Awaitable[bool]]:
        return lambda: story.poster.post_beginning(story.text, note)

    story = told(lambda: typed(" ".join(WORDS[:words])), ending)
    assert len(story.shown) == posts
    assert " ".join(story.shown) == f"{' '.join(WORDS[:words])}\n{note}"
    story = told(lambda: said(" ".join(WORDS[:words])), ending)
    assert " ".join(story.shown) == f"{HEAD}\n{' '.join(WORDS[:words])}\n{note}"


def test_nothing_more_is_shown_of_an_answer_that_is_skipped() -> None:
    async def scenario() -> tuple[list[str], list[str]]:
        story = typed(LONG)
        telling = asyncio.ensure_future(story.tell())
        await asyncio.sleep(5.2)
        before = story.shown
        story.poster.stop()
        assert await telling
        return before, story.shown

    before, after = run_in_virtual_time(scenario())
    assert before == after != []


def test_thoughts_that_are_taken_back_do_not_stay() -> None:
    def story() -> Story:
        made = typed(LONG)
        made.happens = {number: lambda: setattr(made, "text", "") for number in range(350, 391)}
        made.words[350:390] = [""] * 40
        return made

    thoughtful = told(story)
    assert ["…"] in [shown for _, shown in thoughtful.seen]
    assert thoughtful.shown == [" ".join(WORDS[390:400])]


def test_what_is_not_to_be_seen_leaves_nothing_in_the_chat() -> None:
    async def scenario() -> Story:
        place = FakeText()
        story = Story(LONG, said_question(place, is_shown=False), place)
        assert await story.tell()
        assert await story.poster.post_beginning("One.", "note")
        await asyncio.wait_for(story.poster.show_typing(), 1)
        return story

    assert run_in_virtual_time(scenario()).place.written == []


def test_discord_that_asks_to_wait_is_waited_for() -> None:
    class Busy(FakeText):
        def __init__(self) -> None:
            super().__init__()
            self.times: list[float] = []

        async def take_request(self) -> None:
            self.times.append(asyncio.get_running_loop().time())
            if 3 <= len(self.times) < 7:
                raise discord.HTTPException(response(429), "slow down")
            await super().take_request()

    async def scenario() -> tuple[list[str], list[float]]:
        place = Busy()
        story = Story(LONG, typed_question(place), place)
        assert await story.tell()
        return story.shown, place.times

    shown, times = run_in_virtual_time(scenario())
    assert shown == split_message(LONG)
    assert all(later - earlier >= 4.9 for earlier, later in pairwise(times[2:7]))


@given(st.lists(st.text(min_size=1, max_size=400), min_size=1, max_size=8), st.booleans(), st.integers(0, 2))
def test_whatever_is_written_the_chat_shows_it_in_the_end_as_if_it_had_been_posted_whole(
    pieces: list[str], is_said: bool, failures: int
) -> None:
    async def scenario() -> tuple[list[str], list[str]]:
        stories = []
        for is_live in (True, False):
            place = FakeText()
            question = said_question(place) if is_said else typed_question(place)
            story = Story("", question, place)
            story.words = pieces
            if is_live:
                place.fails_times = failures
                assert await story.tell()
            else:
                await story.write()
                assert await story.poster.post(story.text)
            stories.append(story.shown)
        return stories[0], stories[1]

    live, whole = run_in_virtual_time(scenario())
    assert live == whole
