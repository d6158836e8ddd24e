"""WAV in pieces of any size, from servers that write its header before they know how long it will be.

The chunks are those of https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/WAVE.html.
"""

import logging
import struct
from collections.abc import Iterator
from typing import Final, Literal

from av import AudioFrame, CodecContext, Packet
from av.audio.codeccontext import AudioCodecContext
from av.error import FFmpegError

from assistant.audio.plausible import LAYOUTS, is_plausible

_logger = logging.getLogger(__name__)

_LITTLE: Final = b"RIFF"
_BIG: Final = b"RIFX"
_CONTAINER_BYTES: Final = 12
_CHUNK_BYTES: Final = 8
_UNKNOWN_SIZE: Final = 0x7FFF_0000
"""Sizes from here on are not meant, nor is 0: whoever streams does not know how much will come."""
_LONGEST_FORMAT: Final = 4096
_EXTENSIBLE: Final = 0xFFFE
_AFTER_DATA: Final = frozenset(
    {b"LIST", b"id3 ", b"ID3 ", b"fact", b"cue ", b"smpl", b"bext", b"PEAK", b"JUNK", b"PAD "}
)
"""Chunks that may follow the samples, besides those named by letters alone. What else follows is taken for more of
them: the size was wrong."""
_CODECS: Final = {
    (1, 8): "pcm_u8",
    (1, 16): "pcm_s16le",
    (1, 24): "pcm_s24le",
    (1, 32): "pcm_s32le",
    (3, 32): "pcm_f32le",
    (3, 64): "pcm_f64le",
    (6, 8): "pcm_alaw",
    (7, 8): "pcm_mulaw",
}
"""FFmpeg's names by format tag and bits of a sample."""
_HEADER: Final = {"little": struct.Struct("<4sI4s4sIHHIIHH4sI"), "big": struct.Struct(">4sI4s4sIHHIIHH4sI")}


def header_for(*, rate: int, channels: int, order: Literal["little", "big"] = "little") -> bytes:
    """The header that bare 16-bit samples lack."""
    block = 2 * channels
    riff, size = (_LITTLE, _BIG)[order == "big"], 0xFFFF_FFFF
    return _HEADER[order].pack(
        riff, size, b"WAVE", b"fmt ", 16, 1, channels, rate, rate * block, block, 16, b"data", size
    )


class WavDecoder:
    """PCM of all usual widths, floats, A-law and µ-law, with one or several headers."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._codec: AudioCodecContext | None = None
        self._order: Literal["little", "big"] = "little"
        self._block = 1
        self._skipped = 0
        """How many bytes of a chunk without samples are still to come."""
        self._samples_left: int | None = None
        """Bytes of samples that are still to come by the header; None outside of them."""
        self._is_unreadable = False

    def decode(self, chunk: bytes) -> Iterator[AudioFrame]:
        """See `Decoder.decode`."""
        if self._is_unreadable:
            return
        self._buffer += chunk
        while not self._is_unreadable:
            if self._samples_left is not None:
                yield from self._read_samples()
                if self._samples_left is not None:
                    return
            if not self._read_header():
                return

    def finish(self) -> Iterator[AudioFrame]:
        """See `Decoder.finish`. Part of a sample is dropped."""
        return iter(())

    def _read_samples(self) -> Iterator[AudioFrame]:
        assert self._samples_left is not None
        size = min(len(self._buffer), self._samples_left)
        size -= size % self._block
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        self._samples_left -= size
        if data and self._codec is not None:
            try:
                yield from self._codec.decode(Packet(data))
            except FFmpegError as error:
                self._give_up(str(error))
        if self._samples_left < self._block:
            del self._buffer[: self._samples_left]
            self._samples_left = None

    def _read_header(self) -> bool:
        """Read or skip one chunk's beginning; False if more bytes are needed for that."""
        gone = min(self._skipped, len(self._buffer))
        del self._buffer[:gone]
        self._skipped -= gone
        if self._skipped or len(self._buffer) < _CHUNK_BYTES:
            return False
        name = bytes(self._buffer[:4])
        if name in (_LITTLE, _BIG, b"RF64"):
            return self._read_container(name)
        size = int.from_bytes(self._buffer[4:8], self._order)
        if name == b"fmt ":
            return self._read_format(size)
        if name == b"data":
            del self._buffer[:_CHUNK_BYTES]
            self._samples_left = size if 0 < size < _UNKNOWN_SIZE else 1 << 62
            if self._codec is None:
                self._give_up("samples without a format")
        elif self._codec is not None and name not in _AFTER_DATA and not name.isalnum():
            self._samples_left = 1 << 62
        else:
            del self._buffer[:_CHUNK_BYTES]
            self._skipped = size + size % 2
        return True

    def _read_container(self, name: bytes) -> bool:
        if len(self._buffer) < _CONTAINER_BYTES:
            return False
        self._order = "big" if name == _BIG else "little"
        del self._buffer[:_CONTAINER_BYTES]
        return True

    def _read_format(self, size: int) -> bool:
        if not 16 <= size <= _LONGEST_FORMAT:
            self._give_up(f"a format of {size} bytes")
            return False
        if len(self._buffer) < _CHUNK_BYTES + size:
            return False
        chunk = bytes(self._buffer[_CHUNK_BYTES : _CHUNK_BYTES + size])
        del self._buffer[: _CHUNK_BYTES + size + size % 2]
        mark = "<" if self._order == "little" else ">"
        tag, channels, rate, _, _, bits = struct.unpack(f"{mark}HHIIHH", chunk[:16])
        if tag == _EXTENSIBLE and size >= 26:
            (tag,) = struct.unpack(f"{mark}H", chunk[24:26])
        codec = _CODECS.get((tag, bits))
        if codec is None or not is_plausible(rate, channels):
            self._give_up(f"format {tag}, {bits} bits, {channels} channels, {rate} Hz")
            return False
        self._codec = _codec(codec if self._order == "little" else codec.replace("le", "be"), rate, channels)
        self._block = channels * bits // 8
        return True

    def _give_up(self, reason: str) -> None:
        self._is_unreadable = True
        _logger.warning("A WAV can't be read: %s", reason)


def _codec(name: str, rate: int, channels: int) -> AudioCodecContext:
    codec = CodecContext.create(name, "r")
    assert isinstance(codec, AudioCodecContext)
    codec.sample_rate, codec.layout = rate, LAYOUTS[channels]
    return codec
