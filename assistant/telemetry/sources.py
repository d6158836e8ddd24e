"""The parts of the running assistant that telemetry reads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.domain.engine_health import EngineHealth
from assistant.domain.recognition_health import RecognitionHealth
from assistant.telemetry.call_health import CallHealth
from assistant.telemetry.gateway_state import GatewayState
from assistant.telemetry.loop_lag import LoopLag


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetrySources:
    """Where telemetry gets its values. They are read on the event loop, when somebody asks."""

    lag: LoopLag
    """The event loop's lag."""
    gateway: GatewayState
    """The state of the main gateway."""
    calls: Callable[[], Mapping[int, CallHealth]]
    """The state of each call, by guild id."""
    engines: Callable[[], Sequence[EngineHealth]]
    """The health of the speech engines."""
    recognizers: Callable[[], Sequence[RecognitionHealth]]
    """The health of the engines that recognize speech; none where nobody is listened to."""
    is_stopping: Callable[[], bool]
    """Whether the bot is stopping."""
