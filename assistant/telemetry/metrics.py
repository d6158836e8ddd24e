"""What happens in all calls, counted for Prometheus.

Names and units follow https://prometheus.io/docs/practices/naming. No label tells of a server or of a person, and each
has few values: those of an enumeration, or of the types of our errors.
"""

import re
from collections.abc import Iterable
from enum import Enum
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram

from assistant.domain.call_ending import EndReason
from assistant.domain.errors import AssistantError, ModelError
from assistant.domain.token_usage import TokenUsage
from assistant.domain.turn_outcome import TurnOutcome
from assistant.domain.voice_loss import LossCause
from assistant.telemetry.turn_trace import STEPS, TurnTrace

NAMESPACE: Final = "voice_assistant"
"""What every name begins with."""

# Upper bounds in seconds.
_FIRST_AUDIO: Final = (0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 13, 20, 30, 60)
_STEP: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_FIRST_TOKEN: Final = (0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30)
_HOLE: Final = (0.02, 0.04, 0.1, 0.2, 0.5, 1, 2, 5, 10)
_RECOVERY: Final = (0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600)


class Metrics:
    """Counts. One a process; called on the event loop, a few times a turn, and never by the frame clock."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """The counts are shown by `registry`, which has none of these names yet."""
        self.registry = registry
        """What /metrics shows."""
        self._calls_begun = self._counter("calls_started", "Calls begun with /voice_chat.")
        self._calls_ended = self._counter("calls_ended", "Calls ended, by why.", "reason", map(label_of, EndReason))
        self._turns = self._counter(
            "turns", "Messages whose turn has ended, by what became of them.", "outcome", map(label_of, TurnOutcome)
        )
        self._first_audio = self._histogram(
            "first_audio_seconds", "From a message to the first sound of its answer.", _FIRST_AUDIO
        )
        self._steps = self._histogram(
            "turn_step_seconds", "What each step of a turn took, from the step before it.", _STEP, "step", STEPS
        )
        self._holes = self._histogram(
            "hole_seconds", "Silences inside answers since the next frame was not made yet.", _HOLE
        )
        self._losses = self._counter(
            "voice_losses", "Voice connections lost, by how that was noticed.", "cause", map(label_of, LossCause)
        )
        self._recoveries = self._counter(
            "voice_recoveries",
            "Voice connections recovered, by what had ended them.",
            "cause",
            map(label_of, LossCause),
        )
        self._recovery = self._histogram(
            "voice_recovery_seconds", "From the loss of a voice connection to the next one.", _RECOVERY
        )
        self._model_requests = self._counter(
            "model_requests", "Requests to the language model, repeated ones included."
        )
        self._model_errors = self._counter(
            "model_errors",
            "Requests to the language model that failed, by kind.",
            "kind",
            map(kind_of, ModelError.__subclasses__()),
        )
        self._model_first_token = self._histogram(
            "model_first_token_seconds", "From a request to the first text of its reply.", _FIRST_TOKEN
        )
        self._model_pieces = self._counter("model_pieces", "Pieces of text received from the language model.")
        self._model_tokens = self._counter(
            "model_tokens", "Tokens used, where the endpoint tells.", "kind", ("prompt", "completion")
        )

    def call_began(self) -> None:
        """Somebody called the assistant."""
        self._calls_begun.inc()

    def call_ended(self, reason: EndReason) -> None:
        """A call is over."""
        self._calls_ended.labels(label_of(reason)).inc()

    def turn_ended(self, outcome: TurnOutcome, trace: TurnTrace, holes: Iterable[float]) -> None:
        """A turn is over; `holes` are the seconds of each silence inside its answer that nobody meant."""
        self._turns.labels(label_of(outcome)).inc()
        if trace.first_audio is not None:
            self._first_audio.observe(trace.first_audio)
        for step, seconds in trace.durations.items():
            self._steps.labels(step).observe(seconds)
        for seconds in holes:
            self._holes.observe(seconds)

    def voice_lost(self, cause: LossCause) -> None:
        """A call's voice connection has ended, for whatever reason."""
        self._losses.labels(label_of(cause)).inc()

    def voice_recovered(self, cause: LossCause, seconds: float) -> None:
        """There is another one, so many seconds after the loss."""
        self._recoveries.labels(label_of(cause)).inc()
        self._recovery.observe(seconds)

    def model_asked(self) -> None:
        """A request goes to the model."""
        self._model_requests.inc()

    def model_began(self, seconds: float) -> None:
        """The first text of a reply came, so many seconds after its request."""
        self._model_first_token.observe(seconds)

    def model_wrote(self, pieces: int, usage: TokenUsage | None) -> None:
        """A request is over: so many pieces of text came, and `usage` if the endpoint told."""
        self._model_pieces.inc(pieces)
        if usage is not None:
            self._model_tokens.labels("prompt").inc(usage.prompt_tokens)
            self._model_tokens.labels("completion").inc(usage.completion_tokens)

    def model_failed(self, error: ModelError) -> None:
        """A request failed; it may be made again."""
        self._model_errors.labels(kind_of(type(error))).inc()

    def _counter(self, name: str, meaning: str, label: str = "", values: Iterable[str] = ()) -> Counter:
        labels = (label,) if label else ()
        counter = Counter(name, meaning, labels, namespace=NAMESPACE, registry=self.registry)
        for value in values:  # shown as 0 from the beginning: Prometheus sees no rise in a count that begins with 1
            counter.labels(value)
        return counter

    def _histogram(
        self, name: str, meaning: str, bounds: tuple[float, ...], label: str = "", values: Iterable[str] = ()
    ) -> Histogram:
        labels = (label,) if label else ()
        histogram = Histogram(name, meaning, labels, namespace=NAMESPACE, registry=self.registry, buckets=bounds)
        for value in values:
            histogram.labels(value)
        return histogram


def label_of(member: Enum) -> str:
    """A member of an enumeration as a label's value, such as `join_failed`."""
    return member.name.lower()


def kind_of(error: type[AssistantError]) -> str:
    """The type of an error of the model or of speech as a label's value: `rate_limited` of ModelRateLimited."""
    name = error.__name__.removeprefix("Model").removeprefix("Speech")
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", name).lower()
