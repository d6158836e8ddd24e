"""Whether bytes are an Opus packet at all: the rules for its parts in RFC 6716, 3.4.

ffmpeg's `-f opus`, read by a bot that takes each Ogg packet for a frame, begins with two packets that are none:
OpusHead and OpusTags (RFC 7845, 5).
"""

from collections.abc import Sequence
from typing import Final

_MAX_FRAME_BYTES: Final = 1275
_MAX_TENTHS: Final = 1200
"""A packet lasts at most 120 ms, here in tenths of a millisecond."""


def is_opus(packet: bytes) -> bool:
    """Whether a packet keeps the rules R1 to R7, so that a decoder would play it."""
    if not packet:
        return False
    match packet[0] & 3:
        case 0:
            sizes: Sequence[int] | None = [len(packet) - 1]
        case 1:
            sizes = [(len(packet) - 1) // 2] * 2 if len(packet) % 2 else None
        case 2:
            sizes = _two_sizes(packet[1:])
        case _:
            sizes = _any_sizes(packet[1:])
    return (
        sizes is not None
        and all(0 <= size <= _MAX_FRAME_BYTES for size in sizes)
        and len(sizes) * _frame_tenths(packet[0]) <= _MAX_TENTHS
    )


def _two_sizes(body: bytes) -> list[int] | None:
    """Two frames, of which the first says its size."""
    first = _size(body)
    return None if first is None else [first[0], len(body) - first[1] - first[0]]


def _any_sizes(body: bytes) -> list[int] | None:
    """Any number of frames: a byte with their number, padding, and where they differ the sizes of all but the last."""
    if not body or not body[0] & 63:
        return None
    varies, padded, count = body[0] & 128, body[0] & 64, body[0] & 63
    body = body[1:]
    padding = 0
    while padded:
        if not body:
            return None
        padded, padding = body[0] == 255, padding + min(body[0], 254)
        body = body[1:]
    left = len(body) - padding
    if not varies:
        return [left // count] * count if left >= 0 and left % count == 0 else None
    sizes: list[int] = []
    for _ in range(count - 1):
        size = _size(body)
        if size is None:
            return None
        sizes.append(size[0])
        body, left = body[size[1] :], left - size[0] - size[1]
    return [*sizes, left]


def _size(body: bytes) -> tuple[int, int] | None:
    """A frame's size (RFC 6716, 3.2.1), and how many bytes tell it."""
    if not body:
        return None
    if body[0] < 252:
        return body[0], 1
    return (body[0] + 4 * body[1], 2) if len(body) > 1 else None


def _frame_tenths(toc: int) -> int:
    """How long a frame is by the packet's first byte, in tenths of a millisecond (RFC 6716, table 2)."""
    configuration = toc >> 3
    if configuration < 12:
        return (100, 200, 400, 600)[configuration & 3]
    if configuration < 16:
        return (100, 200)[configuration & 1]
    return (25, 50, 100, 200)[configuration & 3]
