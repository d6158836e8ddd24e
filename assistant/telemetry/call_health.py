"""How one call is doing: what /voice_status shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.domain.call_state import CallState
from assistant.domain.engine_health import EngineHealth
from assistant.domain.voice_loss import VoiceLoss
from assistant.telemetry.turn_trace import RecentTraces


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHealth:
    """One call, at one moment."""

    state: CallState
    """Where its connection stands."""
    is_mute: bool
    """Whether the conversation goes on in text because the connection is lost for long."""
    channel: str
    """The mention of the voice channel."""
    live_since: datetime | None
    """When it went live (UTC); None while it is joining."""
    latency: float | None
    """Seconds from a voice heartbeat to its answer; None when that is not known."""
    recoveries: Mapping[str, int]
    """How often the connection was recovered, by what had ended it."""
    last_loss: VoiceLoss | None
    """What ended the connection the last time; None if nothing did."""
    waiting: int
    """How many messages wait for their answer."""
    turns: RecentTraces
    """How soon answers were heard; they are summed up by whom it concerns, for that takes a moment."""
    engines: Sequence[EngineHealth]
    """How the speech engines are doing, for all calls; the first choice first."""
