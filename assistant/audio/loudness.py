"""How loud a voice is, by EBU R128, and the gain that makes all voices equally loud.

The measuring and the limiting are FFmpeg's (https://ffmpeg.org/ffmpeg-filters.html, ebur128 and alimiter), in
process through PyAV.
"""

import math
import threading
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Final

from av import AudioFrame
from av.error import BlockingIOError as NothingYet
from av.error import EOFError as Exhausted
from av.filter import Graph

TARGET: Final = -18.0
"""LUFS of all speech, one channel heard on both sides: about as loud as people in a call are, with room for peaks."""
_NEAR_ENOUGH: Final = 1.5
"""Decibels that nobody notices; speech that is so near is passed on as it is."""
_KNOWN_SECONDS: Final = 60.0
"""How much of a voice has to be measured, until it is known."""
_MOST_DECIBELS: Final = 20.0
"""The largest gain: what is softer than that is no speech."""
_SILENT: Final = -50.0
"""LUFS under which nothing is measured; ebur128 gives -70 where less than 0.4 s were heard."""


class VoiceLevel:
    """What is known of the loudness of one voice; may be used by several threads at once."""

    def __init__(self, typical: float | None = None) -> None:
        """`typical` is the voice's loudness in LUFS as others have measured it, None where nobody has."""
        self._lock = threading.Lock()
        self._seconds = 0.0
        self._power = 0.0
        self._loudness = typical
        self._gain = 0.0
        self._choose_gain()

    @property
    def gain(self) -> float:
        """Decibels to add to what the voice says; exactly 0.0 where it is near enough."""
        return self._gain

    @property
    def is_known(self) -> bool:
        """Whether enough was measured."""
        return self._seconds >= _KNOWN_SECONDS

    def heard(self, loudness: float, seconds: float) -> None:
        """So many seconds of speech were of this loudness, in LUFS."""
        if loudness < _SILENT:
            return
        with self._lock:
            self._seconds += seconds
            self._power += 10 ** (loudness / 10) * seconds
            self._loudness = 10 * math.log10(self._power / self._seconds)
            self._choose_gain()

    def _choose_gain(self) -> None:
        if self._loudness is None:
            return
        wanted = max(-_MOST_DECIBELS, min(TARGET - self._loudness, _MOST_DECIBELS))
        # A gain that moved with every sentence would be heard; one that is near enough is kept.
        if abs(wanted - self._gain) > _NEAR_ENOUGH:
            self._gain = wanted


class LoudnessMeter:
    """Measures one piece of speech. Blocking; used by one thread at a time."""

    def __init__(self) -> None:
        self._filter: _Filter | None = None
        self._samples = 0
        self._rate = 1
        self._loudness = -math.inf

    def measure(self, frame: AudioFrame) -> None:
        """Take more of it."""
        self._samples, self._rate = self._samples + frame.samples, frame.sample_rate
        self._filter = self._filter or _Filter(frame, ("ebur128", "metadata=1:dualmono=true:framelog=quiet"))
        for measured in self._filter.push(frame):
            self._loudness = float(measured.metadata["lavfi.r128.I"])

    @property
    def loudness(self) -> float:
        """The integrated loudness in LUFS; far below any speech where too little was heard."""
        return self._loudness

    @property
    def seconds(self) -> float:
        """How much was measured."""
        return self._samples / self._rate


class Amplifier:
    """Makes one piece of speech louder or softer. Peaks are limited, so that none is cut off."""

    def __init__(self, gain: float) -> None:
        """`gain` is in decibels; 0.0 passes everything on untouched."""
        self._gain = gain
        self._filter: _Filter | None = None

    def amplify(self, frame: AudioFrame) -> Iterator[AudioFrame]:
        """Take more of it; give what can be given by now, some 5 ms late."""
        if not self._gain:
            yield frame
            return
        self._filter = self._filter or _Filter(
            frame,
            ("volume", f"{self._gain:.2f}dB:precision=float"),
            ("alimiter", "limit=0.95:level=false:latency=true"),
        )
        yield from self._filter.push(frame)

    def finish(self) -> Iterator[AudioFrame]:
        """Give what is left."""
        if self._filter is not None:
            yield from self._filter.push(None)
            self._filter = None


class _Filter:
    """A chain of FFmpeg's audio filters."""

    def __init__(self, first: AudioFrame, *filters: tuple[str, str]) -> None:
        """The chain is made for frames like `first`."""
        self._graph = Graph()
        self._pushed = 0
        nodes = [
            self._graph.add_abuffer(
                sample_rate=first.sample_rate,
                format=first.format.name,
                layout=first.layout.name,
                time_base=Fraction(1, first.sample_rate),
            ),
            *(self._graph.add(name, options) for name, options in filters),
            self._graph.add("abuffersink"),
        ]
        for node, following in pairwise(nodes):
            node.link_to(following)
        self._graph.configure()

    def push(self, frame: AudioFrame | None) -> Iterator[AudioFrame]:
        """Send a frame through, None at the end; yield what comes out."""
        if frame is not None:
            frame.pts, frame.time_base = self._pushed, Fraction(1, frame.sample_rate)
            self._pushed += frame.samples
        self._graph.push(frame)
        while True:
            try:
                made = self._graph.pull()
            except (NothingYet, Exhausted):
                return
            assert isinstance(made, AudioFrame)
            yield made
