"""The state of one call, as /voice_status shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.domain.call_state import CallState
from assistant.domain.engine_health import EngineHealth
from assistant.domain.hearing_trouble import HearingTrouble
from assistant.domain.recognition_health import RecognitionHealth
from assistant.domain.voice_loss import VoiceLoss
from assistant.telemetry.turn_trace import RecentTraces


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberHearing:
    """How well a member in the voice channel is heard, who may be heard."""

    name: str
    """Their display name; empty while Discord has not told it."""
    heard_ago: float | None
    """Seconds since their voice was last heard; None: not yet in this call."""
    packets: int
    """Their voice packets that came."""
    decoded: int
    """Those of them that gave sound."""
    concealed: int
    """Packets whose sound was made up."""
    lost: int
    """Packets that never came."""
    trouble: HearingTrouble | None
    """Why they are not heard; None where nothing is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHealth:
    """A snapshot of one call."""

    state: CallState
    """The state of its voice connection."""
    is_mute: bool
    """Whether the call continues in text only, because the connection has been lost for long."""
    channel: str
    """The voice channel, as a mention."""
    live_since: datetime | None
    """When it went live (UTC); None while it is joining."""
    latency: float | None
    """Seconds from a voice heartbeat to its answer; None when unknown."""
    recoveries: Mapping[str, int]
    """How often the connection was recovered, by what had ended it."""
    last_loss: VoiceLoss | None
    """What ended the connection the last time; None if it was never lost."""
    is_deafened: bool
    """Whether a moderator has deafened the bot, so that it hears nobody."""
    unheard: Sequence[str]
    """The names of those who speak and are not heard now."""
    hearing: Sequence[MemberHearing]
    """Who may be heard, of those in the voice channel."""
    waiting: int
    """The number of messages waiting for an answer."""
    turns: RecentTraces
    """The traces of recent turns. Summing them up is left to the reader, since it takes a moment."""
    engines: Sequence[EngineHealth]
    """The health of the speech engines, which all calls share; the first choice first."""
    recognizers: Sequence[RecognitionHealth]
    """The health of the engines that recognize speech, likewise; none where nobody is listened to."""
