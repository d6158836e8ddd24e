import asyncio
import gc
import weakref
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Unpack, cast, get_args

import discord
import pytest

from assistant.audio.frame_clock import FrameClock
from assistant.audio.opus import SILENCE
from assistant.audio.player import Player
from assistant.audio.track import Utterance
from assistant.discord_io import wording
from assistant.domain.call_snapshot import QuestionChanges, QuestionSnapshot
from assistant.domain.preferences import DuringSpeech
from assistant.domain.turn_outcome import TurnOutcome
from assistant.llm.chat_message import ChatMessage
from assistant.preferences.reply_options import ReplyOptions
from assistant.reply.draft import PIECE_CHARACTERS, ReplyDraft
from assistant.reply.history import NOTHING_SAID, Conversation
from assistant.reply.post_queue import PostQueue
from assistant.reply.question import Question
from assistant.reply.turn import Turn
from assistant.telemetry.turn_trace import TurnTrace
from assistant.text.pipeline import TextPipeline
from assistant.text.sentence import Sentence
from tests.support.eventually import eventually
from tests.support.fake_line import FakeLine
from tests.support.fake_pacing import FakePacing
from tests.support.fake_text import response

REPLY = "One is here. Two is there. Three is nowhere."
CUE = (b"\x01cue", b"\x02cue")


class Written:
    """A post in a channel."""

    def __init__(self, written: list[str], content: str) -> None:
        self.id = 100 + len(written)
        self.content = content
        self._written = written
        self._number = len(written)
        written.append(content)

    async def edit(self, *, content: str, **_: object) -> None:
        self._written[self._number] = content


class FakeMessage:
    """The question's."""

    id = 7
    content = "🗣️ Ada: Where?"

    async def edit(self, *, content: str, **_: object) -> None:
        self.content = content


class FakePlace:
    """A channel that keeps what is written in it."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.names: list[object] = []
        self.guild = SimpleNamespace(me=None)
        self.id = 3
        self.mention = "<#3>"
        self.error: Exception | None = None
        self.is_open = asyncio.Event()
        self.is_open.set()
        self.waiting = 0

    def permissions_for(self, _: object) -> object:
        return SimpleNamespace(read_message_history=False, attach_files=False)

    async def send(self, text: str, **options: object) -> Written:
        if self.error is not None:
            raise self.error
        self.waiting += 1
        await self.is_open.wait()
        self.waiting -= 1
        self.names.append(options.get("nonce"))
        return Written(self.written, text)

    async def trigger_typing(self) -> None:
        """Nobody looks."""


class FakeModel:
    """Writes its reply word by word, and stops where the test says."""

    def __init__(self) -> None:
        self.stops_before, self.stops_for = "nothing", 60.0
        self.text = REPLY
        self.seconds = 0.0
        """How long it thinks."""
        self.is_writing = False

    async def reply(self, _: object) -> AsyncIterator[str]:
        self.is_writing = True
        try:
            await asyncio.sleep(self.seconds)
            for word in self.text.split():
                if word == self.stops_before:
                    await asyncio.sleep(self.stops_for)
                yield f"{word} "
        finally:
            self.is_writing = False


class LetterSynthesizer:
    """Speaks a letter a frame."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.warmed: list[str] = []

    def warm(self, language: str, _preferred: object) -> None:
        self.warmed.append(language)

    async def speak(self, sentence: Sentence, folder: Path, sink: Utterance, wish: object) -> None:
        if self.error is not None:
            raise self.error
        for letter in sentence.said:
            sink.append(letter.encode())


class FakeJournal:
    """Keeps what a turn records of its question."""

    def __init__(self) -> None:
        self.changes: list[QuestionChanges] = []

    async def update_question(self, message_id: int, **changes: Unpack[QuestionChanges]) -> None:
        self.changes.append(changes)


