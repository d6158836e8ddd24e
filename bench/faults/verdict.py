"""The verdict on one fault: what became of the call."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Final

from bench.common.pitch_coded_audio import LONG, SECOND, Answer
from bench.faults.cases import FaultCase
from bench.faults.channel_notices import ChannelNotices
from bench.faults.fault_test_bed import FaultTestBed
from bench.faults.heard_audio import HeardAudio
from bench.subjects.benched_bot import BenchedBot

_NOTICEABLE_SECONDS: Final = 0.1


class CallResult(Enum):
    """What became of a call."""

    UNHARMED = "goes on"
    """On the same voice connection, without an interruption."""
    RECOVERED = "recovered"
    """The voice came back."""
    ENDED = "ended, announced"
    """Over, and the bot said so in the channel."""
    ADRIFT = "without websocket"
    """Frames still arrive, but the voice websocket stays closed: Discord ends such a session."""
    LEFT = "ended in silence"
    """Over, and the bot said nothing."""
    HUNG = "hung"
    """The bot stays in the channel, but its voice does not come back."""
    UNTRIED = "not tried"
    """The call could not be started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One row of the table."""

    fault: str
    """The fault's name."""
    bot: BenchedBot
    """Which bot it was."""
    result: CallResult
    """What became of the call."""
    should_end: bool
    """Whether the call had to end."""
    is_right: bool
    """Whether the call went on and everything was answered, or the call had to end and the bot said so."""
    silence: float | None
    """Seconds of silence inside speech; None when the voice did not come back."""
    server_seconds: float
    """How much of it was the voice server's own time, because the fault ordered it."""
    wait_seconds: float
    """For how many seconds the bench waited for the voice."""
    next_answer: float | None
    """Seconds from the message typed at the fault to the first sound of its answer; None if there was none."""
    lost: int
    """Frames of the answer that were never heard."""
    doubled: int
    """Frames that were heard twice."""
    sent_in_clear: int
    """Frames that were sent without the call's end-to-end encryption; nobody heard them."""
    heard: int
    """Frames that were heard."""
    end_to_end: int
    """How many of those were end-to-end encrypted."""
    turns_lost: int
    """Messages that were accepted, but neither answered in writing and aloud nor declined."""
    turns_in_writing: int
    """Messages that were answered only in writing, after the bot had announced it."""
    notices: Sequence[str]
    """What the bot posted besides its answers, in order."""
    log: Sequence[str]
    """The bot's own warnings and errors."""


async def judge(
    case: FaultCase, bot: BenchedBot, bed: FaultTestBed, *, typed: Mapping[Answer, float], notices: ChannelNotices
) -> Verdict:
    """Say what became of a call; `typed` has the times at which each answer was asked for."""
    heard = await bed.heard()
    turns_lost = _turns_lost(bed, heard, typed, notices)
    second_began = heard.begins(SECOND)
    result = _result_of(bed, heard, notices)
    expected = (CallResult.ENDED,) if case.should_end else (CallResult.UNHARMED, CallResult.RECOVERED)
    return Verdict(
        fault=case.name,
        bot=bot,
        result=result,
        should_end=case.should_end,
        is_right=result in expected and not turns_lost,
        silence=heard.silence,
        server_seconds=case.server_seconds,
        wait_seconds=case.wait_seconds,
        next_answer=None if second_began is None else second_began - typed[SECOND],
        lost=heard.lost(LONG),
        doubled=heard.doubled,
        sent_in_clear=bed.sent_in_clear,
        heard=len(bed.speech),
        end_to_end=sum(frame.end_to_end for frame in bed.speech),
        turns_lost=turns_lost,
        turns_in_writing=_turns_in_writing(bed, heard, typed, notices),
        notices=[notice.text for notice in notices.written],
        log=_warnings(bed.bot.log),
    )


def _result_of(bed: FaultTestBed, heard: HeardAudio, notices: ChannelNotices) -> CallResult:
    if notices.end_of_call is not None:
        return CallResult.ENDED
    if bed.guild.bot_voice is None:
        return CallResult.LEFT
    if heard.silence is None:
        return CallResult.HUNG
    if not bed.has_websocket:
        return CallResult.ADRIFT
    interrupted = heard.silence > _NOTICEABLE_SECONDS or heard.lost(LONG) > 0
    return CallResult.RECOVERED if interrupted or bed.connections > 1 else CallResult.UNHARMED


def _turns_lost(bed: FaultTestBed, heard: HeardAudio, typed: Mapping[Answer, float], notices: ChannelNotices) -> int:
    end = notices.end_of_call
    lost = 0
    for answer, at in typed.items():
        if end is None:
            is_answered = bed.has_written(answer) and (heard.was_spoken(answer) or notices.went_mute)
        else:
            is_answered = bed.has_written(answer) or at > end
        lost += not is_answered
    return max(0, lost - notices.declined)


def _turns_in_writing(
    bed: FaultTestBed, heard: HeardAudio, typed: Mapping[Answer, float], notices: ChannelNotices
) -> int:
    if not notices.went_mute:
        return 0
    return sum(bed.has_written(answer) and not heard.was_spoken(answer) for answer in typed)


def _warnings(log: str) -> list[str]:
    return [line for line in log.splitlines() if re.match(r"\S+ \S+ (WARNING|ERROR|CRITICAL) ", line)]


def untried(case: FaultCase, bot: BenchedBot, reason: str) -> Verdict:
    """The verdict on a case whose call could not be started."""
    return Verdict(
        fault=case.name,
        bot=bot,
        result=CallResult.UNTRIED,
        should_end=case.should_end,
        is_right=False,
        silence=None,
        next_answer=None,
        server_seconds=case.server_seconds,
        wait_seconds=case.wait_seconds,
        lost=0,
        doubled=0,
        sent_in_clear=0,
        heard=0,
        end_to_end=0,
        turns_lost=0,
        turns_in_writing=0,
        notices=[],
        log=[reason],
    )


def as_json(verdict: Verdict) -> dict[str, object]:
    """The verdict as a JSON object."""
    return asdict(verdict) | {"result": verdict.result.value}
