"""The numbers of Discord's voice gateway, version 8.

Source: Discord's documentation, "Opcodes and Status Codes", the voice part.
"""

from enum import IntEnum, IntFlag
from typing import Final


class VoiceOp(IntEnum):
    """What a voice websocket message is about."""

    IDENTIFY = 0
    SELECT_PROTOCOL = 1
    READY = 2
    HEARTBEAT = 3
    SESSION_DESCRIPTION = 4
    SPEAKING = 5
    HEARTBEAT_ACK = 6
    RESUME = 7
    HELLO = 8
    RESUMED = 9
    CLIENTS_CONNECT = 11
    VIDEO = 12
    CLIENT_DISCONNECT = 13
    DAVE_PREPARE_TRANSITION = 21
    DAVE_EXECUTE_TRANSITION = 22
    DAVE_TRANSITION_READY = 23
    DAVE_PREPARE_EPOCH = 24
    MLS_EXTERNAL_SENDER = 25
    MLS_KEY_PACKAGE = 26
    MLS_PROPOSALS = 27
    MLS_COMMIT_WELCOME = 28
    MLS_ANNOUNCE_COMMIT = 29
    MLS_WELCOME = 30
    MLS_INVALID_COMMIT_WELCOME = 31


class Speaking(IntFlag):
    """What op 5 says of a member's sound."""

    VOICE = 1
    SOUNDSHARE = 2
    """What a shared screen or game sounds like; no speaking light."""
    PRIORITY = 4
    """Everybody else is made softer meanwhile."""


class VoiceCloseCode(IntEnum):
    """Why a voice websocket was closed."""

    NORMAL = 1000
    GOING_AWAY = 1001
    ABNORMAL = 1006
    UNKNOWN_OPCODE = 4001
    FAILED_TO_DECODE = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    SESSION_NO_LONGER_VALID = 4006
    SESSION_TIMEOUT = 4009
    SERVER_NOT_FOUND = 4011
    UNKNOWN_PROTOCOL = 4012
    DISCONNECTED = 4014
    VOICE_SERVER_CRASHED = 4015
    UNKNOWN_ENCRYPTION_MODE = 4016
    DAVE_REQUIRED = 4017
    BAD_REQUEST = 4020
    RATE_LIMITED = 4021
    CALL_TERMINATED = 4022


NUMBERED: Final = frozenset(
    {
        VoiceOp.SPEAKING,
        VoiceOp.CLIENTS_CONNECT,
        VoiceOp.VIDEO,
        VoiceOp.CLIENT_DISCONNECT,
        VoiceOp.DAVE_PREPARE_TRANSITION,
        VoiceOp.DAVE_EXECUTE_TRANSITION,
        VoiceOp.DAVE_PREPARE_EPOCH,
        VoiceOp.MLS_EXTERNAL_SENDER,
        VoiceOp.MLS_PROPOSALS,
        VoiceOp.MLS_ANNOUNCE_COMMIT,
        VoiceOp.MLS_WELCOME,
    }
)
"""Messages of the server that carry `seq` and are sent again on a resume.

Discord says "all messages that may need to be re-sent", shows op 5, and requires it of all binary ones;
the others here follow from that.
"""
