"""The operations of Discord's voice gateway, version 8.

Source: https://discord.com/developers/docs/topics/opcodes-and-status-codes#voice-voice-opcodes. Operations that are not
in this table exist (12 for video, 18 and 20 for flags and platforms) and are ignored.
"""

from enum import IntEnum
from typing import Final

GATEWAY_VERSION: Final = 8
"""The version that is spoken here: the one that Discord recommends, since it sends again what a resume had missed
(https://discord.com/developers/docs/topics/voice-connections#voice-gateway-versioning)."""


class VoiceOp(IntEnum):
    """What a message of the voice gateway is about."""

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
