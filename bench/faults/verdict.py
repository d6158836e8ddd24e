"""What came of a fault."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Final

from bench.common.pitch_coded_audio import LONG, SECOND, Answer
from bench.faults.cases import FaultCase
from bench.faults.channel_notices import Notes
from bench.faults.fault_test_bed import Stage
from bench.faults.heard_audio import Hearing

_NOTICEABLE_SECONDS: Final = 0.1


class State(Enum):
    """What came of a call."""

    UNHARMED = "goes on"
    """Over the same voice connection, without an interruption."""
    RECOVERED = "recovered"
    """The voice came back."""
    ENDED = "ended, told"
    """Over, and the channel knows."""
    ADRIFT = "without websocket"
    """Frames still arrive, but the voice websocket is closed and nobody mends it: Discord ends such a session."""
    LEFT = "ended, not told"
    """Over, and nobody is told."""
    HUNG = "hung"
    """The bot sits in the channel, and its voice does not come back."""
    UNTRIED = "not tried"
    """The call could not be begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One row of the table."""

    fault: str
    """The fault's name."""
    bot: str
    """Which bot it was."""
    state: State
    """What came of the call."""
    should_end: bool
    """Whether the call had to be over then."""
    as_it_should: bool
    """Whether that is right: the call goes on and all is answered, or it ends, as it must, and that is told."""
    silence: float | None
    """Seconds of silence that broke into speech; None when the voice did not come back."""
    server_seconds: float
    """How much of it was the voice server's own time, by order."""
    wait_seconds: float
    """For how many seconds the voice was waited for."""
    next_answer: float | None
    """Seconds from the message typed with the fault to its answer's first sound; None if there was none."""
    lost: int
    """Frames of the answer that were never heard."""
    doubled: int
    """Frames that were heard twice."""
    sent_in_clear: int
    """Frames that were sent without the end-to-end encryption that the call had; nobody heard them."""
    heard: int
    """Frames that were heard."""
    end_to_end: int
    """How many of those were end-to-end encrypted."""
    turns_lost: int
    """Messages that were accepted, and not answered in writing and aloud, nor declined."""
    turns_in_writing: int
    """Messages that were answered in writing alone, and the channel was told that it would be so."""
    told: Sequence[str]
    """What the bot wrote besides its answers, in order."""
    log: Sequence[str]
    """The bot's own warnings and errors."""


async def judge(case: FaultCase, bot: str, stage: Stage, *, typed: Mapping[Answer, float], notes: Notes) -> Outcome:
    """Say what came of a case; `typed` has when each answer was asked for."""
    heard = await stage.heard()
    turns_lost = _turns_lost(stage, heard, typed, notes)
    second_began = heard.begins(SECOND)
    state = _state(stage, heard, notes)
    right = (State.ENDED,) if case.should_end else (State.UNHARMED, State.RECOVERED)
    return Outcome(
        fault=case.name,
        bot=bot,
        state=state,
        should_end=case.should_end,
        as_it_should=state in right and not turns_lost,
        silence=heard.silence,
        server_seconds=case.server_seconds,
        wait_seconds=case.wait_seconds,
        next_answer=None if second_began is None else second_began - typed[SECOND],
        lost=heard.lost(LONG),
        doubled=heard.doubled,
        sent_in_clear=stage.sent_in_clear,
        heard=len(stage.speech),
        end_to_end=sum(frame.end_to_end for frame in stage.speech),
        turns_lost=turns_lost,
        turns_in_writing=_turns_in_writing(stage, heard, typed, notes),
        told=[note.text for note in notes.written],
        log=_warnings(stage.bot.log),
    )


def _state(stage: Stage, heard: Hearing, notes: Notes) -> State:
    if notes.end_of_call is not None:
        return State.ENDED
    if stage.guild.bot_voice is None:
        return State.LEFT
    if heard.silence is None:
        return State.HUNG
    if not stage.has_websocket:
        return State.ADRIFT
    interrupted = heard.silence > _NOTICEABLE_SECONDS or heard.lost(LONG) > 0
    return State.RECOVERED if interrupted or stage.connections > 1 else State.UNHARMED


def _turns_lost(stage: Stage, heard: Hearing, typed: Mapping[Answer, float], notes: Notes) -> int:
    end = notes.end_of_call
    lost = 0
    for answer, at in typed.items():
        if end is None:
            is_answered = stage.has_written(answer) and (heard.was_spoken(answer) or notes.went_mute)
        else:
            is_answered = stage.has_written(answer) or at > end
        lost += not is_answered
    return max(0, lost - notes.declined)


def _turns_in_writing(stage: Stage, heard: Hearing, typed: Mapping[Answer, float], notes: Notes) -> int:
    if not notes.went_mute:
        return 0
    return sum(stage.has_written(answer) and not heard.was_spoken(answer) for answer in typed)


def _warnings(log: str) -> list[str]:
    return [line for line in log.splitlines() if re.match(r"\S+ \S+ (WARNING|ERROR|CRITICAL) ", line)]


def untried(case: FaultCase, bot: str, reason: str) -> Outcome:
    """The outcome of a case whose call could not be begun."""
    return Outcome(
        fault=case.name,
        bot=bot,
        state=State.UNTRIED,
        should_end=case.should_end,
        as_it_should=False,
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
        told=[],
        log=[reason],
    )


def as_json(outcome: Outcome) -> dict[str, object]:
    """An outcome as a JSON object."""
    return asdict(outcome) | {"state": outcome.state.value}
