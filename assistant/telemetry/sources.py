"""The parts of the running assistant that are looked at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.domain.engine_health import EngineHealth
from assistant.telemetry.call_health import CallHealth
from assistant.telemetry.gateway_state import GatewayState
from assistant.telemetry.loop_lag import LoopLag


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetrySources:
    """Where each thing is asked, on the event loop, at the moment when somebody wants to know."""

    lag: LoopLag
    """How late the event loop is."""
    gateway: GatewayState
    """How the main gateway is."""
    calls: Callable[[], Mapping[int, CallHealth]]
    """How each call is, by the id of its guild."""
    engines: Callable[[], Sequence[EngineHealth]]
    """How the speech engines are."""
    is_stopping: Callable[[], bool]
    """Whether the bot was told to stop."""
