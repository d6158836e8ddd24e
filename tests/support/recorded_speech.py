"""Recordings of real voices with their transcripts, and sounds that are no speech: `tests/data/speech`, or any such."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler

Samples = npt.NDArray[np.int16]
"""One channel, shape (n,)."""

FOLDER: Final = Path(__file__).parents[1] / "data" / "speech"
"""Where ours are, with their manifest."""

_NO_SPEECH: Final = "-"


@dataclass(frozen=True, slots=True)
class Recording:
    """One file."""

    name: str
    """The file's name without its ending."""
    speaker: str
    """Who speaks: the same for the same voice; "" where there is no speech."""
    language: str
    """A code of two letters; "" where there is no speech."""
    text: str
    """What is said, in small letters in English; "" where there is no speech to recognize."""
    seconds: float
    """How long it takes."""
    path: Path
    """The file."""

    @property
    def is_speech(self) -> bool:
        """Whether somebody says something that can be recognized."""
        return bool(self.text)

    def at_16_khz(self) -> Samples:
        """What a recognizer takes: samples as they are in the file."""
        return self._read(16_000)

    def at_48_khz(self) -> Samples:
        """What a member of the sandbox speaks."""
        return self._read(48_000)

    def _read(self, rate: int) -> Samples:
        resampler = AudioResampler(format="s16", layout="mono", rate=rate)
        with av.open(str(self.path)) as file:
            frames = [piece for frame in file.decode(audio=0) for piece in resampler.resample(frame)]
        frames += resampler.resample(None)
        return np.concatenate([frame.to_ndarray()[0] for frame in frames])


def recordings(language: str | None = None, folder: Path = FOLDER) -> list[Recording]:
    """All recordings of a folder's `manifest.tsv`, or those in a language ("" for what is no speech).

    Raises:
        OSError: there is no manifest.
    """
    return [each for each in _rows(folder) if language is None or each.language == language]


def recording(name: str) -> Recording:
    """The recording of that name.

    Raises:
        LookupError: there is none.
    """
    for each in _rows(FOLDER):
        if each.name == name:
            return each
    raise LookupError(f"no recording {name!r} in {FOLDER}")


def _rows(folder: Path) -> Iterator[Recording]:
    with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            is_speech = row["language"] != _NO_SPEECH
            yield Recording(
                name=row["file"].removesuffix(".flac"),
                speaker=row["speaker"] if is_speech else "",
                language=row["language"] if is_speech else "",
                text=row["transcript"] if is_speech else "",
                seconds=float(row["seconds"]),
                path=folder / row["file"],
            )