class Stage:
    """A turn and all that it touches."""

    def __init__(
        self,
        clock: FrameClock,
        folder: Path,
        posts: PostQueue,
        *,
        during_speech: DuringSpeech = "queue",
        snapshot: QuestionSnapshot | None = None,
        is_spoken: bool = False,
        spoken_seconds: int = 0,
    ) -> None:
        self.model = FakeModel()
        self.line = FakeLine()
        self.place = FakePlace()
        self.elsewhere = FakePlace()
        self.synthesizer = LetterSynthesizer()
        self.conversation = Conversation("prompt")
        self.folder = folder
        self.journal = FakeJournal()
        self.posts = posts
        question = Question(
            id=7,
            author="Ada",
            text="Where?",
            message=cast(Any, FakeMessage()),
            place=cast(Any, self.place),
            asker=cast(Any, SimpleNamespace(id=50)),
            snapshot=snapshot,
            is_spoken=is_spoken,
        )
        self.draft = ReplyDraft(
            self.messages,
            model=cast(Any, self.model),
            pipeline=TextPipeline(lambda _: "en", PIECE_CHARACTERS),
            synthesizer=cast(Any, self.synthesizer),
            options=ReplyOptions(during_speech=during_speech, spoken_seconds=spoken_seconds),
            folder=folder,
            trace=TurnTrace(received=question.received),
            snapshot=snapshot,
        )
        self.turn = Turn(
            question,
            self.draft,
            player=Player(clock, self.line),
            conversation=self.conversation,
            journal=cast(Any, self.journal),
            posts=posts,
            elsewhere=[cast(Any, self.elsewhere)],
            thinking_sound=CUE,
        )

    async def messages(self) -> list[ChatMessage]:
        """What the model is sent."""
        self.warmed_before = [*self.synthesizer.warmed]
        return []

    async def run(self) -> None:
        """The turn, and what is posted after it."""
        await self.turn.run()
        await self.posts.finish(30)
        await self.turn.note_missing_speech()

    @property
    def heard(self) -> str:
        return b"".join(frame for frame in self.line.sent if frame != SILENCE).decode()

    @property
    def remembered(self) -> list[str]:
        return [turn.reply for turn in self.conversation.turns]


@pytest.fixture
async def posts() -> AsyncIterator[PostQueue]:
    async with PostQueue() as queue:
        yield queue


@pytest.fixture
async def stage(tmp_path: Path, posts: PostQueue) -> AsyncIterator[Stage]:
    with FrameClock(FakePacing()) as clock:
        yield Stage(clock, tmp_path, posts)


async def test_a_turn_is_remembered_whole_and_once_it_has_ended(stage: Stage) -> None:
    running = asyncio.ensure_future(stage.run())
    await eventually(lambda: stage.heard)
    assert stage.remembered == []
    await running
    assert stage.heard == REPLY.replace(". ", ".")
    assert stage.remembered == [REPLY]
    assert stage.place.written == [REPLY]
    assert stage.turn.outcome is TurnOutcome.ANSWERED


async def test_nothing_of_a_turn_waits_for_the_garbage_collector(tmp_path: Path, posts: PostQueue) -> None:
    with FrameClock(FakePacing()) as clock:
        stage = Stage(clock, tmp_path, posts)
        await stage.run()
        assert stage.heard
        kept = [weakref.ref(each) for each in (stage.turn, stage.draft, stage.turn.track)]
        gc.disable()
        try:
            del stage.turn, stage.draft
            await asyncio.sleep(0)
            assert [each() for each in kept] == [None, None, None]
        finally:
            gc.enable()


async def test_a_question_that_is_asked_and_answered_as_before_is_remembered_again(stage: Stage) -> None:
    stage.conversation.remember("Ada", "Where?", REPLY)
    await stage.run()
    assert stage.remembered == [REPLY, REPLY]


async def test_a_token_of_the_model_s_template_is_neither_said_nor_posted_nor_remembered(stage: Stage) -> None:
    stage.model.text = "<|im_start|>assistant Good morning.<|im_end|>"
    await stage.run()
    assert stage.heard == "Good morning."
    assert stage.place.written == ["Good morning."]
    assert stage.remembered[-1] == "Good morning."


async def test_speech_gets_ready_while_the_model_thinks(stage: Stage) -> None:
    await stage.run()
    assert stage.warmed_before == stage.synthesizer.warmed == ["en"]


