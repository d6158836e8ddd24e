"""How loud a track is over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Envelope:
    """A gain for each moment: straight lines between points, and level before the first and behind the last."""

    points: tuple[tuple[float, float], ...] = ((0.0, 1.0),)
    """Times, in frames from the beginning of the track and rising; with the gain at each."""

    @property
    def last(self) -> tuple[float, float]:
        """From when on the gain does not change any more, and that gain."""
        return self.points[-1]

    def fade(self, start: int, frames: int, gain: float) -> Self:
        """The same up to a frame, and from there in so many frames to another gain."""
        before = tuple(point for point in self.points if point[0] < start)
        here = float(self._at([start])[0])
        return type(self)((*before, (start, here), (start + frames, gain)))

    def gains(self, start: int, stop: int, samples_per_frame: int) -> npt.NDArray[np.float64]:
        """The gain of each sample from one frame up to another."""
        import numpy as np  # noqa: PLC0415 - 10 MB that a bot which hears nobody saves

        times = np.arange(start * samples_per_frame, stop * samples_per_frame) / samples_per_frame
        return self._at(times)

    def _at(self, times: list[float] | npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        import numpy as np  # noqa: PLC0415 - 10 MB that a bot which hears nobody saves

        return np.asarray(np.interp(times, [time for time, _ in self.points], [gain for _, gain in self.points]))
