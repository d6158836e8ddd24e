"""What counts as Opus: what RFC 6716 lets through, and nothing that only looks like sound."""

import pytest

from sandbox.voice.opus_packet import is_opus
from sandbox.voice.rtp import SILENCE
from tests.sandbox.voice.opus_tone import tone


@pytest.mark.parametrize(
    "packet",
    [
        SILENCE,
        b"\xfc",  # a frame of no bytes: DTX
        b"\x79" + bytes(10),  # two frames of one size
        b"\x7a\x03" + bytes(9),  # two frames, the first of 3 bytes
        b"\x7a\xfc\x01" + bytes(260),  # two frames, the first of 256 bytes
        b"\x7b\x03" + bytes(9),  # three of one size
        b"\x7b\x83\x02\x03" + bytes(9),  # three of three sizes
        b"\x7b\x43\x02" + bytes(9 + 2),  # three of one size, and two bytes of padding
        b"\x7b\x43\xff\x01" + bytes(9 + 255),  # the same with 255 bytes
    ],
)
def test_each_way_to_pack_frames_is_opus(packet: bytes) -> None:
    assert is_opus(packet)


def test_what_an_encoder_makes_is_opus() -> None:
    assert all(is_opus(packet) for packet in tone(5))


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"OpusHead\x01\x02\x38\x01\x80\xbb\0\0\0\0\0",
        b"OpusTags\x06\0\0\0Lavf60",
        b"\x78" + bytes(1276),  # R2: no frame is longer than 1275 bytes
        b"\x79" + bytes(9),  # R3: two frames of one size
        b"\x7a",  # R4: the size is missing
        b"\x7a\x0a" + bytes(9),  # R4: the first is longer than the packet
        b"\x7b",  # R6, R7: the number of frames is missing
        b"\x7b\x00" + bytes(9),  # R5: no frame
        b"\x7b\x07" + bytes(7),  # R5: 140 ms
        b"\x7b\x03" + bytes(10),  # R6: three of one size
        b"\x7b\x43\x0a" + bytes(9),  # R6: more padding than packet
        b"\x7b\x83\x08\x03" + bytes(9),  # R7: the last has less than nothing
    ],
)
def test_what_breaks_a_rule_is_no_opus(packet: bytes) -> None:
    assert not is_opus(packet)
