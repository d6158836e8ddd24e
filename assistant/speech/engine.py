"""What a speech engine is. To add one: a module with such a class, and a line in `assistant/speech/engines.py`."""

from pathlib import Path
from typing import Protocol


class SpeechEngine(Protocol):
    """Turns a sentence into a file with speech. Blocking: it is only ever called in a worker thread."""

    @property
    def name(self) -> str:
        """The name used in settings and in the log."""

    @property
    def timeout(self) -> float:
        """Seconds after which nobody waits for it any more."""

    def synthesize(self, text: str, language: str, folder: Path) -> Path:
        """Speak one sentence of at most about 100 characters; return the file, newly made inside `folder`.

        May be called from several threads at once.

        :raises SpeechError: in one of its forms; nothing else is expected of an engine.
        """
