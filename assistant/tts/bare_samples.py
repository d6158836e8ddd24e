"""Samples without a header, as `response_format: pcm` gives them: what they are, by all that is known of an answer."""

import re
import sys
from array import array
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from assistant.audio.plausible import is_plausible
from assistant.audio.wav import header_for

_TYPES: Final = re.compile(r"audio/(x-)?(pcm|raw|l16|s16le|linear16)\b", re.IGNORECASE)
"""Content types of bare samples: https://datatracker.ietf.org/doc/html/rfc2586 and what servers call them."""
_BIG_ENDIAN_TYPE: Final = "audio/l16"
"""By its RFC the higher byte comes first; servers of today send it last under the same name."""
_PARAMETER: Final = re.compile(
    r"""[;\s,](?P<name>rate|sample_?rate|channels)\s*=\s*"?(?P<value>\d{1,7})""", re.IGNORECASE
)
_FEWEST_SAMPLES: Final = 64
"""With fewer, the shape of a sound can't be told."""
_SMOOTH: Final = 0.8
"""The mean step from a sample to the next by the mean of the samples: 0.1 to 0.5 for speech, 1.3 for random bytes."""


@dataclass(frozen=True, slots=True)
class BareSamples:
    """How to read them: 16 bits each."""

    rate: int
    """In samples per second."""
    channels: int = 1
    order: Literal["little", "big"] = "little"

    @property
    def header(self) -> bytes:
        """The header of a WAV that makes them readable."""
        return header_for(rate=self.rate, channels=self.channels, order=self.order)


def bare_samples_in(
    head: bytes, *, content_type: str, rate_header: str | None, is_expected: bool, usual_rate: int
) -> BareSamples | None:
    """How to read an answer whose beginning is no known form of audio; None if these are no samples.

    Args:
        head: its first bytes, 2 kB or all there are.
        content_type: its type with parameters, such as `audio/L16;rate=16000`.
        rate_header: the rate by another header, where there is one.
        is_expected: whether `pcm` was asked for, or the type stands for it.
        usual_rate: samples per second where the answer does not say.
    """
    if not is_expected and not is_smooth(head):
        return None
    told = {found["name"].lower().replace("_", ""): int(found["value"]) for found in _PARAMETER.finditer(content_type)}
    by_header = int(rate_header) if rate_header is not None and re.fullmatch("[0-9]{1,7}", rate_header) else None
    rate = told.get("rate") or told.get("samplerate") or by_header or usual_rate
    channels = told.get("channels", 1)
    if not is_plausible(rate, channels):
        rate, channels = usual_rate, 1
    is_big = content_type.strip().lower().startswith(_BIG_ENDIAN_TYPE) and _step(head, "big") < _step(head, "little")
    return BareSamples(rate, channels, "big" if is_big else "little")


def is_declared(content_type: str) -> bool:
    """Whether a content type stands for bare samples."""
    return _TYPES.match(content_type.strip()) is not None


def is_smooth(head: bytes) -> bool:
    """Whether bytes that nobody explains have the shape of a sound, with the lower byte of each sample first."""
    return len(head) >= 2 * _FEWEST_SAMPLES and _step(head, "little") < _SMOOTH


def _step(head: bytes, order: Literal["little", "big"]) -> float:
    """The mean step between samples by their mean size; 0.0 for silence."""
    samples = array("h", head[: len(head) - len(head) % 2])
    if order != sys.byteorder:
        samples.byteswap()
    size = sum(map(abs, samples))
    return sum(abs(after - before) for before, after in pairwise(samples)) / size if size else 0.0
