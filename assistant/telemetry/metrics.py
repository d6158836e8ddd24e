"""Counts what happens in all calls, for Prometheus.

Names and units follow https://prometheus.io/docs/practices/naming. No label identifies a server or a person, and each
has few values: the members of an enumeration, or the types of our errors.
"""

import re
from collections.abc import Iterable
from enum import Enum
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram

from assistant.domain.call_ending import EndReason
from assistant.domain.errors import AssistantError, ModelError
from assistant.domain.hearing_trouble import HearingTrouble
from assistant.domain.interruption_outcome import InterruptionOutcome
from assistant.domain.token_usage import TokenUsage
from assistant.domain.turn_outcome import TurnOutcome
from assistant.domain.voice_loss import LossCause
from assistant.telemetry.turn_trace import STEPS, TurnTrace

NAMESPACE: Final = "voice_assistant"
"""The prefix of every metric."""

# Upper bounds in seconds.
_FIRST_AUDIO: Final = (0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 13, 20, 30, 60)
_STEP: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_FIRST_TOKEN: Final = (0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30)
_RECOGNITION: Final = (0.05, 0.1, 0.15, 0.25, 0.35, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10)
_HOLE: Final = (0.02, 0.04, 0.1, 0.2, 0.5, 1, 2, 5, 10)
_RECOVERY: Final = (0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600)


