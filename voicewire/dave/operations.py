"""The fields of DAVE's operations (whitepaper, "Voice Gateway Opcodes")."""

from typing import Any, Final

from voicewire.messages import DAVE_VERSION, MalformedMessage, number
from voicewire.opcodes import VoiceOp

_LARGEST_ID: Final = 0xFFFF
_LARGEST_EPOCH: Final = (1 << 64) - 1
_WITH_TRANSITION: Final = (VoiceOp.MLS_ANNOUNCE_COMMIT, VoiceOp.MLS_WELCOME)
_TRANSITION_BYTES: Final = 2


def transition_id(data: Any) -> int:
    """The transition of ops 21 and 22.

    Raises:
        MalformedMessage: it has none.
    """
    return number(data, "transition_id", _LARGEST_ID)


def protocol_version(data: Any) -> int:
    """The version of ops 21 and 24; 0 is transport encryption alone.

    Raises:
        MalformedMessage: it has none that is spoken here.
    """
    return number(data, "protocol_version", DAVE_VERSION)


def epoch(data: Any) -> int:
    """The epoch of op 24; 1 is a new group.

    Raises:
        MalformedMessage: it has none.
    """
    return number(data, "epoch", _LARGEST_EPOCH)


def binary(op: int, data: Any) -> bytes:
    """The bytes of a binary operation.

    Raises:
        MalformedMessage: it came as text, or is too short.
    """
    if not isinstance(data, bytes):
        raise MalformedMessage("a binary operation came as text")
    if op in _WITH_TRANSITION and len(data) <= _TRANSITION_BYTES:
        raise MalformedMessage("no transition id and message")
    return data
