import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.call.inbox import Offer
from assistant.call.message_intake import MessageIntake
from assistant.call.message_reader import MessageReader
from assistant.call.notices import Told
from assistant.call.said import Said
from assistant.call.seen_messages import SeenMessages
from assistant.call.usage_limits import UsageLimits
from assistant.config.settings import Settings
from assistant.discord_io import wording
from assistant.discord_io.heard_line import heard_line
from assistant.domain.call_snapshot import QuestionSnapshot
from assistant.reply.question import Question
from tests.support.fake_text import GUILD, FakeText, response
from tests.support.virtual_time import run_in_virtual_time

ROOM = 20
PICTURE = SimpleNamespace(filename="cat.png", content_type="image/png", description=None, size=9, url="")


SAID = Said(began_at=0.5, ended_at=1.0, committed=1.7, text="Is it late?", recognized=1.8)
SPEAKER: Any = SimpleNamespace(id=52, display_name="Cem: the 2nd", bot=False)


class FakeJournal:
    """Accepts each message once, after as long as the test says."""

    def __init__(self) -> None:
        self.seconds: dict[int, float] = {}
        self.accepted_elsewhere: set[int] = set()
        self.accepted: list[tuple[int, int, bool]] = []
        self.speakers: dict[int, int | None] = {}
        self.said: dict[int, str | None] = {}
        self.is_over = False

    async def accept(
        self,
        message_id: int,
        channel_id: int,
        *,
        is_answered: bool = False,
        speaker_id: int | None = None,
        said: str | None = None,
    ) -> bool:
        self.speakers[message_id], self.said[message_id] = speaker_id, said
        await asyncio.sleep(self.seconds.get(message_id, 0.0))
        if self.is_over or message_id in self.accepted_elsewhere:
            return False
        self.accepted.append((message_id, channel_id, is_answered))
        return True

    async def end(self) -> None:
        self.is_over = True


class FakeTurnLoop:
    """Keeps what it is offered, as far as there is room."""

    def __init__(self) -> None:
        self.room = ROOM
        self.refusal = Offer.FULL
        self.share = ROOM // 2
        self.questions: list[Question] = []
        self.forgotten: list[int] = []
        self.withdrawn: list[int] = []
        """For whom nothing is begun any more."""
        self.begun = ""
        """What was begun to be answered."""

    def is_begun(self, question: Question) -> bool:
        return question.text == self.begun

    def withdraw(self, user_id: int) -> None:
        self.withdrawn.append(user_id)

    def offer(self, question: Question) -> Offer:
        if len(self.questions) >= self.room:
            return self.refusal
        self.questions.append(question)
        return Offer.TAKEN

    def put_back(self, question: Question) -> None:
        self.questions.append(question)

    async def change(self, change: Callable[[Question], Question | None]) -> None:
        for number, question in reversed([*enumerate(self.questions)]):
            if (changed := change(question)) is None:
                await self.close_question(self.questions.pop(number).id)
            else:
                self.questions[number] = changed

    async def close_question(self, message_id: int) -> None:
        await asyncio.sleep(0)
        self.forgotten.append(message_id)


class FakeNotices:
    """Keeps what members are told, and of which message."""

    def __init__(self) -> None:
        self.told: list[tuple[int, str]] = []
        self.once: list[str] = []

    def tell(self, message: Any, place: object, told: Told, *, member_id: int) -> bool:
        assert message is None or message.channel is place
        assert message is None or member_id in (SPEAKER.id, message.author.id)
        self.told.append((0 if message is None else message.id, told.text))
        self.once += [told.text] if told.once else []
        return True


