"""IP discovery packets: https://discord.com/developers/docs/topics/voice-connections#ip-discovery."""

import struct


def discovery_request(ssrc: int) -> bytes:
    """The packet that asks the voice server which address ours come from; 74 bytes."""
    return struct.pack(">HHI66x", 1, 70, ssrc)


def is_discovery_answer(datagram: bytes) -> bool:
    """Whether this is the answer."""
    return len(datagram) == 74 and datagram[:2] == b"\0\2"


def discovered_address(answer: bytes) -> tuple[str, int]:
    """The address and port in an answer."""
    return answer[8:72].split(b"\0", 1)[0].decode("ascii"), int.from_bytes(answer[72:74], "big")
