"""libopus by ctypes, since PyAV gives neither concealment nor forward error correction (FEC).

PyAV's wheels carry the library; where PyAV was built against the system's, that one is used. The functions are those of
https://opus-codec.org/docs/opus_api-1.5/group__opus__decoder.html.
"""

import ctypes
import ctypes.util
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from assistant.domain.errors import HearingUnavailable

SAMPLE_RATE: Final = 16_000
"""Samples a second of what is decoded: libopus resamples and mixes to mono by itself."""
BYTES_PER_SAMPLE: Final = 2

_LONGEST_PACKET: Final = SAMPLE_RATE * 120 // 1000
"""Samples of the longest packet that Opus has, 120 ms (RFC 6716, 3.2.5)."""
_IN_WHEEL: Final = ("av.libs/libopus*.so*", "av/.dylibs/libopus*.dylib", "av.libs/libopus*.dll")
"""Where auditwheel, delocate and delvewheel put it, beside PyAV's package or in it."""

_Samples = ctypes.Array[ctypes.c_int16]


class Libopus:
    """The library, with the three functions that are needed."""

    def __init__(self, library: ctypes.CDLL) -> None:
        """Raises:
        AttributeError: it is no libopus.
        """
        self.get_size = library.opus_decoder_get_size
        self.get_size.argtypes, self.get_size.restype = [ctypes.c_int], ctypes.c_int
        self.init = library.opus_decoder_init
        self.init.argtypes = [ctypes.c_void_p, ctypes.c_int32, ctypes.c_int]
        self.init.restype = ctypes.c_int
        self.decode = library.opus_decode
        self.decode.argtypes = [
            ctypes.c_void_p,
            ctypes.c_char_p,
            ctypes.c_int32,
            ctypes.POINTER(ctypes.c_int16),
            ctypes.c_int,
            ctypes.c_int,
        ]
        self.decode.restype = ctypes.c_int


def load_libopus() -> Libopus:
    """Find the library.

    Raises:
        HearingUnavailable: it is not there.
    """
    tried = []
    for name in _candidates():
        try:
            return Libopus(ctypes.CDLL(name))
        except (OSError, AttributeError) as error:
            tried.append(f"{name}: {error}")
    raise HearingUnavailable(part="libopus", detail="; ".join(tried) or "neither in PyAV's wheel nor on this machine")


def _candidates() -> Iterator[str]:
    pyav = find_spec("av")  # not imported: it takes 16 MB
    if pyav is not None and pyav.origin is not None:
        for pattern in _IN_WHEEL:
            yield from map(str, sorted(Path(pyav.origin).parents[1].glob(pattern)))
    system = ctypes.util.find_library("opus")
    if system is not None:
        yield system


class OpusDecoder:
    """Decodes one stream to mono PCM of SAMPLE_RATE, signed 16-bit. Any bytes may be given.

    The decoder's state is memory of our own, so nothing has to be released.
    """

    def __init__(self, libopus: Libopus) -> None:
        self._libopus = libopus
        self._state = ctypes.create_string_buffer(libopus.get_size(1))
        self._samples: _Samples = (ctypes.c_int16 * _LONGEST_PACKET)()
        self.reset()

    def reset(self) -> None:
        """Begin a new stream."""
        self._libopus.init(self._state, SAMPLE_RATE, 1)

    def decode(self, packet: bytes) -> bytes | None:
        """A packet's sound, at most 120 ms of it; None if it is no Opus."""
        return self._decode(packet, _LONGEST_PACKET, use_fec=False) if packet else None

    def recover(self, following: bytes, samples: int) -> bytes:
        """The sound of a lost packet from the copy in the packet after it; concealed if it carries none.

        `samples` is the lost packet's length, from 2.5 to 120 ms.
        """
        return self._decode(following, samples, use_fec=True) or self.conceal(samples)

    def conceal(self, samples: int) -> bytes:
        """Sound to put in the place of a lost packet of that length, from 2.5 to 120 ms."""
        return self._decode(None, samples, use_fec=False) or bytes(samples * BYTES_PER_SAMPLE)

    def _decode(self, packet: bytes | None, samples: int, *, use_fec: bool) -> bytes | None:
        length = 0 if packet is None else len(packet)
        decoded: int = self._libopus.decode(self._state, packet, length, self._samples, samples, use_fec)
        return ctypes.string_at(self._samples, decoded * BYTES_PER_SAMPLE) if decoded > 0 else None