class Desk:
    """An intake and all that it touches. The call began with snowflake 10."""

    def __init__(
        self, newest: dict[int, int] | None = None, *, is_open: bool = True, most_in_a_minute: int = 0
    ) -> None:
        self.place = FakeText(3)
        self.places: list[FakeText] = [self.place]
        self.journal = FakeJournal()
        self.turn_loop = FakeTurnLoop()
        self.voice = SimpleNamespace(id=9, guild=GUILD)
        context = SimpleNamespace(
            guild_id=5, text=self.place, places=self.places, journal=self.journal, voice=self.voice, reads_all=True
        )
        seen = SeenMessages(10, newest or {})
        self.notices = FakeNotices()
        settings = Settings(discord_token="", member_messages_per_minute=most_in_a_minute)
        self.intake = MessageIntake(
            cast(Any, context),
            cast(Any, self.turn_loop),
            seen,
            cast(Any, self.notices),
            UsageLimits(settings),
            reader=MessageReader(cast(Any, context)),
            inbox_size=ROOM,
        )
        if is_open:
            self.intake.open()

    @property
    def taken(self) -> list[int]:
        return [question.id for question in self.turn_loop.questions]

    @property
    def written(self) -> list[str]:
        return [text for _, _, text, _ in self.place.written]


def accepted(message_id: int, channel_id: int = 3, **how_far: Any) -> QuestionSnapshot:
    return QuestionSnapshot(message_id=message_id, channel_id=channel_id, **how_far)


async def test_a_message_becomes_a_question() -> None:
    desk = Desk()
    assert await desk.intake.accept(desk.place.somebody_types(11, " Where? "))
    (question,) = desk.turn_loop.questions
    assert (question.author, question.text, question.place) == ("Ada", "Where?", desk.place)
    assert desk.journal.accepted == [(11, 3, False)]
    assert desk.written == []


@given(st.lists(st.floats(0, 10), min_size=1, max_size=8), st.floats(0, 3))
def test_order_is_kept_however_long_it_takes_to_accept_a_message(seconds: list[float], pause: float) -> None:
    async def main() -> list[int]:
        desk = Desk()
        desk.journal.seconds = dict(enumerate(seconds, 11))
        async with asyncio.TaskGroup() as tasks:
            for number in desk.journal.seconds:
                tasks.create_task(desk.intake.accept(desk.place.somebody_types(number)))
                await asyncio.sleep(pause)
        return desk.taken

    assert run_in_virtual_time(main()) == list(range(11, 11 + len(seconds)))


@given(st.lists(st.floats(0, 3), min_size=1, max_size=8), st.floats(0, 10), st.floats(0, 1))
def test_no_message_is_lost_between_its_coming_and_the_end_of_the_call(
    seconds: list[float], end_after: float, pause: float
) -> None:
    async def main() -> list[int]:
        desk = Desk()
        desk.journal.seconds = dict(enumerate(seconds, 11))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_end_after(desk, end_after))
            for number in desk.journal.seconds:
                tasks.create_task(desk.intake.accept(desk.place.somebody_types(number)))
                await asyncio.sleep(pause)
        return desk.taken

    assert run_in_virtual_time(main()) == list(range(11, 11 + len(seconds)))


