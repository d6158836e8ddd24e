"""Measures the loudness of voices by EBU R128, and makes all voices equally loud.

Measuring and limiting are done by FFmpeg's filters ebur128 and alimiter (https://ffmpeg.org/ffmpeg-filters.html), in
this process through PyAV.
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
"""The loudness of all speech in LUFS, as one channel heard on both sides: about that of people in a call."""
_NEAR_ENOUGH: Final = 1.5
"""A difference in decibels that nobody notices: the gain does not change for less."""
_KNOWN_SECONDS: Final = 60.0
"""How many seconds of a voice must be measured before its level is known."""
_MOST_DECIBELS: Final = 20.0
"""The largest gain: audio that needs more is not speech."""
_SILENT: Final = -50.0
"""Audio below this many LUFS is ignored; ebur128 gives -70 for less than 0.4 s of audio."""


class VoiceLevel:
    """The loudness of one voice, measured over time. Several threads may use it at once."""

    def __init__(self, typical: float | None = None) -> None:
        """`typical` is the voice's known loudness in LUFS, or None."""
        self._lock = threading.Lock()
        self._seconds = 0.0
        self._power = 0.0
        self._loudness = typical
        self._gain = 0.0
        self._choose_gain()

    @property
    def gain(self) -> float:
        """The gain in decibels for the voice; exactly 0.0 if it is close enough to the target."""
        return self._gain

    @property
    def is_known(self) -> bool:
        """Whether enough has been measured."""
        return self._seconds >= _KNOWN_SECONDS

    def add_measurement(self, loudness: float, seconds: float) -> None:
        """Add a measurement: `seconds` of speech with a loudness in LUFS."""
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
        # A gain that changed with every sentence would be audible.
        if abs(wanted - self._gain) > _NEAR_ENOUGH:
            self._gain = wanted


class LoudnessMeter:
    """Measures one piece of speech. It blocks, and only one thread at a time may use it."""

    def __init__(self) -> None:
        self._filter: _Filter | None = None
        self._samples = 0
        self._rate = 1
        self._loudness = -math.inf

    def measure(self, frame: AudioFrame) -> None:
        """Measure more of it."""
        self._samples, self._rate = self._samples + frame.samples, frame.sample_rate
        self._filter = self._filter or _Filter(frame, ("ebur128", "metadata=1:dualmono=true:framelog=quiet"))
        for measured in self._filter.push(frame):
            self._loudness = float(measured.metadata["lavfi.r128.I"])

    @property
    def loudness(self) -> float:
        """The integrated loudness in LUFS; far below any speech if there was too little audio."""
        return self._loudness

    @property
    def seconds(self) -> float:
        """How many seconds were measured."""
        return self._samples / self._rate


class Amplifier:
    """Makes one piece of speech louder or quieter. Limits the peaks, so that none is clipped."""

    def __init__(self, gain: float) -> None:
        """`gain` is in decibels; with 0.0, everything passes unchanged."""
        self._gain = gain
        self._filter: _Filter | None = None

    def amplify(self, frame: AudioFrame) -> Iterator[AudioFrame]:
        """Take more of it; yield what is ready, with a delay of about 5 ms."""
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
        """Yield what is left."""
        if self._filter is not None:
            yield from self._filter.push(None)
            self._filter = None


class _Filter:
    """A chain of FFmpeg audio filters."""

    def __init__(self, first: AudioFrame, *filters: tuple[str, str]) -> None:
        """Set the chain up for frames like `first`."""
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
        """Push a frame, or None at the end; yield what comes out."""
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
