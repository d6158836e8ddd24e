"""For the log: which engines have failed, and how."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.errors import RecognitionEngineError, SpeechError


@dataclass(frozen=True, slots=True)
class EngineFailures:
    """The errors of engines that were tried one after the other."""

    tried: Sequence[SpeechError | RecognitionEngineError]
    """Each engine's error."""

    def __str__(self) -> str:
        return ", ".join(f"{error.engine} failed ({error})" for error in self.tried)

    def without_texts(self) -> str:
        """The same without what people wrote or said."""
        return ", ".join(f"{error.engine} failed ({error.without_texts()})" for error in self.tried)
