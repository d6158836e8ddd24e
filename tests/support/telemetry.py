"""An assistant of which a test says how it fares, and the look at it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from assistant.domain.call_state import CallState
from assistant.domain.engine_health import EngineHealth
from assistant.domain.hearing_trouble import HearingTrouble
from assistant.domain.recognition_health import RecognitionHealth
from assistant.telemetry.call_health import CallHealth, MemberHearing
from assistant.telemetry.loop_lag import LagSnapshot
from assistant.telemetry.metrics import Metrics
from assistant.telemetry.sources import TelemetrySources
from assistant.telemetry.turn_trace import RecentTraces


class FakeAssistant:
    """Well, ready and in no call, until it is told otherwise."""

    def __init__(self) -> None:
        self.blocks = 0
        self.gateway = SimpleNamespace(
            is_connected=True, latency=0.05, is_ready=True, commands_registered=True, given_up_seconds=0.0
        )
        self.calls: dict[int, CallHealth] = {}
        self.engines: list[EngineHealth] = []
        self.recognizers: list[RecognitionHealth] = []
        self.is_stopping = False
        lag = SimpleNamespace(snapshot=lambda: LagSnapshot(0.001, 0.02, 5000), blocks_over=lambda _: self.blocks)
        self.sources = TelemetrySources(
            lag=cast(Any, lag),
            gateway=cast(Any, self.gateway),
            calls=lambda: self.calls,
            engines=lambda: self.engines,
            recognizers=lambda: self.recognizers,
            is_stopping=lambda: self.is_stopping,
        )


def member_hearing(name: str = "Ada", trouble: HearingTrouble | None = None, **changes: Any) -> MemberHearing:
    """A member who spoke ten seconds ago, with one packet lost."""
    told: dict[str, Any] = {"heard_ago": 10.0, "packets": 1234, "decoded": 1230, "concealed": 1, "lost": 1}
    return MemberHearing(name=name, trouble=trouble, **{**told, **changes})


def call_health(
    state: CallState = CallState.LIVE,
    *,
    is_mute: bool = False,
    waiting: int = 0,
    hearing: Sequence[MemberHearing] = (),
    is_deafened: bool = False,
    unheard: Sequence[str] = (),
    recognizers: Sequence[RecognitionHealth] = (),
) -> CallHealth:
    """A call that went live a minute ago."""
    return CallHealth(
        state=state,
        is_mute=is_mute,
        channel="<#7>",
        live_since=datetime.now(UTC) - timedelta(seconds=60),
        latency=0.02,
        recoveries={"closed 4006": 1},
        last_loss=None,
        is_deafened=is_deafened,
        unheard=unheard,
        hearing=hearing,
        waiting=waiting,
        turns=RecentTraces(),
        engines=(),
        recognizers=recognizers,
    )


def metric_value(metrics: Metrics, name: str, **labels: str) -> float | None:
    """What a metric shows; None where there is none of that name and these labels."""
    return metrics.registry.get_sample_value(f"voice_assistant_{name}", labels)
