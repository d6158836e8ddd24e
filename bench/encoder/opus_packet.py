"""What the first byte of an Opus packet says about it (RFC 6716, section 3.1)."""

from typing import Final

_SILK_MS: Final = (10.0, 20.0, 40.0, 60.0)
_HYBRID_MS: Final = (10.0, 20.0)
_CELT_MS: Final = (2.5, 5.0, 10.0, 20.0)


def is_one_frame_of_20_ms(packet: bytes) -> bool:
    """Whether the packet holds one frame of 20 ms."""
    return packet[0] & 0b11 == 0 and _frame_ms(packet) == 20.0


def coded_as(packet: bytes) -> str:
    """The codec mode and the bandwidth in Hz, such as "CELT 12000"."""
    number = packet[0] >> 3
    if number < 12:
        return f"SILK {(4000, 6000, 8000)[number // 4]}"
    if number < 16:
        return f"hybrid {(12000, 20000)[(number - 12) // 2]}"
    return f"CELT {(4000, 8000, 12000, 20000)[(number - 16) // 4]}"


def _frame_ms(packet: bytes) -> float:
    number = packet[0] >> 3
    if number < 12:
        return _SILK_MS[number % 4]
    return _HYBRID_MS[number % 2] if number < 16 else _CELT_MS[number % 4]
