"""Messages of the voice gateway: what their fields must be, and how they are put into text or bytes.

Sources: https://discord.com/developers/docs/topics/voice-connections, and its "Binary Websocket Messages" for the
binary ones: two bytes of sequence number from the server, none from us, then one byte of op.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from voicewire.opcodes import VoiceOp
from voicewire.voice_server import VoiceServer

DAVE_VERSION: Final = 1
"""The newest version of the end-to-end encryption that is spoken here."""
_SPEAKING: Final = 1
"""The flag "microphone" (the same page, "Speaking")."""
_SOUNDSHARE: Final = 2


class MalformedMessage(ValueError):
    """A message is not as documented."""


@dataclass(frozen=True, slots=True)
class GatewayMessage:
    """A message that came."""

    op: int
    """Its operation; one that is unknown here is to be ignored."""
    data: Any
    """What was parsed of text; the bytes behind the op of a binary one."""
    sequence: int | None
    """Its number, if it has one; the last one is sent with heartbeats and at a resume."""


def parse_text(text: str) -> GatewayMessage:
    """Read a message of JSON.

    Raises:
        MalformedMessage: it is none.
    """
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MalformedMessage(f"no JSON: {error}") from error
    if not isinstance(message, dict) or not _is_number(message.get("op")):
        raise MalformedMessage("no object with an op")
    sequence = message.get("seq", -1)
    is_numbered = _is_number(sequence) and sequence >= 0
    return GatewayMessage(message["op"], message.get("d"), sequence if is_numbered else None)


def parse_binary(data: bytes) -> GatewayMessage:
    """Read a binary message.

    Raises:
        MalformedMessage: it is too short.
    """
    if len(data) < 3:
        raise MalformedMessage(f"a binary message of {len(data)} bytes")
    return GatewayMessage(data[2], data[3:], int.from_bytes(data[:2], "big"))


def build_text(op: VoiceOp, data: Mapping[str, Any]) -> str:
    """A message of JSON."""
    return json.dumps({"op": op, "d": data})


def build_binary(op: VoiceOp, data: bytes) -> bytes:
    """A binary message."""
    return bytes([op]) + data


def identify(server: VoiceServer) -> dict[str, Any]:
    """The data of op 0."""
    return {
        "server_id": str(server.server_id),
        "user_id": str(server.user_id),
        "session_id": server.session_id,
        "token": server.token,
        "max_dave_protocol_version": DAVE_VERSION,
    }


def resume(server: VoiceServer, sequence: int) -> dict[str, Any]:
    """The data of op 7; `sequence` is the number of the last numbered message that came, or -1."""
    return {
        "server_id": str(server.server_id),
        "session_id": server.session_id,
        "token": server.token,
        "seq_ack": sequence,
    }


def select_protocol(address: tuple[str, int], mode: str) -> dict[str, Any]:
    """The data of op 1."""
    host, port = address
    return {"protocol": "udp", "data": {"address": host, "port": port, "mode": mode}}


def speaking(ssrc: int, *, is_speaking: bool) -> dict[str, Any]:
    """The data of op 5."""
    return {"speaking": _SPEAKING if is_speaking else 0, "delay": 0, "ssrc": ssrc}


def is_shared_sound(data: object) -> bool:
    """Whether an op 5 tells of a shared screen's or game's sound, and not of a voice beside it."""
    flags = data.get("speaking") if isinstance(data, Mapping) else None
    return isinstance(flags, int) and flags & (_SPEAKING | _SOUNDSHARE) == _SOUNDSHARE


def field(data: object, name: str) -> Any:
    """A field of an object.

    Raises:
        MalformedMessage: there is none.
    """
    if not isinstance(data, Mapping) or name not in data:
        raise MalformedMessage(f"no {name}")
    return data[name]


def number(data: object, name: str, most: int = 0xFFFFFFFF) -> int:
    """A field that is a whole number from 0 to `most`.

    Raises:
        MalformedMessage: it is none.
    """
    value = field(data, name)
    if not _is_number(value) or not 0 <= value <= most:
        raise MalformedMessage(f"{name} is no number up to {most}")
    return int(value)


def user_id(value: object) -> int:
    """A user's id, which comes as a string of digits.

    Raises:
        MalformedMessage: it is none.
    """
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise MalformedMessage("a user id is no string")
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) <= 20 and int(text) < 1 << 64):
        raise MalformedMessage("a user id is no number of 64 bits")
    return int(text)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
