import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicewire.discovery import discovered_address, discovery_request


def answer(kind: int = 2, length: int = 70, ssrc: int = 42, host: bytes = b"203.0.113.7", port: int = 5) -> bytes:
    return struct.pack(">HHI64sH", kind, length, ssrc, host, port)


def test_a_request_is_as_documented() -> None:
    assert discovery_request(42) == struct.pack(">HHI", 1, 70, 42) + bytes(66)


def test_the_address_is_read() -> None:
    assert discovered_address(answer(), 42) == ("203.0.113.7", 5)


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        answer(kind=1),
        answer(length=71),
        answer(ssrc=43),
        answer(host=b""),
        answer(host=b"\xff\xfe"),
        answer(port=0),
        answer()[:-1],
    ],
)
def test_anything_else_is_no_answer(datagram: bytes) -> None:
    assert discovered_address(datagram, 42) is None


@given(st.binary(min_size=74, max_size=74).map(lambda data: b"\0\2" + data[2:]))
def test_any_bytes_are_read_or_refused(datagram: bytes) -> None:
    discovered_address(datagram, 42)
