"""Speech without a network: hibari, a small English voice inside its wheel."""

import os
import tempfile
import threading
import unicodedata
from pathlib import Path
from typing import Any, Final

from assistant.errors import LanguageUnsupported, SpeechEmpty

_NAME: Final = "offline"
_TIMEOUT: Final = 20.0
"""Seconds; 100 characters take about 0.1 s, the first call about one more for loading."""


class OfflineEngine:
    """hibari 0.2. Loaded with the first sentence, or before by `load`; threads may share it."""

    name = _NAME
    timeout = _TIMEOUT

    def __init__(self) -> None:
        self._loading = threading.Lock()
        self._voice: Any = None  # hibari carries no types

    def load(self) -> None:
        """Load the voice (about one second), so that the first sentence does not wait for it."""
        with self._loading:
            if self._voice is None:
                # onnxruntime collects data about the machine for its maker, unless told not to before its import.
                os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
                # Here and not above: onnxruntime takes 100 MB that a bot with another engine need not pay.
                from hibari import Hibari  # noqa: PLC0415

                voice = Hibari()
                voice("Ready.")  # builds the lexicon and warms the model up
                self._voice = voice

    def synthesize(self, text: str, language: str, folder: Path) -> Path:
        """See `SpeechEngine.synthesize`."""
        if not language.startswith("en") or not _is_latin(text):
            raise LanguageUnsupported(engine=_NAME, detail="it speaks English only", language=language)
        self.load()
        samples = self._voice(text)
        if not len(samples):
            raise SpeechEmpty(engine=_NAME, detail="no sound for this text")
        from hibari.tts import write_wav  # noqa: PLC0415 - for the same reason as in `load`

        with tempfile.NamedTemporaryFile(dir=folder, suffix=".wav", delete=False) as file:
            pass
        write_wav(file.name, samples)
        return Path(file.name)


def _is_latin(text: str) -> bool:
    """hibari turns other scripts into noise instead of refusing them."""
    letters = [letter for letter in text if letter.isalpha()]
    foreign = sum(not unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    return foreign * 4 <= len(letters)
