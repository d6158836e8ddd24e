"""An English voice for the sandbox's services: hibari, which speaks without a network."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from sandbox.standins.mp3 import Samples
from sandbox.unimplemented import Unimplemented

Synthesizer = Callable[[str, str], tuple[Samples, int]]
"""Speaks a text in a language: the samples, and how many of them make a second. Called in threads."""


class HibariVoice:
    """Loads hibari with its first sentence (about one second); any number of threads may share it."""

    def __init__(self) -> None:
        self._loading = threading.Lock()
        self._voice: Any = None  # hibari carries no types

    def __call__(self, text: str, language: str) -> tuple[npt.NDArray[np.float32], int]:
        """Speak `text`: samples from -1 to 1 of one channel, and how many there are in a second.

        Raises:
            Unimplemented: hibari turns languages other than English into noise.
        """
        if language.partition("-")[0] != "en":
            raise Unimplemented(f"speech in the language {language!r}")
        with self._loading:
            if self._voice is None:
                # onnxruntime 1.31 otherwise collects events to send to its makers; it asks once, when it loads.
                os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
                from hibari import Hibari  # noqa: PLC0415 - a sandbox with another voice need not load onnxruntime

                self._voice = Hibari()
        samples: npt.NDArray[np.float32] = self._voice(text)
        return samples, self._voice.sample_rate
