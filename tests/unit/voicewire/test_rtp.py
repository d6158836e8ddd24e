import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicewire.rtp import Refusal, RtpHeader, build_header, parse_header, payload_of


def packet(first: int = 0x80, kind: int = 0x78, tail: bytes = bytes(40)) -> bytes:
    return struct.pack(">BBHII", first, kind, 7, 6720, 42) + tail


@given(st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF), st.integers(0, 0xFFFFFFFF))
def test_what_is_built_is_parsed(sequence: int, timestamp: int, ssrc: int) -> None:
    header = build_header(sequence, timestamp, ssrc)
    assert parse_header(header + bytes(20)) == RtpHeader(sequence, timestamp, ssrc, 12, 0, False)


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(datagram: bytes) -> None:
    header = parse_header(datagram)
    if isinstance(header, RtpHeader):
        assert 12 <= header.size <= len(datagram)
        payload_of(header, datagram[header.size :])


@pytest.mark.parametrize(
    ("datagram", "refusal"),
    [
        (b"", Refusal.NOT_RTP),
        (packet(tail=bytes(19)), Refusal.NOT_RTP),
        (packet(first=0x00), Refusal.NOT_RTP),
        (packet(first=0x40), Refusal.NOT_RTP),
        (packet(first=0xC0), Refusal.NOT_RTP),
        (packet(first=0x81, kind=200), Refusal.NOT_OPUS),
        (packet(kind=207), Refusal.NOT_OPUS),
        (packet(kind=101), Refusal.NOT_OPUS),
        (packet(first=0x8F, tail=bytes(30)), Refusal.MALFORMED),
        (packet(first=0x90, tail=b"\xbe\xde\xff\xff" + bytes(40)), Refusal.MALFORMED),
    ],
)
def test_what_is_no_voice_is_refused(datagram: bytes, refusal: Refusal) -> None:
    assert parse_header(datagram) is refusal


def test_the_marker_bit_does_not_matter() -> None:
    assert isinstance(parse_header(packet(kind=0xF8)), RtpHeader)


@pytest.mark.parametrize(
    ("first", "before", "size"),
    [(0x80, b"", 12), (0x82, bytes(8), 20), (0x90, b"\xbe\xde\0\1", 16), (0x93, bytes(12) + b"\xbe\xde\0\1", 28)],
)
def test_the_readable_part_has_csrcs_and_the_announcement_of_an_extension(first: int, before: bytes, size: int) -> None:
    header = parse_header(packet(first=first, tail=before + bytes(40)))
    assert isinstance(header, RtpHeader)
    assert (header.size, header.extension) == (size, 4 if first & 0x10 else 0)


@pytest.mark.parametrize(
    ("extension", "has_padding", "decrypted", "payload"),
    [
        (0, False, b"opus", b"opus"),
        (4, False, b"\x10\0\0\0opus", b"opus"),
        (0, True, b"opus\0\0\3", b"opus"),
        (4, True, b"\x10\0\0\0opus\1", b"opus"),
        (4, True, b"\x10\0\0\0\1", b""),
        (0, True, b"", Refusal.MALFORMED),
        (0, True, b"opus\0", Refusal.MALFORMED),
        (0, True, b"opus\x06", Refusal.MALFORMED),
        (4, True, b"\x10\0\0\0\2", Refusal.MALFORMED),
        (4, False, b"op", b""),
    ],
)
def test_extension_and_padding_are_cut_off(
    extension: int, has_padding: bool, decrypted: bytes, payload: bytes | Refusal
) -> None:
    assert payload_of(RtpHeader(1, 2, 3, 12, extension, has_padding), decrypted) == payload
