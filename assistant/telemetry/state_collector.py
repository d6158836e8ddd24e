"""Metrics that are read from the running assistant whenever Prometheus scrapes."""

from collections import Counter
from collections.abc import Iterable, Sequence

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from assistant.domain.call_state import CallState
from assistant.domain.engine_health import EngineHealth
from assistant.domain.errors import RecognitionEngineError, SpeechError
from assistant.domain.recognition_health import RecognitionHealth
from assistant.telemetry.metrics import NAMESPACE, kind_of
from assistant.telemetry.sources import TelemetrySources


class StateCollector(Collector):
    """Collects the state of calls, gateway, event loop and engines. Runs on the event loop."""

    def __init__(self, sources: TelemetrySources) -> None:
        self._sources = sources

    def collect(self) -> Iterable[Metric]:
        """See `Collector.collect`."""
        yield from self._calls()
        yield from self._gateway()
        yield from self._loop()
        yield from _speech(self._sources.engines())
        yield from _recognition(self._sources.recognizers())

    def _calls(self) -> Iterable[Metric]:
        calls = self._sources.calls().values()
        states = Counter(call.state for call in calls)
        by_state = GaugeMetricFamily(
            f"{NAMESPACE}_calls", "Calls, by the state of their voice connection.", labels=["state"]
        )
        for state in CallState:
            by_state.add_metric([state.value], states[state])
        yield by_state
        yield _gauge(
            "calls_mute",
            "Calls that continue in text only, because their connection has been lost for long.",
            sum(call.is_mute for call in calls),
        )
        yield _gauge(
            "members_listened_to",
            "Members in the voice channels of calls who may be heard.",
            sum(len(call.hearing) for call in calls),
        )
        yield _gauge("messages_waiting", "Messages waiting for their turn.", sum(call.waiting for call in calls))

    def _gateway(self) -> Iterable[Metric]:
        gateway = self._sources.gateway
        yield _gauge("gateway_connected", "1 while the bot is connected to the main gateway.", gateway.is_connected)
        latency = GaugeMetricFamily(
            f"{NAMESPACE}_gateway_latency_seconds",
            "Time from a heartbeat on the main gateway to its answer, in seconds.",
        )
        if gateway.latency is not None:
            latency.add_metric([], gateway.latency)
        yield latency

    def _loop(self) -> Iterable[Metric]:
        lag = self._sources.lag.snapshot()
        yield _gauge(
            "loop_lag_p99_seconds", "99th percentile of the event loop's lag in the last minute, in seconds.", lag.p99
        )
        yield _gauge("loop_lag_max_seconds", "Maximum of the event loop's lag in the last minute, in seconds.", lag.max)


def _speech(engines: Sequence[EngineHealth]) -> Iterable[Metric]:
    spoken = _counter("speech_sentences", "Sentences spoken by an engine, including probes.", "engine")
    replayed = _counter("speech_replayed", "Sentences of an engine played from the cache.", "engine")
    failures = _counter(
        "speech_failures", "Sentences that an engine failed to speak, by kind of error.", "engine", "kind"
    )
    is_open = GaugeMetricFamily(
        f"{NAMESPACE}_speech_breaker_open",
        "1 while an engine's circuit breaker is open: it failed and is not used.",
        labels=["engine"],
    )
    for engine in engines:
        spoken.add_metric([engine.name], engine.spoken)
        replayed.add_metric([engine.name], engine.replayed)
        is_open.add_metric([engine.name], engine.last_error is not None)
        for error in SpeechError.__subclasses__():
            failures.add_metric([engine.name, kind_of(error)], engine.failures.get(error, 0))
    return spoken, replayed, failures, is_open


def _recognition(engines: Sequence[RecognitionHealth]) -> Iterable[Metric]:
    recognized = _counter("recognition_engine_turns", "Turns recognized by an engine, including probes.", "engine")
    failures = _counter(
        "recognition_failures",
        "Turns that an engine failed to recognize, by kind of error. Another engine may have.",
        "engine",
        "kind",
    )
    is_open = GaugeMetricFamily(
        f"{NAMESPACE}_recognition_breaker_open",
        "1 while an engine's circuit breaker is open: it failed and is not used.",
        labels=["engine"],
    )
    for engine in engines:
        recognized.add_metric([engine.name], engine.recognized)
        is_open.add_metric([engine.name], engine.last_error is not None)
        for error in RecognitionEngineError.__subclasses__():
            failures.add_metric([engine.name, kind_of(error)], engine.failures.get(error, 0))
    return recognized, failures, is_open


def _gauge(name: str, description: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{NAMESPACE}_{name}", description, value=value)


def _counter(name: str, description: str, *labels: str) -> CounterMetricFamily:
    return CounterMetricFamily(f"{NAMESPACE}_{name}", description, labels=labels)
