"""Which rates and channels speech may have. A second at 1 Hz would become 48,000 at 48 kHz: a bomb."""

from typing import Final

LOWEST_RATE: Final = 4_000
HIGHEST_RATE: Final = 192_000
"""In samples per second."""
LAYOUTS: Final = {1: "mono", 2: "stereo", 3: "3.0", 4: "quad", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}
"""FFmpeg's names of layouts, by the number of channels."""


def is_plausible(rate: int, channels: int) -> bool:
    """Whether `rate` samples a second, in so many channels, can be speech."""
    return LOWEST_RATE <= rate <= HIGHEST_RATE and channels in LAYOUTS
