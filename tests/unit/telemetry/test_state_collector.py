import pytest
from prometheus_client import CollectorRegistry

from assistant.domain.call_state import CallState
from assistant.domain.engine_health import EngineHealth
from assistant.domain.errors import RecognitionRefused, SpeechRefused, SpeechTimeout
from assistant.domain.recognition_health import RecognitionHealth
from assistant.telemetry.state_collector import StateCollector
from tests.support.telemetry import FakeAssistant, call_health, member_hearing

HUNG = SpeechTimeout(engine="gtts", detail="no audio", seconds=5.0)


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


def seen(assistant: FakeAssistant, name: str, **labels: str) -> float | None:
    """A value at a scrape now."""
    registry = CollectorRegistry()
    registry.register(StateCollector(assistant.sources))
    return registry.get_sample_value(f"voice_assistant_{name}", labels)


def test_calls_are_counted_by_state_at_each_scrape(assistant: FakeAssistant) -> None:
    assert seen(assistant, "calls", state="live") == 0
    assistant.calls = {
        1: call_health(waiting=2),
        2: call_health(CallState.RECOVERING, is_mute=True, waiting=1),
        3: call_health(CallState.RECOVERING),
    }
    assert [seen(assistant, "calls", state=state.value) for state in CallState] == [0, 1, 2, 0]
    assert seen(assistant, "calls_mute") == 1
    assert seen(assistant, "messages_waiting") == 3


def test_the_gateways_latency_is_left_out_while_it_is_not_known(assistant: FakeAssistant) -> None:
    assert (seen(assistant, "gateway_connected"), seen(assistant, "gateway_latency_seconds")) == (1, 0.05)
    assistant.gateway.is_connected, assistant.gateway.latency = False, None
    assert (seen(assistant, "gateway_connected"), seen(assistant, "gateway_latency_seconds")) == (0, None)


def test_the_loops_lag_is_told_in_seconds(assistant: FakeAssistant) -> None:
    assert (seen(assistant, "loop_lag_p99_seconds"), seen(assistant, "loop_lag_max_seconds")) == (0.001, 0.02)


def test_each_engine_tells_what_it_spoke_what_it_could_not_and_whether_it_rests(assistant: FakeAssistant) -> None:
    assistant.engines = [
        EngineHealth(
            name="gtts",
            spoken=7,
            replayed=2,
            failures={SpeechTimeout: 1, SpeechRefused: 3},
            last_error=HUNG,
            cooldown_left=12.0,
        ),
        EngineHealth(name="pico", spoken=1, replayed=0, failures={}, last_error=None, cooldown_left=0.0),
    ]
    assert seen(assistant, "speech_sentences_total", engine="gtts") == 7
    assert seen(assistant, "speech_replayed_total", engine="gtts") == 2
    assert seen(assistant, "speech_failures_total", engine="gtts", kind="refused") == 3
    assert seen(assistant, "speech_failures_total", engine="gtts", kind="timeout") == 1
    assert seen(assistant, "speech_failures_total", engine="pico", kind="timeout") == 0
    assert [seen(assistant, "speech_breaker_open", engine=name) for name in ("gtts", "pico")] == [1, 0]


def test_each_recognizer_tells_what_it_heard_what_it_could_not_and_whether_it_rests(assistant: FakeAssistant) -> None:
    refused = RecognitionRefused(engine="hosted", detail="no such key", status=401)
    assistant.recognizers = [
        RecognitionHealth(
            name="hosted", recognized=3, failures={RecognitionRefused: 2}, last_error=refused, cooldown_left=9.0
        ),
        RecognitionHealth(name="moonshine", recognized=5, failures={}, last_error=None, cooldown_left=0.0),
    ]
    assert seen(assistant, "recognition_engine_turns_total", engine="hosted") == 3
    assert seen(assistant, "recognition_failures_total", engine="hosted", kind="refused") == 2
    assert seen(assistant, "recognition_failures_total", engine="moonshine", kind="timeout") == 0
    assert [seen(assistant, "recognition_breaker_open", engine=name) for name in ("hosted", "moonshine")] == [1, 0]


def test_who_may_be_heard_is_counted_and_not_named(assistant: FakeAssistant) -> None:
    assistant.calls = {1: call_health(hearing=[member_hearing(), member_hearing("Ben")]), 2: call_health()}
    assert seen(assistant, "members_listened_to") == 2