async def test_a_turn_that_has_ended_cannot_be_skipped(stage: Stage) -> None:
    await stage.run()
    assert not stage.turn.skip("Ben")
    assert stage.remembered == [REPLY]


async def test_a_skipped_turn_holds_what_was_heard(stage: Stage) -> None:
    running = asyncio.ensure_future(stage.run())
    await eventually(lambda: len(stage.heard) > 15)
    assert stage.turn.skip("Ben")
    await running
    assert len(stage.heard) < 30
    assert stage.remembered[0].startswith("One is here.")
    assert stage.remembered[0].endswith(" … (interrupted)")
    assert stage.turn.outcome is TurnOutcome.SKIPPED
    assert stage.place.written == [REPLY]
    assert not list(stage.folder.iterdir())


async def test_a_skip_ends_the_writing_once_and_nothing_is_posted_of_it(stage: Stage) -> None:
    stage.model.stops_before = "Three"
    running = asyncio.ensure_future(stage.run())
    await eventually(lambda: stage.heard)
    assert stage.turn.skip("Ben")
    assert not stage.turn.skip("Ada"), "it was skipped by Ben"
    await running
    assert not stage.model.is_writing
    assert stage.place.written == []
    assert stage.turn.is_answered
    assert stage.turn.outcome is TurnOutcome.SKIPPED


async def test_the_text_is_in_the_chat_with_its_first_sound_and_a_skip_leaves_it_as_it_is(stage: Stage) -> None:
    stage.model.stops_before = "nowhere."
    running = asyncio.ensure_future(stage.run())
    await eventually(lambda: stage.place.written)
    assert stage.place.written == ["One is here. Two is there. Three is"]
    assert not stage.turn.is_posting, "it is not written"
    assert not stage.turn.withdraw()
    assert stage.journal.changes[-1] == {"post_ids": (100,)}, "another process would post it once more"
    assert stage.turn.skip("Ben")
    await running
    assert stage.place.written == ["One is here. Two is there. Three is"]
    assert stage.turn.is_answered


async def test_the_text_of_an_answer_that_is_written_while_it_is_heard_is_whole_in_the_end(stage: Stage) -> None:
    stage.model.stops_before, stage.model.stops_for = "nowhere.", 0.5
    await stage.run()
    assert stage.place.written == [REPLY]
    assert stage.place.names == ["7-0"]
    assert {"is_posted": True} in stage.journal.changes


