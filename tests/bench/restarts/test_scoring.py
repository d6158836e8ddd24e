"""What the bench of restarts counts: it must be right about answers, sentences and connections, whoever the bot is."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.audio.decoders import Mp3Decoder
from assistant.audio.loudness import VoiceLevel
from assistant.audio.speech_encoder import SpeechEncoder
from bench.common.guild_crowd import Place
from bench.restarts.long_answer import PART_FRAMES, PARTS, parts_heard, question, respond, voice_by_part
from bench.restarts.restart_row import RestartRow, restart_table, total
from bench.restarts.restart_test_bed import RestartTestBed, open_restart_test_bed
from bench.restarts.scoring import score
from bench.restarts.shutdown import Shutdown
from sandbox.forms.message_form import MessageForm
from sandbox.standins.mp3 import encode_mp3
from sandbox.state.message import Message
from sandbox.voice.records import ConnectionRecord, HeardFrame

STOPPED = Shutdown(exit_code=0, exit_seconds=0.5)


@pytest.fixture
async def bed(tmp_path: Path) -> AsyncIterator[RestartTestBed]:
    """One server, no process."""
    async with open_restart_test_bed(tmp_path, None, guilds=1) as bed:
        (place,) = bed.crowd.places
        bed.panels[place] = post(place, "**Molly** is in Lounge")
        yield bed


def post(place: Place, text: str) -> Message:
    """The bot writes into the call's chat."""
    return place.guild.backend.messages.by_bot(place.lounge.channel, MessageForm({"content": text}))


def answer_to(text: str) -> str:
    """What the model says to a message, as the assistant hands it over."""
    return respond([{"role": "user", "content": json.dumps({"author": "Ada", "message": text})}])


def opus_of(text: str) -> list[bytes]:
    """A sentence as the assistant speaks it."""
    encoder = SpeechEncoder(Mp3Decoder, VoiceLevel())
    return [*encoder.encode(encode_mp3(*voice_by_part(text, "en"))), *encoder.finish()]


async def row_of(bed: RestartTestBed, *, moved: bool = True) -> RestartRow:
    return await score(bed, "nothing", STOPPED, [], moved=bed.crowd.places if moved else [])


def connect(place: Place, opened_at: float, closed_at: float | None) -> None:
    """Note a voice connection in the call."""
    call = place.lounge.call
    record = ConnectionRecord(len(call.connections), opened_at, {}, resumed=False, heartbeat_interval=5.0)
    record.closed_at = closed_at
    call.connections.append(record)


async def test_each_message_is_answered_once_twice_or_never(bed: RestartTestBed) -> None:
    (place,) = bed.crowd.places
    connect(place, 0.0, None)
    questions = [await bed.ask(place) for _ in range(3)]
    first, second, _ = [answer_to(asked.message.content) for asked in questions]
    for text in (first, second, second, "I beg your pardon.", "The call ended before I could answer this message."):
        post(place, text)
    row = await row_of(bed)
    assert (row.messages, row.answered_once, row.answered_twice, row.never_answered) == (3, 1, 1, 1)


async def test_an_answer_is_not_taken_for_one_whose_number_begins_alike(bed: RestartTestBed) -> None:
    (place,) = bed.crowd.places
    asked = await bed.ask(place)
    post(place, answer_to(question(11)))
    assert asked.answers == 0
    post(place, answer_to(question(1, is_long=True)))
    assert asked.answers == 1


async def test_answers_are_waited_for_as_long_as_one_comes_in_time_after_another(bed: RestartTestBed) -> None:
    (place,) = bed.crowd.places
    questions = [await bed.ask(place) for _ in range(4)]
    waiting = asyncio.ensure_future(bed.wait_for_answers(0.5))
    for asked in questions[:3]:
        await asyncio.sleep(0.3)
        assert not waiting.done()
        post(place, answer_to(asked.message.content))
    await asyncio.sleep(0.3)
    assert not waiting.done()
    async with asyncio.timeout(5):
        await waiting


