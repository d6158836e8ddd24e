"""Recordings of people, and of sounds that are no speech: a folder with a manifest."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import numpy as np
from av import AudioResampler
from numpy.typing import NDArray

RATE: Final = 16_000
"""Samples a second."""
NO_LANGUAGE: Final = "-"
"""The manifest's language of what is no speech."""

Samples = NDArray[np.float32]
"""One channel, from -1 to 1."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A line of the manifest, and its file."""

    name: str
    """The file's name, without its suffix."""
    speaker: str
    """The same for the same voice."""
    language: str
    """A code, or NO_LANGUAGE."""
    transcript: str
    """What is said, in small letters; what is no word stands in brackets."""
    samples: Samples
    """What is heard."""

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / RATE


def read_recordings(folder: Path) -> list[Recording]:
    """All files of the folder's `manifest.tsv`: columns file, speaker, language and transcript, and any others.

    Raises:
        OSError: the manifest or a file is not there.
    """
    with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Recording(
            Path(row["file"]).stem, row["speaker"], row["language"], row["transcript"], read_sound(folder / row["file"])
        )
        for row in rows
    ]


def read_sound(path: Path) -> Samples:
    """A file's sound, in whichever form ffmpeg reads."""
    resampler = AudioResampler("flt", "mono", RATE)
    with av.open(path) as container:
        pieces = [piece for frame in container.decode(audio=0) for piece in resampler.resample(frame)]
    return np.concatenate([piece.to_ndarray()[0] for piece in [*pieces, *resampler.resample(None)]])
