import pytest
from prometheus_client import CollectorRegistry

from assistant.domain.call_ending import EndReason
from assistant.domain.errors import (
    LanguageUnsupported,
    ModelAnswerInvalid,
    ModelError,
    ModelRateLimited,
    ModelTimeout,
    SpeechTimeout,
)
from assistant.domain.interruption_outcome import InterruptionOutcome
from assistant.domain.token_usage import TokenUsage
from assistant.domain.turn_outcome import TurnOutcome
from assistant.domain.voice_loss import LossCause
from assistant.telemetry.metrics import Metrics, kind_of
from assistant.telemetry.turn_trace import STEPS, TurnTrace
from tests.support.telemetry import metric_value

HEARD = TurnTrace(
    received=10.0, begun=10.5, first_token=11.0, first_clause=11.25, first_speech=11.5, first_frame=11.75, ended=14.0
)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(CollectorRegistry())


def test_what_has_not_happened_yet_is_shown_as_0(metrics: Metrics) -> None:
    assert metric_value(metrics, "calls_started_total") == 0
    for reason in EndReason:
        assert metric_value(metrics, "calls_ended_total", reason=reason.name.lower()) == 0
    for outcome in TurnOutcome:
        assert metric_value(metrics, "turns_total", outcome=outcome.name.lower()) == 0
    for cause in LossCause:
        assert metric_value(metrics, "voice_losses_total", cause=cause.name.lower()) == 0
        assert metric_value(metrics, "voice_recoveries_total", cause=cause.name.lower()) == 0
    for kind in ("unreachable", "timeout", "refused", "rate_limited", "failed", "answer_invalid"):
        assert metric_value(metrics, "model_errors_total", kind=kind) == 0
    assert metric_value(metrics, "first_audio_seconds_count") == 0


def test_calls_are_counted_by_why_they_ended(metrics: Metrics) -> None:
    metrics.call_began()
    metrics.call_began()
    metrics.call_ended(EndReason.JOIN_FAILED)
    assert metric_value(metrics, "calls_started_total") == 2
    assert metric_value(metrics, "calls_ended_total", reason="join_failed") == 1
    assert metric_value(metrics, "calls_ended_total", reason="asked") == 0


def test_a_turn_that_was_heard_tells_its_first_audio_and_each_of_its_steps(metrics: Metrics) -> None:
    metrics.turn_ended(TurnOutcome.ANSWERED, HEARD, [])
    assert metric_value(metrics, "turns_total", outcome="answered") == 1
    assert metric_value(metrics, "first_audio_seconds_sum") == 1.75
    steps = {step: metric_value(metrics, "turn_step_seconds_sum", step=step) for step in STEPS}
    assert list(steps.values()) == [0, 0, 0.5, 0.5, 0.25, 0.25, 0.25, 2.25]
    assert sum(filter(None, steps.values())) == 4.0, "the steps are the whole turn"


def test_a_turn_that_was_not_heard_has_no_first_audio(metrics: Metrics) -> None:
    metrics.turn_ended(TurnOutcome.MODEL_FAILED, TurnTrace(received=1.0, begun=1.0, ended=2.0), [])
    assert metric_value(metrics, "turns_total", outcome="model_failed") == 1
    assert metric_value(metrics, "first_audio_seconds_count") == 0
    assert metric_value(metrics, "turn_step_seconds_count", step="first_token") == 0
    assert metric_value(metrics, "turn_step_seconds_sum", step="ended") == 1.0


def test_holes_are_counted_with_their_seconds(metrics: Metrics) -> None:
    metrics.turn_ended(TurnOutcome.ANSWERED, HEARD, [0.02, 0.3])
    assert metric_value(metrics, "hole_seconds_count") == 2
    assert metric_value(metrics, "hole_seconds_sum") == pytest.approx(0.32)
    assert metric_value(metrics, "hole_seconds_bucket", le="0.02") == 1, "those of one frame are told from longer ones"


def test_losses_and_recoveries_are_counted_by_cause(metrics: Metrics) -> None:
    metrics.voice_lost(LossCause.UNANSWERED_PROBES)
    metrics.voice_lost(LossCause.REMOVED)
    metrics.voice_recovered(LossCause.UNANSWERED_PROBES, 2.5)
    assert metric_value(metrics, "voice_losses_total", cause="unanswered_probes") == 1
    assert metric_value(metrics, "voice_losses_total", cause="removed") == 1
    assert metric_value(metrics, "voice_recoveries_total", cause="unanswered_probes") == 1
    assert metric_value(metrics, "voice_recoveries_total", cause="removed") == 0
    assert metric_value(metrics, "voice_recovery_seconds_sum") == 2.5


def test_requests_to_the_model_are_counted_with_what_they_took(metrics: Metrics) -> None:
    for _ in range(2):
        metrics.model_asked()
    metrics.model_began(0.4)
    metrics.model_wrote(12, TokenUsage(prompt_tokens=100, completion_tokens=15))
    metrics.model_failed(ModelRateLimited(endpoint="e", detail="", retry_after=None))
    metrics.model_wrote(0, None)
    assert metric_value(metrics, "model_requests_total") == 2
    assert metric_value(metrics, "model_first_token_seconds_count") == 1
    assert metric_value(metrics, "model_pieces_total") == 12
    assert metric_value(metrics, "model_tokens_total", kind="prompt") == 100
    assert metric_value(metrics, "model_tokens_total", kind="completion") == 15
    assert metric_value(metrics, "model_errors_total", kind="rate_limited") == 1


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ModelTimeout, "timeout"),
        (ModelAnswerInvalid, "answer_invalid"),
        (SpeechTimeout, "timeout"),
        (LanguageUnsupported, "language_unsupported"),
    ],
)
def test_the_kind_of_an_error_is_its_type(error: type[ModelError], kind: str) -> None:
    assert kind_of(error) == kind


def test_each_process_counts_for_itself(metrics: Metrics) -> None:
    other = Metrics(CollectorRegistry())
    metrics.call_began()
    assert metric_value(other, "calls_started_total") == 0


def test_no_label_can_tell_of_a_server_or_a_person(metrics: Metrics) -> None:
    metrics.turn_ended(TurnOutcome.ANSWERED, HEARD, [0.02])
    metrics.call_ended(EndReason.ASKED)
    labels = {label for family in metrics.registry.collect() for sample in family.samples for label in sample.labels}
    assert labels == {"reason", "outcome", "step", "cause", "kind", "trouble", "le"}


def test_interruptions_are_counted_by_what_came_of_them(metrics: Metrics) -> None:
    for outcome in (InterruptionOutcome.DUCKED, InterruptionOutcome.TAKEN_BACK, InterruptionOutcome.DUCKED):
        metrics.interruption_ended(outcome)
    counted = [metric_value(metrics, "interruptions_total", outcome=each.name.lower()) for each in InterruptionOutcome]
    assert counted == [2, 1, 0]