async def test_time_without_a_voice_is_the_longest_between_two_connections(bed: RestartTestBed) -> None:
    (place,) = bed.crowd.places
    connect(place, 0.0, 10.0)
    connect(place, 11.0, 20.0)
    connect(place, 24.0, 30.0)
    assert (await row_of(bed)).without_voice is None
    connect(place, 29.0, None)
    row = await row_of(bed)
    assert row.without_voice == pytest.approx(4.0)
    assert row.calls_lost == 1, "a connection that was noted is none that talks"


def say(place: Place, connection: int, *arrivals: float) -> None:
    """Note a frame at each of these times."""
    place.lounge.call.frames += [HeardFrame(each, 0, 0, 1, b"\x78", True, False, connection) for each in arrivals]


async def test_silence_is_the_longest_pause_from_one_connection_to_the_next(bed: RestartTestBed) -> None:
    (place,) = bed.crowd.places
    connect(place, 0.0, 10.0)
    connect(place, 11.0, None)
    say(place, 0, 1.0, 8.0)
    assert (await row_of(bed)).silence is None, "nothing was said over the new one"
    say(place, 1, 12.5, 30.0)
    assert (await row_of(bed)).silence == pytest.approx(4.5)


async def test_a_call_in_which_nothing_was_said_before_has_no_silence(bed: RestartTestBed) -> None:
    (place,) = bed.crowd.places
    connect(place, 0.0, 10.0)
    connect(place, 11.0, None)
    say(place, 1, 12.5, 30.0)
    assert (await row_of(bed)).silence == 0.0


async def test_a_call_that_was_left_alone_is_disturbed_by_a_second_connection(bed: RestartTestBed) -> None:
    (place,) = bed.crowd.places
    connect(place, 0.0, 1.0)
    assert (await row_of(bed, moved=False)).other_calls_disturbed == 0
    connect(place, 2.0, None)
    assert (await row_of(bed, moved=False)).other_calls_disturbed == 1


def test_every_part_of_a_long_answer_is_told_by_its_pitch() -> None:
    text = answer_to(question(7, is_long=True))
    sentences = [f"{sentence}." for sentence in text.rstrip(".").split(". ")]
    assert len(sentences) == len(PARTS)
    spoken = [frame for sentence in sentences for frame in opus_of(sentence)]
    spoken += opus_of(answer_to(question(8))) + opus_of(sentences[2])
    heard = parts_heard(spoken)
    for number, part in enumerate(PARTS):
        assert heard[part] == pytest.approx(PART_FRAMES * (2 if number == 2 else 1), rel=0.1), part


async def test_frames_of_long_answers_are_lost_or_doubled(bed: RestartTestBed) -> None:
    (place,) = bed.crowd.places
    connect(place, 0.0, None)
    asked = await bed.ask(place, is_long=True)
    sentences = [f"{sentence}." for sentence in answer_to(asked.message.content).rstrip(".").split(". ")]
    for sentence in [*sentences[:4], sentences[0]]:  # the first twice, the last never
        for frame in opus_of(sentence):
            place.lounge.call.frames.append(HeardFrame(1.0, 0, 0, 1, frame, True, False, 0))
    row = await row_of(bed)
    assert (row.frames, row.frames_lost) == (5 * PART_FRAMES, PART_FRAMES)
    assert row.frames_doubled == pytest.approx(PART_FRAMES, abs=2)
    assert (row.sentences, row.sentences_lost, row.sentences_doubled) == (5, 1, 1)


async def test_a_total_adds_up_what_is_counted_and_keeps_the_worst_time(bed: RestartTestBed) -> None:
    (place,) = bed.crowd.places
    connect(place, 0.0, 10.0)
    connect(place, 12.0, None)
    row = await row_of(bed)
    slow = replace(row, messages=3, without_voice=7.0, exit_seconds=9.0, exit_code=1)
    both = total([row, slow])
    assert (both.calls, both.messages, both.without_voice) == (2, 3, 7.0)
    assert (both.exit_code, both.exit_seconds) == (1, 9.0)
    assert total([slow, replace(row, without_voice=None)]).without_voice is None


async def test_the_table_has_a_cell_for_everything(bed: RestartTestBed) -> None:
    head, rule, line = restart_table([await row_of(bed, moved=False)]).splitlines()
    assert head.count("|") == rule.count("|") == line.count("|")
    assert "| nothing | sqlite |" in line
