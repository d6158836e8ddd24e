"""How the gateway compresses what it sends: one stream for a whole connection, flushed after each payload.

https://discord.com/developers/docs/events/gateway#transport-compression
"""

from __future__ import annotations

import importlib
import sys
import zlib
from typing import Final, Protocol

from sandbox.unimplemented import Unimplemented

_ZSTD_MODULE: Final = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"


class Compressor(Protocol):
    """A stream."""

    def pack(self, data: bytes) -> bytes:
        """The stream's next bytes, from which all of `data` can be read."""


class ZlibStream:
    """zlib-stream: each payload ends with 00 00 ff ff."""

    def __init__(self) -> None:
        self._stream = zlib.compressobj()

    def pack(self, data: bytes) -> bytes:
        """The stream's next bytes."""
        return self._stream.compress(data) + self._stream.flush(zlib.Z_SYNC_FLUSH)


class ZstdStream:
    """zstd-stream: one frame that never ends, a block or more for each payload."""

    def __init__(self) -> None:
        """Begin a stream; only who asks for this compression needs its library.

        Raises:
            Unimplemented: the library is not installed.
        """
        try:
            zstd = importlib.import_module(_ZSTD_MODULE)
        except ImportError:
            raise Unimplemented(f"zstd-stream without {_ZSTD_MODULE}") from None
        self._stream = zstd.ZstdCompressor()
        self._mode = self._stream.FLUSH_BLOCK

    def pack(self, data: bytes) -> bytes:
        """The stream's next bytes."""
        packed: bytes = self._stream.compress(data, self._mode)
        return packed


def compressor_for(name: str | None) -> Compressor | None:
    """The stream for the gateway's query parameter `compress`; None: payloads go as they are.

    Raises:
        Unimplemented: there is none of this name.
    """
    match name:
        case None:
            return None
        case "zlib-stream":
            return ZlibStream()
        case "zstd-stream":
            return ZstdStream()
        case _:
            raise Unimplemented(f"the gateway compression {name}")
