"""The reply of /voice_status."""

from assistant.discord_io import consent_wording
from assistant.domain.engine_health import EngineHealth
from assistant.domain.errors import SpeechRefused
from assistant.telemetry.call_health import CallHealth
from assistant.util.plurals import counted


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
    if call.unheard:
        lines.append(consent_wording.unheard(call.unheard))
    lines += map(_engine, call.engines)
    lines.append(f"Messages waiting: {call.waiting}")
    return "\n".join(lines)


def _engine(engine: EngineHealth) -> str:
    said = f"Speech by {engine.name}: {counted(engine.spoken, 'sentence')} so far"
    if engine.last_error is None:
        return said
    error = type(engine.last_error).__name__.removeprefix("Speech").lower()
    status = f" ({engine.last_error.status})" if isinstance(engine.last_error, SpeechRefused) else ""
    return f"{said}; ⚠️ {error}{status}, next try in {engine.cooldown_left:.0f} s"