class Metrics:
    """Counters and histograms of one process, updated on the event loop a few times a turn, not by the frame clock."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register the metrics in `registry`."""
        self.registry = registry
        """The metrics that /metrics shows."""
        self._calls_begun = self._counter("calls_started", "Calls started with /voice_chat.")
        self._calls_ended = self._counter("calls_ended", "Calls ended, by reason.", "reason", map(label_of, EndReason))
        self._turns = self._counter(
            "turns", "Turns (a message and its answer) that ended, by outcome.", "outcome", map(label_of, TurnOutcome)
        )
        self._first_audio = self._histogram(
            "first_audio_seconds", "Time from a message to the first sound of its answer, in seconds.", _FIRST_AUDIO
        )
        self._steps = self._histogram(
            "turn_step_seconds", "Duration of each step of a turn, in seconds.", _STEP, "step", STEPS
        )
        self._holes = self._histogram(
            "hole_seconds",
            "Length of unintended silences inside answers, because the next frame was late, in seconds.",
            _HOLE,
        )
        self._losses = self._counter(
            "voice_losses", "Voice connections lost, by how the loss was noticed.", "cause", map(label_of, LossCause)
        )
        self._recoveries = self._counter(
            "voice_recoveries",
            "Voice connections recovered, by how the loss was noticed.",
            "cause",
            map(label_of, LossCause),
        )
        self._recovery = self._histogram(
            "voice_recovery_seconds",
            "Time from the loss of a voice connection to the next connection, in seconds.",
            _RECOVERY,
        )
        self._model_requests = self._counter("model_requests", "Requests to the language model, including retries.")
        self._model_errors = self._counter(
            "model_errors",
            "Requests to the language model that failed, by kind.",
            "kind",
            map(kind_of, ModelError.__subclasses__()),
        )
        self._model_first_token = self._histogram(
            "model_first_token_seconds", "Time from a request to the first text of its reply, in seconds.", _FIRST_TOKEN
        )
        self._model_pieces = self._counter("model_pieces", "Pieces of text received from the language model.")
        self._model_tokens = self._counter(
            "model_tokens", "Tokens used, if the endpoint reports them.", "kind", ("prompt", "completion")
        )
        self._heard_turns = self._counter(
            "recognition_turns",
            "Turns of speech that were recognized, by outcome: a text, nothing said, or no engine could.",
            "outcome",
            ("text", "nothing", "failed"),
        )
        self._guesses = self._counter(
            "recognition_guesses",
            "Times that an engine was asked what somebody says before they had ended; they may have gone on.",
        )
        self._guesses_used = self._counter("recognition_guesses_used", "Of those, how many gave the text of a turn.")
        self._speculations = self._counter(
            "speculations",
            "Answers that were begun while their speaker paused, by outcome: used, or withdrawn since more was said.",
            "outcome",
            ("used", "withdrawn"),
        )
        self._unheard = self._counter(
            "members_unheard",
            "Times that somebody spoke and was not heard, by why.",
            "trouble",
            map(label_of, HearingTrouble),
        )
        self._interruptions = self._counter(
            "interruptions",
            "Times that somebody spoke over an answer, by what came of it.",
            "outcome",
            map(label_of, InterruptionOutcome),
        )
        self._recognition = self._histogram(
            "recognition_seconds", "Time from the end of a turn of speech to its text, in seconds.", _RECOGNITION
        )

    def call_began(self) -> None:
        """A call was started."""
        self._calls_begun.inc()

    def call_ended(self, reason: EndReason) -> None:
        """A call is over."""
        self._calls_ended.labels(label_of(reason)).inc()

    def turn_ended(self, outcome: TurnOutcome, trace: TurnTrace, holes: Iterable[float]) -> None:
        """A turn is over; `holes` are the lengths of the unintended silences inside its answer, in seconds."""
        self._turns.labels(label_of(outcome)).inc()
        if trace.first_audio is not None:
            self._first_audio.observe(trace.first_audio)
        for step, seconds in trace.durations.items():
            self._steps.labels(step).observe(seconds)
        for seconds in holes:
            self._holes.observe(seconds)

    def voice_lost(self, cause: LossCause) -> None:
        """A call has lost its voice connection."""
        self._losses.labels(label_of(cause)).inc()

    def voice_recovered(self, cause: LossCause, seconds: float) -> None:
        """A call has a new voice connection, `seconds` after the loss of the last one."""
        self._recoveries.labels(label_of(cause)).inc()
        self._recovery.observe(seconds)

    def model_asked(self) -> None:
        """A request is sent to the model."""
        self._model_requests.inc()

    def model_began(self, seconds: float) -> None:
        """The first text of a reply has arrived, `seconds` after its request."""
        self._model_first_token.observe(seconds)

    def model_wrote(self, pieces: int, usage: TokenUsage | None) -> None:
        """A request is over: `pieces` pieces of text arrived; `usage` is None unless the endpoint reported it."""
        self._model_pieces.inc(pieces)
        if usage is not None:
            self._model_tokens.labels("prompt").inc(usage.prompt_tokens)
            self._model_tokens.labels("completion").inc(usage.completion_tokens)

    def model_failed(self, error: ModelError) -> None:
        """A request failed. It may be retried."""
        self._model_errors.labels(kind_of(type(error))).inc()

    def speculation_ended(self, *, is_used: bool) -> None:
        """An answer that was begun while its speaker paused is wanted, or is not."""
        self._speculations.labels("used" if is_used else "withdrawn").inc()

    def member_unheard(self, trouble: HearingTrouble) -> None:
        """A member speaks and is not heard."""
        self._unheard.labels(label_of(trouble)).inc()

    def interruption_ended(self, outcome: InterruptionOutcome) -> None:
        """A member has spoken over an answer, and the answer was not as before."""
        self._interruptions.labels(label_of(outcome)).inc()

    def recognized(self, seconds: float, *, is_empty: bool) -> None:
        """A turn of speech was recognized within `seconds`; `is_empty` says that it holds no words."""
        self._heard_turns.labels("nothing" if is_empty else "text").inc()
        self._recognition.observe(seconds)

    def guess_begun(self) -> None:
        """An engine is asked what somebody says who may not have ended."""
        self._guesses.inc()

    def guess_used(self) -> None:
        """They had, and its answer is the text of their turn."""
        self._guesses_used.inc()

    def recognition_failed(self) -> None:
        """No engine could recognize a turn of speech."""
        self._heard_turns.labels("failed").inc()

    def _counter(self, name: str, description: str, label: str = "", values: Iterable[str] = ()) -> Counter:
        labels = (label,) if label else ()
        counter = Counter(name, description, labels, namespace=NAMESPACE, registry=self.registry)
        for value in values:  # shown as 0 from the start: Prometheus sees no increase in a counter that starts at 1
            counter.labels(value)
        return counter

    def _histogram(
        self, name: str, description: str, bounds: tuple[float, ...], label: str = "", values: Iterable[str] = ()
    ) -> Histogram:
        labels = (label,) if label else ()
        histogram = Histogram(name, description, labels, namespace=NAMESPACE, registry=self.registry, buckets=bounds)
        for value in values:
            histogram.labels(value)
        return histogram


def label_of(member: Enum) -> str:
    """The label value of an enumeration's member, such as `join_failed`."""
    return member.name.lower()


def kind_of(error: type[AssistantError]) -> str:
    """The label value of an error of the model, of speech or of recognition: `rate_limited` for ModelRateLimited."""
    name = error.__name__.removeprefix("Model").removeprefix("Speech").removeprefix("Recognition")
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", name).lower()
