"""The reply of /voice_status."""

import time
from collections.abc import Mapping
from typing import Final

from assistant.discord_io import consent_wording
from assistant.discord_io.plain_name import plain_name
from assistant.domain.engine_health import EngineHealth
from assistant.domain.errors import RecognitionRefused, SpeechRefused
from assistant.domain.hearing_trouble import HearingTrouble
from assistant.domain.recognition_health import RecognitionHealth
from assistant.telemetry.call_health import CallHealth, MemberHearing
from assistant.util.plurals import counted

_MOST_MEMBERS: Final = 6
"""How many people are named: Discord takes 2000 characters."""
_WHY_UNHEARD: Final[Mapping[HearingTrouble, str]] = {
    HearingTrouble.NOT_OPENED: "not heard: their sound can't be decrypted. I'm trying to mend that",
    HearingTrouble.NOT_OPUS: "not heard: what they send is no sound",
    HearingTrouble.TOO_SOFT: "not heard: much softer than before, like somebody else in the room",
    HearingTrouble.OVER_BUDGET: "not heard for a moment: they have spoken for very long",
    HearingTrouble.CROWDED: "not heard: too many speak at once",
}


def report(call: CallHealth) -> str:
    """Describe the call, one fact per line."""
    lines = [f"**{'mute' if call.is_mute else call.state.value}** in {call.channel}"]
    if call.live_since is not None:
        lines[0] += f", since <t:{int(call.live_since.timestamp())}:R>"
    if call.latency is not None:
        lines.append(f"Voice latency: {call.latency * 1000:.0f} ms")
    total = sum(call.recoveries.values())
    kinds = ", ".join(f"{cause}: {count}" for cause, count in call.recoveries.items())
    lines.append(f"Recovered {counted(total, 'time')} ({kinds})" if total else "The connection was never lost")
    if call.last_loss is not None:
        lines.append(f"Last connection loss: {call.last_loss}")
    turns = call.turns.summary()
    if turns is not None:
        steps = ", ".join(f"{step.replace('_', ' ')} {seconds:.2f}" for step, seconds in turns.steps.items())
        lines.append(
            f"Time to the first sound of an answer: {turns.first_audio_p50:.2f} s (95% within "
            f"{turns.first_audio_p95:.2f} s, {counted(turns.count, 'answer')}); median of each step in s: {steps}"
        )
    if call.is_deafened:
        lines.append(consent_wording.DEAFENED)
    if call.unheard:
        lines.append(consent_wording.unheard(call.unheard))
    lines += map(_member, call.hearing[:_MOST_MEMBERS])
    if len(call.hearing) > _MOST_MEMBERS:
        lines.append(f"… and {counted(len(call.hearing) - _MOST_MEMBERS, 'more member')} who may be heard")
    lines += map(_engine, call.engines)
    lines += map(_recognizer, call.recognizers)
    lines.append(f"Messages waiting: {call.waiting}")
    return "\n".join(lines)


def _member(member: MemberHearing) -> str:
    """How well somebody is heard; of one who is not, why."""
    when = "not yet heard"
    if member.heard_ago is not None:
        when = f"last heard <t:{int(time.time() - member.heard_ago)}:R>"
    packets = (
        f"{counted(member.packets, 'packet')} ({member.decoded} decoded, {member.concealed} concealed, "
        f"{member.lost} lost)"
    )
    why = f"; ⚠️ {_WHY_UNHEARD[member.trouble]}" if member.trouble is not None else ""
    return f"👂 {plain_name(member.name)}: {when}; {packets}{why}"


def _engine(engine: EngineHealth) -> str:
    said = f"Speech by {engine.name}: {counted(engine.spoken, 'sentence')} so far"
    error = engine.last_error
    if error is None:
        return said
    status = f" ({error.status})" if isinstance(error, SpeechRefused) else ""
    return f"{said}{_resting(type(error).__name__.removeprefix('Speech') + status, engine.cooldown_left)}"


def _recognizer(engine: RecognitionHealth) -> str:
    heard = f"Recognition by {engine.name}: {counted(engine.recognized, 'turn')} so far"
    error = engine.last_error
    if error is None:
        return heard
    status = f" ({error.status})" if isinstance(error, RecognitionRefused) else ""
    return f"{heard}{_resting(type(error).__name__.removeprefix('Recognition') + status, engine.cooldown_left)}"


def _resting(why: str, seconds: float) -> str:
    return f"; ⚠️ {why.lower()}, next try in {seconds:.0f} s"
