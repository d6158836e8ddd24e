"""Shortens the silence that voices put around each piece of speech, so that pieces follow each other as words do.

hibari is silent for 0.3 s before and 0.4 s behind each piece, and pico for up to 0.1 and 0.9 s; both were measured.
Nobody pauses for that long in the middle of a sentence, and the silence before the first word is waited for like
everything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from av import AudioFifo, AudioFrame
from av.audio.plane import AudioPlane

_LEAD_SECONDS: Final = 0.04
"""How much is left before the first sound: soft consonants begin below what counts as loud."""
_LONGEST_SECONDS: Final = 1.0
"""Silence of more than this is passed on meanwhile: the voice means it."""
_BLOCK_SECONDS: Final = 0.01
_LOUD: Final = 0.004
"""The peak from which on a block is no silence, where 1 is full scale: -48 dBFS, 25 dB below a voice at -23 LUFS."""
_FULL_SCALE: Final = {"s16": 1 << 15, "s32": 1 << 31, "flt": 1}
"""The largest sample, by PCM format."""


class EdgeSilence:
    """Takes one piece of speech and yields it with less silence at its edges. Silence alone stays as it is."""

    def __init__(self, behind: float) -> None:
        """`behind` is how many seconds of the silence behind it are left at most."""
        self._behind = behind
        self._held = AudioFifo()
        self._rate = 1
        self._has_begun = False

    def shorten(self, pcm: AudioFrame) -> Iterator[AudioFrame]:
        """Take more PCM, always of one format; yield what is to be heard."""
        self._rate = pcm.sample_rate
        loud = _loud_part(pcm)
        self._held.write(pcm)
        if loud is None:
            yield from self._read(self._held.samples - round(_LONGEST_SECONDS * self._rate))
            return
        if not self._has_begun:
            self._has_begun = True
            before = self._held.samples - pcm.samples + loud.start
            for _ in self._read(before - round(_LEAD_SECONDS * self._rate)):
                pass  # nobody waits for it
        yield from self._read(self._held.samples - pcm.samples + loud.stop)

    def finish(self) -> Iterator[AudioFrame]:
        """Yield what is left."""
        yield from self._read(min(self._held.samples, round(self._behind * self._rate)) if self._has_begun else None)

    def _read(self, samples: int | None) -> Iterator[AudioFrame]:
        if samples is None or samples > 0:
            frame = self._held.read(samples or 0)
            if frame is not None:
                yield frame


def _loud_part(pcm: AudioFrame) -> range | None:
    """From the first loud block of PCM to its last, in samples; None if there is none."""
    kind = pcm.format.packed.name
    if kind not in _FULL_SCALE:
        return range(pcm.samples)
    width = 1 if pcm.format.is_planar else pcm.layout.nb_channels
    planes = [_samples(plane, kind)[: pcm.samples * width] for plane in pcm.planes]
    loud = _LOUD * _FULL_SCALE[kind]
    block = max(1, round(pcm.sample_rate * _BLOCK_SECONDS))
    starts = range(0, pcm.samples, block)

    def is_loud(start: int) -> bool:
        parts = [plane[start * width : (start + block) * width] for plane in planes]
        return any(max(part) > loud or min(part) < -loud for part in parts)

    first = next(filter(is_loud, starts), None)
    if first is None:
        return None
    last = next(filter(is_loud, reversed(starts)))
    return range(first, min(last + block, pcm.samples))


def _samples(plane: AudioPlane, kind: str) -> memoryview[int] | memoryview[float]:
    data = memoryview(plane).cast("B")
    if kind == "flt":
        return data.cast("f")
    return data.cast("h" if kind == "s16" else "i")