async def _end_after(desk: Desk, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await desk.intake.end()


async def test_of_very_many_that_were_typed_meanwhile_the_rest_is_told_once_with_its_number() -> None:
    desk = Desk()
    desk.turn_loop.room = 1000
    quiet = FakeText(4)
    desk.places.append(quiet)
    for number in range(11, 11 + 57):
        desk.place.somebody_types(number)
        desk.place.somebody_types(number + 1000, is_bot=True)
    quiet.somebody_types(500)
    await desk.intake.catch_up()
    assert desk.taken == [*range(11, 61), 500]
    assert desk.written == [wording.missed_too_many(7)]
    assert "7 more messages" in desk.written[0]
    assert desk.journal.accepted[-1] == (67, 3, True), "the next process begins after it"
    await desk.intake.catch_up()
    assert len(desk.written) == 1
    assert quiet.written == []


def test_the_end_waits_for_one_message_at_most_however_many_come() -> None:
    async def main() -> float:
        desk = Desk()
        desk.journal.seconds = dict.fromkeys(range(11, 20), 3.0)
        async with asyncio.TaskGroup() as tasks:
            for number in desk.journal.seconds:
                tasks.create_task(desk.intake.accept(desk.place.somebody_types(number)))
            await asyncio.sleep(1)
            began = asyncio.get_running_loop().time()
            await desk.intake.end()
            return asyncio.get_running_loop().time() - began

    assert run_in_virtual_time(main()) == pytest.approx(2.0)


def test_what_comes_before_it_is_opened_waits_for_that() -> None:
    async def main() -> None:
        desk = Desk(is_open=False)
        hearing = [asyncio.ensure_future(desk.intake.accept(desk.place.somebody_types(number))) for number in (11, 12)]
        catching_up = asyncio.ensure_future(desk.intake.catch_up())
        await asyncio.sleep(100)
        assert desk.journal.accepted == []
        desk.intake.open()
        await asyncio.gather(*hearing, catching_up)
        assert desk.taken == [11, 12]

    run_in_virtual_time(main())


async def test_bots_and_what_nobody_typed_are_left_out_and_so_are_other_channels() -> None:
    desk = Desk()
    assert not await desk.intake.accept(desk.place.somebody_types(11, is_bot=True))
    assert not await desk.intake.accept(desk.place.somebody_types(12, kind=discord.MessageType.pins_add))
    assert not await desk.intake.accept(FakeText(4).somebody_types(13))
    assert await desk.intake.accept(desk.place.somebody_types(14, kind=discord.MessageType.reply))
    assert desk.taken == [14]
    assert desk.journal.accepted == [(14, 3, False)]
    assert desk.written == []


async def test_a_message_that_another_process_accepted_is_neither_taken_nor_answered() -> None:
    desk = Desk()
    desk.journal.accepted_elsewhere = {11, 12}
    assert not await desk.intake.accept(desk.place.somebody_types(11))
    assert not await desk.intake.accept(desk.place.somebody_types(12, "  "))
    assert desk.taken == []
    assert desk.notices.told == []
    assert desk.turn_loop.forgotten == []


async def test_a_message_without_words_is_told_so_and_is_done_with() -> None:
    desk = Desk()
    assert await desk.intake.accept(desk.place.somebody_types(11, " \n", attachments=[PICTURE]))
    assert desk.journal.accepted == [(11, 3, True)]
    assert desk.notices.told == [(11, wording.NO_WORDS)]
    assert desk.taken == []


@pytest.mark.parametrize(
    ("refusal", "told"),
    [(Offer.FULL, wording.inbox_full(ROOM)), (Offer.SHARE_USED, wording.share_used(ROOM // 2))],
)
async def test_a_message_for_which_there_is_no_room_is_told_so_and_forgotten(refusal: Offer, told: str) -> None:
    desk = Desk()
    desk.turn_loop.room = 1
    desk.turn_loop.refusal = refusal
    await desk.intake.accept(desk.place.somebody_types(11))
    assert await desk.intake.accept(desk.place.somebody_types(12))
    assert desk.taken == [11]
    assert desk.turn_loop.forgotten == [12]
    assert desk.notices.told == [(12, told)]


async def test_beyond_the_limit_of_a_minute_nothing_is_taken_and_the_author_is_told_once() -> None:
    desk = Desk(most_in_a_minute=2)
    for number in range(11, 16):
        await desk.intake.accept(desk.place.somebody_types(number))
    await desk.intake.accept(desk.place.somebody_types(16, author_id=51))
    assert desk.taken == [11, 12, 16]
    assert desk.turn_loop.forgotten == [13, 14, 15]
    (text,) = {text for _, text in desk.notices.told}
    assert "again <t:" in text
    assert set(desk.notices.once) == {text}


async def test_a_message_that_is_deleted_while_it_waits_is_not_answered() -> None:
    desk = Desk()
    for number in (11, 12, 13, 14):
        await desk.intake.accept(desk.place.somebody_types(number))
    await desk.intake.messages_deleted({12, 14})
    assert desk.taken == [11, 13]
    assert sorted(desk.turn_loop.forgotten) == [12, 14]


async def test_what_was_typed_in_a_channel_that_is_deleted_is_not_answered() -> None:
    desk = Desk()
    other = FakeText(4)
    desk.places.append(other)
    for number, place in ((11, desk.place), (12, other)):
        await desk.intake.accept(place.somebody_types(number))
    await desk.intake.place_deleted(4)
    assert desk.taken == [11]


async def test_a_message_that_is_edited_while_it_waits_is_answered_as_edited() -> None:
    desk = Desk()
    for number in (11, 12):
        await desk.intake.accept(desk.place.somebody_types(number))
    await desk.intake.message_edited(desk.place.somebody_types(12, "Now? ", edited_at="now"))
    assert [question.text for question in desk.turn_loop.questions] == ["question 11", "Now?"]
    await desk.intake.message_edited(desk.place.somebody_types(12, "a link was looked at"))
    await desk.intake.message_edited(desk.place.somebody_types(11, "", edited_at="now"))
    assert [question.text for question in desk.turn_loop.questions] == ["Now?"]
    assert desk.turn_loop.forgotten == [11]


@pytest.mark.parametrize("change", ["delete", "edit", "empty"])
def test_what_becomes_of_a_message_while_it_is_accepted_counts_too(change: str) -> None:
    async def main() -> None:
        desk = Desk()
        desk.journal.seconds = {11: 2.0}
        accepting = asyncio.ensure_future(desk.intake.accept(desk.place.somebody_types(11)))
        await asyncio.sleep(1)
        if change == "delete":
            await desk.intake.messages_deleted({11})
        else:
            text = "Now?" if change == "edit" else ""
            await desk.intake.message_edited(desk.place.somebody_types(11, text, edited_at="now"))
        assert await accepting
        assert [question.text for question in desk.turn_loop.questions] == (["Now?"] if change == "edit" else [])
        assert desk.turn_loop.forgotten == ([] if change == "edit" else [11])
        assert desk.notices.told == []

    run_in_virtual_time(main())


async def test_what_became_of_waiting_messages_during_an_outage_is_found_out() -> None:
    desk = Desk()
    messages = {number: desk.place.somebody_types(number) for number in (11, 12, 13)}
    for message in messages.values():
        await desk.intake.accept(message)
    desk.intake.gateway_connected()
    desk.place.deleted.add(12)
    messages[13].clean_content, messages[13].edited_at = "Now?", "now"
    await desk.intake.catch_up()
    assert [question.text for question in desk.turn_loop.questions] == ["question 11", "Now?"]
    assert desk.turn_loop.forgotten == [12]


async def test_a_message_that_is_delivered_twice_is_taken_once() -> None:
    desk = Desk()
    message = desk.place.somebody_types(11)
    assert await desk.intake.accept(message)
    assert not await desk.intake.accept(message)
    await desk.intake.catch_up()
    assert desk.taken == [11]


async def test_what_was_typed_during_an_outage_is_caught_up_with_in_order() -> None:
    desk = Desk()
    await desk.intake.accept(desk.place.somebody_types(11))
    desk.intake.gateway_connected()
    desk.place.somebody_types(12)
    desk.place.somebody_types(13, is_bot=True)
    desk.place.somebody_types(14)
    await desk.intake.catch_up()
    assert desk.taken == [11, 12, 14]


async def test_what_is_typed_after_an_outage_waits_for_what_was_typed_during_it() -> None:
    desk = Desk()
    desk.intake.gateway_connected()
    desk.place.somebody_types(11)
    hearing = asyncio.ensure_future(desk.intake.accept(desk.place.somebody_types(12)))
    await asyncio.sleep(0)
    assert desk.taken == []
    await desk.intake.catch_up()
    await hearing
    assert desk.taken == [11, 12]


async def test_a_call_that_is_suspended_before_it_has_caught_up_leaves_what_comes_to_the_next_process() -> None:
    desk = Desk(is_open=False)
    hearing = asyncio.ensure_future(desk.intake.accept(desk.place.somebody_types(12)))
    await asyncio.sleep(0)
    desk.intake.suspend()
    desk.intake.close()
    assert not await hearing
    assert desk.journal.accepted == []
    assert desk.written == []


async def test_what_an_earlier_process_accepted_comes_first_then_what_was_typed_since() -> None:
    desk = Desk({3: 12}, is_open=False)
    for number in (11, 12, 13, 14):
        desk.place.somebody_types(number)
    first = accepted(11, reply="Here.", heard=2)
    await desk.intake.restore([first, accepted(12)])
    assert desk.taken == [11, 12, 13, 14]
    assert [question.snapshot for question in desk.turn_loop.questions] == [first, accepted(12), None, None]
    assert [message_id for message_id, *_ in desk.journal.accepted] == [13, 14]
    assert await desk.intake.accept(desk.place.somebody_types(15)), "it is open"


async def test_what_an_earlier_process_accepted_is_put_back_whether_or_not_there_is_room() -> None:
    desk = Desk({3: 12}, is_open=False)
    desk.turn_loop.room = 0
    for number in (11, 12):
        desk.place.somebody_types(number)
    await desk.intake.restore([accepted(11), accepted(12)])
    assert desk.taken == [11, 12]


async def test_a_question_that_was_asked_with_the_command_is_taken_up_again_as_the_askers() -> None:
    desk = Desk({3: 12}, is_open=False)
    metadata = SimpleNamespace(user=SimpleNamespace(id=51, display_name="Ben"))
    ours: dict[str, Any] = {"is_bot": True, "author_id": 1, "interaction_metadata": metadata}
    for number in (11, 13):
        desk.place.somebody_types(number, wording.asked("Ben", f"Tea {number}?"), **ours)
    desk.place.somebody_types(14, "an answer of ours", is_bot=True, author_id=1)
    await desk.intake.restore([accepted(11)])
    asked = [(question.author, question.text, question.asker.id) for question in desk.turn_loop.questions]
    assert asked == [("Ben", "Tea 11?", 51), ("Ben", "Tea 13?", 51)]


def said(desk: Desk, message_id: int, text: str) -> discord.Message:
    """What we have written down for somebody who spoke."""
    shown = heard_line(SPEAKER.display_name, text)
    return cast(discord.Message, desk.place.somebody_types(message_id, shown, is_bot=True, author_id=1))


async def test_what_is_said_becomes_a_question_of_who_said_it() -> None:
    desk = Desk()
    message = said(desk, 11, "Is it late?\nVery: late?")
    assert not await desk.intake.accept(message), "our own message, as Discord tells of it, is nobody's question"
    await desk.intake.accept_spoken(SPEAKER, replace(SAID, text="Is it late?\nVery: late?"), message)
    (question,) = desk.turn_loop.questions
    assert (question.author, question.text, question.asker) == ("Cem: the 2nd", "Is it late? Very: late?", SPEAKER)
    assert (question.received, question.recognized, question.committed) == (1.0, 1.8, 1.7), "for its trace"
    assert question.is_spoken
    assert (desk.journal.speakers[11], desk.journal.said[11]) == (SPEAKER.id, None)


async def test_what_is_not_to_be_seen_in_the_chat_is_a_question_without_a_message_that_the_next_process_takes_up() -> (
    None
):
    desk = Desk()
    question_id = await desk.intake.accept_spoken(SPEAKER, SAID, None)
    (question,) = desk.turn_loop.questions
    assert (question.id, question.message, question.text) == (question_id, None, "Is it late?")
    assert abs(discord.utils.snowflake_time(question_id) - discord.utils.utcnow()) < timedelta(seconds=10)
    assert (desk.journal.speakers[question_id], desk.journal.said[question_id]) == (SPEAKER.id, "Is it late?")
    await desk.intake.place_deleted(3)
    await desk.intake.messages_deleted([11])
    await desk.intake.catch_up()
    assert desk.taken == [question_id], "it was not typed there"
    assert await desk.intake.accept_spoken(SPEAKER, SAID, None) != question_id
    following = Desk(is_open=False)
    cast(Any, following.place).guild = SimpleNamespace(**{**GUILD.__dict__, "get_member": {SPEAKER.id: SPEAKER}.get})
    snapshot = accepted(question_id, speaker_id=SPEAKER.id, said="Is it late?")
    await following.intake.restore([snapshot])
    (again,) = following.turn_loop.questions
    assert again == replace(
        question, place=following.place, snapshot=snapshot, received=again.received, recognized=None, committed=None
    )


async def test_who_says_what_is_not_to_be_seen_and_finds_no_room_is_told_so() -> None:
    desk = Desk()
    desk.turn_loop.room = 0
    question_id = await desk.intake.accept_spoken(SPEAKER, SAID, None)
    assert desk.notices.told == [(0, wording.inbox_full(ROOM))]
    assert desk.turn_loop.forgotten == [question_id]


async def test_what_is_said_is_taken_once_by_one_process() -> None:
    desk = Desk()
    desk.journal.accepted_elsewhere.add(11)
    await desk.intake.accept_spoken(SPEAKER, SAID, said(desk, 11, "Is it late?"))
    assert desk.taken == []


async def test_who_says_something_for_which_there_is_no_room_is_told_so() -> None:
    desk = Desk()
    desk.turn_loop.room = 0
    await desk.intake.accept_spoken(SPEAKER, SAID, said(desk, 11, "Is it late?"))
    assert desk.notices.told == [(11, wording.inbox_full(ROOM))]
    assert desk.turn_loop.forgotten == [11]


async def test_what_is_answered_already_is_taken_though_that_has_used_up_what_its_speaker_may_have() -> None:
    desk = Desk(most_in_a_minute=1)
    await desk.intake.accept_spoken(SPEAKER, SAID, said(desk, 11, "Is it late?"))
    desk.turn_loop.begun = "Is it late?"
    await desk.intake.accept_spoken(SPEAKER, SAID, said(desk, 12, "Is it late?"))
    desk.turn_loop.begun = "Is it late in Rome?"
    await desk.intake.accept_spoken(SPEAKER, SAID, said(desk, 13, "Is it late?"))
    assert (desk.taken, desk.turn_loop.withdrawn) == ([11, 12], [SPEAKER.id])


async def test_what_was_said_to_an_earlier_process_is_taken_up_again_as_the_speakers() -> None:
    desk = Desk({3: 12}, is_open=False)
    cast(Any, desk.place).guild = SimpleNamespace(**{**GUILD.__dict__, "get_member": {SPEAKER.id: SPEAKER}.get})
    said(desk, 11, "Is it late?")
    said(desk, 13, "This one was never accepted.")
    await desk.intake.restore([accepted(11, speaker_id=SPEAKER.id)])
    (question,) = desk.turn_loop.questions
    assert (question.text, question.asker, question.is_spoken) == ("Is it late?", SPEAKER, True)


async def test_what_somebody_has_said_who_is_gone_is_forgotten() -> None:
    desk = Desk({3: 12}, is_open=False)

    async def fetch_member(_: int) -> object:
        raise discord.NotFound(response(404), "gone")

    cast(Any, desk.place).guild = SimpleNamespace(**{**GUILD.__dict__, "fetch_member": fetch_member})
    said(desk, 11, "Is it late?")
    await desk.intake.restore([accepted(11, speaker_id=SPEAKER.id)])
    assert (desk.taken, desk.turn_loop.forgotten) == ([], [11])


async def test_what_was_said_and_waits_is_not_answered_once_its_message_is_deleted() -> None:
    desk = Desk()
    message = said(desk, 11, "Is it late?")
    await desk.intake.accept_spoken(SPEAKER, SAID, message)
    cast(Any, message).edited_at = "now"
    await desk.intake.message_edited(message)
    assert desk.taken == [11], "an edit of our own changes nothing of what was said"
    await desk.intake.messages_deleted([11])
    assert desk.taken == []


async def test_what_was_said_is_not_answered_where_its_message_is_deleted_before_it_is_accepted() -> None:
    desk = Desk()
    message = said(desk, 11, "Is it late?")
    await desk.intake.messages_deleted([11])
    await desk.intake.accept_spoken(SPEAKER, SAID, message)
    assert (desk.taken, desk.turn_loop.forgotten, desk.notices.told) == ([], [11], [])


async def test_a_message_that_becomes_a_command_of_another_bot_while_it_waits_is_left_to_that() -> None:
    desk = Desk()
    await desk.intake.accept(desk.place.somebody_types(11))
    await desk.intake.message_edited(desk.place.somebody_types(11, "!play", edited_at="now"))
    assert desk.turn_loop.forgotten == [11]


@pytest.mark.parametrize("is_gone", ["message", "channel"])
async def test_a_question_that_cannot_be_read_again_is_forgotten(is_gone: str) -> None:
    desk = Desk({3: 12}, is_open=False)
    for number in (11, 12, 13):
        desk.place.somebody_types(number)
    if is_gone == "message":
        desk.place.deleted.add(11)
    await desk.intake.restore([accepted(11, 3 if is_gone == "message" else 4), accepted(12)])
    assert desk.taken == [12, 13]
    assert desk.turn_loop.forgotten == [11]
    assert desk.written == [], "nobody waits for it"


async def test_a_question_that_discord_does_not_give_again_is_forgotten_and_people_are_told() -> None:
    desk = Desk({3: 12}, is_open=False)

    async def fetch_message(_: int) -> object:
        raise OSError

    cast(Any, desk.place).fetch_message = fetch_message
    desk.place.somebody_types(13)
    await desk.intake.restore([accepted(11), accepted(12)])
    assert desk.taken == [13]
    assert desk.turn_loop.forgotten == [11, 12]
    assert desk.written == [wording.NOT_READ_AGAIN], "once, however many there are"


@given(st.data())
def test_each_is_taken_once_whatever_is_deleted_or_delivered_while_a_call_is_taken_up(data: st.DataObject) -> None:
    def some(numbers: Sequence[int]) -> list[int]:
        return sorted(data.draw(st.sets(st.sampled_from(numbers)))) if numbers else []

    all_of_them = list(range(11, 11 + data.draw(st.integers(1, 8))))
    count = data.draw(st.integers(0, len(all_of_them)))
    waiting, since = some(all_of_them[:count]), all_of_them[count:]
    deleted, delivered = set(some(all_of_them)), some(all_of_them)
    seconds = {number: data.draw(st.floats(0, 3)) for number in since}
    moments = {number: data.draw(st.floats(0, 5)) for number in delivered}

    async def main() -> None:
        desk = Desk({3: all_of_them[count - 1]} if count else {}, is_open=False)
        desk.journal.seconds = seconds
        messages = {number: desk.place.somebody_types(number) for number in all_of_them}
        desk.place.deleted = deleted

        async def deliver(number: int) -> None:
            await asyncio.sleep(moments[number])
            await desk.intake.accept(messages[number])

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(desk.intake.restore([accepted(number) for number in waiting]))
            for number in delivered:
                tasks.create_task(deliver(number))
        expected = [number for number in waiting if number not in deleted]
        expected += [number for number in since if number not in deleted or number in delivered]
        assert sorted(desk.taken) == expected, "the earlier process's are older, too"
        stood = [number for number in desk.taken if number not in deleted]
        assert stood == sorted(stood), "what was typed first is answered first"
        assert desk.turn_loop.forgotten == [number for number in waiting if number in deleted]

    run_in_virtual_time(main())


async def test_a_place_that_cannot_be_read_keeps_nothing_from_being_opened() -> None:
    desk = Desk({3: 12}, is_open=False)

    class Unreadable(FakeText):
        def history(self, **_: object) -> Any:
            raise OSError

    desk.places.insert(0, Unreadable(4))
    desk.place.somebody_types(13)
    await desk.intake.restore([])
    assert desk.taken == [13]
    assert await desk.intake.accept(desk.place.somebody_types(14))
