import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.discord_io import wording
from assistant.reply.reply_poster import ReplyPoster
from tests.support.asked_questions import typed_question
from tests.support.fake_text import FakeText
from tests.support.virtual_time import run_in_virtual_time

LONG = "word " * 5000
"""As long as an answer may be that takes more than ten posts."""


async def names_of_posts(message_id: int, text: str, apology: str) -> list[str]:
    """Under which names an answer and its apology are posted."""
    place = FakeText()
    await ReplyPoster(typed_question(place, message_id)).post(text, apology)
    return [options["nonce"] for options in place.options]


@given(st.integers(1, 2**64 - 1), st.sampled_from(["", "Sorry.", LONG]))
def test_each_part_of_an_answer_and_its_apology_has_a_name_of_its_own_that_discord_takes(
    message_id: int, apology: str
) -> None:
    names = run_in_virtual_time(names_of_posts(message_id, LONG, apology))
    assert len(names) > 10
    assert len(set(names)) == len(names)
    assert all(0 < len(name) <= 25 for name in names)


@given(st.lists(st.integers(2**62, 2**62 + 300), min_size=2, max_size=2, unique=True))
def test_answers_to_different_messages_have_different_names(message_ids: list[int]) -> None:
    first, second = (run_in_virtual_time(names_of_posts(message_id, LONG, "Sorry.")) for message_id in message_ids)
    assert not set(first) & set(second)


def poster_in(place: FakeText, *elsewhere: FakeText) -> ReplyPoster:
    return ReplyPoster(typed_question(place), elsewhere)


def contents(place: FakeText) -> list[str]:
    return [content for _, _, content, _ in place.written]


async def test_a_reply_that_may_not_stand_where_it_was_asked_for_stands_in_the_other_place() -> None:
    place, elsewhere = FakeText(3), FakeText(4)
    place.may_send = False
    assert await poster_in(place, elsewhere).post("Hello.", "Sorry.")
    assert contents(elsewhere) == [f"{wording.answered_elsewhere('<#3>')}\nHello.", "Sorry."]
    assert [options["nonce"] for options in elsewhere.options] == ["7~-0", "7:-0"]
    assert all("reference" not in options for options in elsewhere.options)


async def test_a_reply_that_stands_nowhere_is_not_said_to_be_posted() -> None:
    place, elsewhere = FakeText(3), FakeText(4)
    place.may_send = elsewhere.may_send = False
    assert not await poster_in(place, elsewhere).post("Hello.")


def test_a_reply_that_discord_failed_to_take_is_told_and_the_other_place_is_not_waited_for() -> None:
    place, elsewhere = FakeText(3), FakeText(4)
    place.fails_times = 3
    assert not run_in_virtual_time(poster_in(place, elsewhere).post("Hello."))
    assert contents(place) == [wording.NOT_POSTED]
    assert contents(elsewhere) == []


class InterruptedText(FakeText):
    """A channel in which somebody stops the reply as soon as its first post is seen."""

    poster: ReplyPoster

    async def send(self, content: Any = None, **options: Any) -> Any:
        sent = await super().send(content, **options)
        self.poster.stop()
        return sent


async def test_a_stopped_reply_is_not_posted_further() -> None:
    place = InterruptedText()
    place.poster = poster_in(place)
    assert await place.poster.post(LONG, "Sorry.")
    assert len(place.written) == 1


@given(st.text(max_size=300).map(lambda text: text * 40))
def test_the_beginning_of_a_stopped_reply_is_one_post(text: str) -> None:
    place = FakeText()
    poster = poster_in(place)
    assert run_in_virtual_time(poster.post_beginning(text, wording.interrupted("Ben")))
    (content,) = contents(place)
    assert content.endswith(wording.interrupted("Ben"))
    assert len(content.encode("utf-16-le", "surrogatepass")) <= 4000


class HangingText(FakeText):
    """A channel in which nothing ever comes of a post."""

    async def send(self, content: Any = None, **options: Any) -> Any:
        await asyncio.Event().wait()


@pytest.mark.parametrize("is_beginning", [False, True])
def test_a_reply_of_whose_post_nothing_comes_is_given_up(is_beginning: bool) -> None:
    async def scenario() -> tuple[bool, float]:
        poster = poster_in(HangingText(3))
        posted = await (poster.post_beginning("Hello.", "…") if is_beginning else poster.post("Hello.", "Sorry."))
        return posted, asyncio.get_running_loop().time()

    posted, seconds = run_in_virtual_time(scenario())
    assert not posted
    assert 60 < seconds < 200
