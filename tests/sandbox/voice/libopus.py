"""libopus by its C interface: of all that plays Opus here, it alone can use the copy that the next packet carries."""

import ctypes
from pathlib import Path
from typing import Final

import av
import numpy as np

from sandbox.voice.opus_codec import FRAME_SAMPLES, SAMPLE_RATE, Samples

_FOLDERS: Final = ("../av.libs", ".dylibs")


def _load() -> ctypes.CDLL:
    package = Path(av.__file__).parent
    libraries = [path for folder in _FOLDERS for path in (package / folder).glob("libopus*")]
    library = ctypes.CDLL(str(libraries[0]))
    library.opus_decoder_create.restype = ctypes.c_void_p
    library.opus_decoder_create.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_void_p]
    library.opus_decoder_destroy.argtypes = [ctypes.c_void_p]
    library.opus_decode.argtypes = [
        ctypes.c_void_p,
        ctypes.c_char_p,
        ctypes.c_int,
        ctypes.c_void_p,
        ctypes.c_int,
        ctypes.c_int,
    ]
    return library


class LibopusDecoder:
    """Mono, 48 kHz."""

    def __init__(self) -> None:
        self._library = _load()
        self._decoder = self._library.opus_decoder_create(SAMPLE_RATE, 1, None)

    def close(self) -> None:
        """Release it."""
        self._library.opus_decoder_destroy(self._decoder)

    def decode(self, opus: bytes) -> Samples:
        """A frame that came."""
        return self._decode(opus, 0)

    def recover(self, following: bytes) -> Samples:
        """A frame that is lost, by the copy of it in the one that follows."""
        return self._decode(following, 1)

    def conceal(self) -> Samples:
        """A frame that is lost, by guessing."""
        return self._decode(None, 0)

    def _decode(self, opus: bytes | None, fec: int) -> Samples:
        samples = np.zeros(FRAME_SAMPLES, np.int16)
        count = self._library.opus_decode(
            self._decoder, opus, len(opus or b""), samples.ctypes.data, FRAME_SAMPLES, fec
        )
        assert count == FRAME_SAMPLES, f"libopus says {count}"
        return samples
