"""IP discovery: https://discord.com/developers/docs/topics/voice-connections#ip-discovery.

It tells which address our datagrams come from. It is also the one datagram that voice servers are documented to answer,
so it serves as a probe.
"""

import struct
from typing import Final

_PACKET: Final = struct.Struct(">HHI64sH")
_REQUEST: Final = 1
_ANSWER: Final = 2
_LENGTH: Final = 70
"""Bytes behind the type and the length itself."""


def discovery_request(ssrc: int) -> bytes:
    """The packet that asks; 74 bytes."""
    return _PACKET.pack(_REQUEST, _LENGTH, ssrc, b"", 0)


def discovered_address(datagram: bytes, ssrc: int) -> tuple[str, int] | None:
    """The address and port in an answer to our request; None if the datagram is no such answer."""
    if len(datagram) != _PACKET.size or datagram[:2] != b"\0\2":
        return None
    kind, length, asked, address, port = _PACKET.unpack(datagram)
    host = address.split(b"\0", 1)[0]
    if (kind, length, asked) != (_ANSWER, _LENGTH, ssrc) or not host or not host.isascii() or not port:
        return None
    return host.decode("ascii"), port