async def test_a_turn_that_is_broken_off_leaves_what_is_posted_and_nobody_waits_for_more(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.model.stops_before = "nowhere."
    running = asyncio.ensure_future(stage.run())
    await eventually(lambda: stage.place.written)
    running.cancel()
    await asyncio.wait({running})
    async with asyncio.timeout(5):
        await stage.posts.finish(30)
    assert stage.place.written == ["One is here. Two is there. Three is"]
    assert not stage.turn.is_answered
    assert "A post broke" not in caplog.text


async def test_a_message_that_interrupts_an_answer_leaves_what_was_written(stage: Stage) -> None:
    stage.model.stops_before = "Three"
    running = asyncio.ensure_future(stage.run())
    await eventually(lambda: stage.heard)
    assert stage.turn.interrupt("Ben")
    assert not stage.turn.skip("Ada"), "it was interrupted by Ben"
    await running
    assert not stage.model.is_writing
    assert stage.place.written == ["One is here. Two is there.\n-# ⏭️ Interrupted by Ben"]


async def test_a_post_that_waits_for_discord_does_not_come_after_a_skip(stage: Stage) -> None:
    stage.place.is_open.clear()
    running = asyncio.ensure_future(stage.run())
    await eventually(lambda: stage.place.waiting)
    assert stage.turn.skip("Ben")
    stage.place.is_open.set()
    await running
    assert stage.place.written == []


async def test_a_turn_is_over_while_discord_does_not_take_its_text_which_is_posted_later(stage: Stage) -> None:
    stage.place.is_open.clear()
    await stage.turn.run()
    assert stage.heard == REPLY.replace(". ", ".")
    assert stage.turn.is_posting
    assert stage.journal.changes[0] == {"reply": REPLY, "apology": ""}, "another process could not post it"
    assert {"is_posted": True} not in stage.journal.changes
    stage.place.is_open.set()
    await stage.posts.finish(5)
    assert stage.place.written == [REPLY]
    assert stage.turn.is_answered
    assert stage.journal.changes[-1] == {"is_posted": True}
    assert stage.turn.outcome is TurnOutcome.ANSWERED


async def test_a_text_that_waits_for_discord_outlives_a_message_that_interrupts_its_speech(stage: Stage) -> None:
    stage.place.is_open.clear()
    running = asyncio.ensure_future(stage.run())
    await eventually(lambda: stage.place.waiting)
    assert stage.turn.interrupt("Ben")
    stage.place.is_open.set()
    await running
    assert stage.place.written == [REPLY]


async def test_a_suspended_turn_whose_text_waits_for_discord_is_left_to_the_next_process(stage: Stage) -> None:
    stage.place.is_open.clear()
    running = asyncio.ensure_future(stage.turn.run())
    await eventually(lambda: len(stage.heard) > 30)
    stage.turn.suspend()
    await running
    assert stage.turn.is_unfinished
    await stage.posts.finish(0)
    assert stage.place.written == []
    assert stage.turn.is_unfinished


async def test_what_was_heard_and_not_posted_is_posted_by_the_next_process_and_remembered_once(
    tmp_path: Path, posts: PostQueue
) -> None:
    snapshot = QuestionSnapshot(message_id=7, channel_id=1, reply=REPLY, heard=3)
    with FrameClock(FakePacing()) as clock:
        stage = Stage(clock, tmp_path, posts, snapshot=snapshot)
        stage.conversation.remember("Ada", "Where?", REPLY)
        await stage.run()
    assert stage.heard == ""
    assert stage.place.written == [REPLY]
    assert stage.remembered == [REPLY]


async def test_a_turn_can_be_skipped_before_it_has_begun_to_ask(stage: Stage) -> None:
    running = asyncio.ensure_future(stage.run())
    await asyncio.sleep(0)  # its folder is being made
    assert stage.turn.skip("Ben")
    async with asyncio.timeout(5):
        await running
    assert stage.heard == ""
    assert stage.remembered == [NOTHING_SAID]
    assert stage.place.written == []
    assert stage.turn.is_answered


@pytest.mark.parametrize("rule", get_args(DuringSpeech))
async def test_only_speech_gives_way_and_only_where_that_is_the_rule(
    tmp_path: Path, posts: PostQueue, rule: DuringSpeech
) -> None:
    with FrameClock(FakePacing()) as clock:
        stage = Stage(clock, tmp_path, posts, during_speech=rule)
        assert not stage.turn.is_interruptible
        running = asyncio.ensure_future(stage.run())
        await eventually(lambda: stage.heard and stage.turn.is_interruptible == (rule == "replace"))
        await running
        assert not stage.turn.is_interruptible


async def test_what_a_turn_tells_of_itself_comes_in_time_to_go_on_with_it(stage: Stage) -> None:
    await stage.run()
    assert stage.journal.changes[:2] == [{"reply": REPLY, "apology": ""}, {"is_posted": True}]
    assert stage.journal.changes[-1] == {"heard": 3}


async def test_what_there_is_no_time_to_say_is_written_and_not_read(
    tmp_path: Path, posts: PostQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    feed = TextPipeline.feed

    def reading(self: TextPipeline, delta: str) -> list[Sentence]:
        read.append(delta)
        return feed(self, delta)

    monkeypatch.setattr(TextPipeline, "feed", reading)
    with FrameClock(FakePacing()) as clock:
        stage = Stage(clock, tmp_path, posts, spoken_seconds=1)
        stage.model.text = f"One is here. {'Two is there for long. ' * 20}stop {'And on it goes. ' * 20}".strip()
        stage.model.stops_before, stage.model.stops_for = "stop", 1.0
        await stage.run()
    assert "".join(stage.place.written) == stage.model.text
    assert "And" not in "".join(read)


async def test_a_suspended_turn_says_its_sentence_to_the_end_writes_all_and_leaves_the_rest(stage: Stage) -> None:
    running = asyncio.ensure_future(stage.run())
    await eventually(lambda: len(stage.heard) > 15)
    stage.turn.suspend()
    await running
    assert stage.heard == "One is here.Two is there."
    assert stage.turn.is_unfinished
    assert stage.place.written == [REPLY]
    assert stage.journal.changes[-1] == {"heard": 2}


async def test_a_turn_suspended_before_it_is_heard_is_written_and_said_later(stage: Stage) -> None:
    stage.turn.suspend()
    await stage.run()
    assert stage.heard == ""
    assert stage.turn.is_unfinished
    assert stage.place.written == [REPLY]


async def test_a_turn_suspended_in_its_last_sentence_is_over(stage: Stage) -> None:
    running = asyncio.ensure_future(stage.run())
    await eventually(lambda: len(stage.heard) > 30)
    stage.turn.suspend()
    await running
    assert stage.heard == REPLY.replace(". ", ".")
    assert not stage.turn.is_unfinished


async def test_a_turn_goes_on_where_an_earlier_process_has_left_it(tmp_path: Path, posts: PostQueue) -> None:
    snapshot = QuestionSnapshot(message_id=7, channel_id=1, reply=REPLY, is_posted=True, heard=2)
    with FrameClock(FakePacing()) as clock:
        stage = Stage(clock, tmp_path, posts, snapshot=snapshot)
        await stage.run()
    assert stage.heard == "Three is nowhere."
    assert stage.place.written == []
    assert stage.remembered == [REPLY]
    assert stage.journal.changes == [{"heard": 3}]


async def test_an_answer_that_the_model_has_to_write_anew_is_said_from_its_beginning(
    tmp_path: Path, posts: PostQueue
) -> None:
    snapshot = QuestionSnapshot(message_id=7, channel_id=1, heard=2)
    with FrameClock(FakePacing()) as clock:
        stage = Stage(clock, tmp_path, posts, snapshot=snapshot)
        await stage.run()
    assert stage.heard == REPLY.replace(". ", ".")
    assert stage.place.written == [REPLY]
    assert stage.journal.changes[0] == {"heard": 0}, "killed again, the next process would leave two sentences out"
    assert stage.journal.changes[-1] == {"heard": 3}


async def test_an_answer_that_was_written_and_maybe_not_posted_is_posted(tmp_path: Path, posts: PostQueue) -> None:
    snapshot = QuestionSnapshot(message_id=7, channel_id=1, reply=REPLY, apology="Sorry.")
    with FrameClock(FakePacing()) as clock:
        stage = Stage(clock, tmp_path, posts, snapshot=snapshot)
        await stage.run()
    assert stage.heard == REPLY.replace(". ", ".") + "Sorry."
    assert stage.place.written == [REPLY, "Sorry."]
    assert stage.place.names == ["7-0", "7-1"]


async def test_a_skip_in_a_turn_that_is_gone_on_with_remembers_what_was_heard_before(
    tmp_path: Path, posts: PostQueue
) -> None:
    snapshot = QuestionSnapshot(message_id=7, channel_id=1, reply=REPLY, is_posted=True, heard=1)
    with FrameClock(FakePacing()) as clock:
        stage = Stage(clock, tmp_path, posts, snapshot=snapshot)
        running = asyncio.ensure_future(stage.run())
        await eventually(lambda: len(stage.heard) > 13)
        assert stage.turn.skip("Ben")
        await running
    assert stage.remembered[0].startswith("One is here. Two is there.")


def forbidden() -> Exception:
    return discord.Forbidden(response(403), "Missing Permissions")


async def test_an_answer_that_discord_takes_nowhere_is_not_written_down_as_posted(stage: Stage) -> None:
    stage.place.error = stage.elsewhere.error = forbidden()
    await stage.run()
    assert stage.heard == REPLY.replace(". ", ".")
    assert {"is_posted": True} not in stage.journal.changes
    assert not stage.turn.is_answered
    assert stage.turn.outcome is TurnOutcome.NOT_POSTED


async def test_an_answer_that_may_not_stand_where_it_was_asked_for_stands_elsewhere(stage: Stage) -> None:
    stage.place.error = forbidden()
    await stage.run()
    assert stage.elsewhere.written == [f"{wording.answered_elsewhere('<#3>')}\n{REPLY}"]
    assert {"is_posted": True} in stage.journal.changes
    assert stage.turn.outcome is TurnOutcome.ANSWERED


async def test_a_suspended_answer_that_was_not_posted_is_left_to_the_next_process(stage: Stage) -> None:
    stage.place.error = stage.elsewhere.error = forbidden()
    running = asyncio.ensure_future(stage.run())
    await eventually(lambda: len(stage.heard) > 30)
    stage.turn.suspend()
    await running
    assert stage.turn.is_unfinished


async def test_of_a_long_answer_that_a_message_interrupts_one_post_stays(stage: Stage) -> None:
    stage.model.text = "word " * 20_000 + "Three"
    stage.model.stops_before = "Three"
    running = asyncio.ensure_future(stage.run())
    await eventually(lambda: stage.heard)
    assert stage.turn.interrupt("Ben")
    await running
    (post,) = stage.place.written
    assert post.endswith("word …\n-# ⏭️ Interrupted by Ben")
    assert len(post) <= 2000


async def test_an_error_of_ours_in_speech_does_not_cost_the_text(stage: Stage) -> None:
    stage.synthesizer.error = ZeroDivisionError("ours")
    await stage.run()
    assert stage.place.written == [REPLY, wording.UNSPOKEN]
    assert stage.turn.outcome is TurnOutcome.PARTLY_SPOKEN


async def test_an_error_of_ours_in_reading_does_not_cost_the_text(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: TextPipeline, __: str) -> list[Sentence]:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(TextPipeline, "feed", broken)
    await stage.run()
    assert stage.place.written == [REPLY, wording.UNSPOKEN]


async def test_a_draft_that_was_begun_before_its_turn_is_heard_and_posted_once_the_turn_runs(
    stage: Stage,
) -> None:
    async with asyncio.TaskGroup() as tasks:
        stage.draft.begin(tasks)
        await eventually(lambda: stage.draft.track.waiting == len(REPLY.replace(". ", ".")))
        assert (stage.heard, stage.place.written, stage.remembered) == ("", [], [])
        await stage.run()
    assert stage.heard == REPLY.replace(". ", ".")
    assert stage.place.written == [REPLY]
    assert stage.remembered == [REPLY]
    assert not list(stage.folder.iterdir())


async def test_a_turn_that_is_withdrawn_before_it_is_heard_leaves_nothing(stage: Stage) -> None:
    stage.model.stops_before = "One"
    running = asyncio.ensure_future(stage.run())
    await eventually(lambda: stage.model.is_writing)
    assert stage.turn.withdraw()
    await running
    assert stage.turn.is_withdrawn
    assert not stage.model.is_writing
    assert (stage.heard, stage.place.written, stage.remembered) == ("", [], [])
    assert stage.journal.changes == []
    assert not list(stage.folder.iterdir())


async def test_a_turn_that_is_heard_is_not_withdrawn(stage: Stage) -> None:
    running = asyncio.ensure_future(stage.run())
    await eventually(lambda: stage.heard)
    assert not stage.turn.withdraw()
    await running
    assert stage.heard == REPLY.replace(". ", ".")


@pytest.mark.parametrize(("is_spoken", "seconds", "played"), [(True, 2.0, 1), (True, 0.0, 0), (False, 2.0, 0)])
async def test_who_has_said_something_and_is_not_answered_soon_hears_once_that_they_were_heard(
    tmp_path: Path, posts: PostQueue, is_spoken: bool, seconds: float, played: int
) -> None:
    with FrameClock(FakePacing()) as clock:
        stage = Stage(clock, tmp_path, posts, is_spoken=is_spoken)
        stage.model.seconds = seconds
        await stage.run()
    assert [frame for frame in stage.line.sent if frame in CUE] == list(CUE) * played
    assert stage.heard.replace("\x01cue\x02cue", "") == REPLY.replace(". ", ".")
