"""The voice half of the sandbox: what Discord's voice servers do, on loopback.

Start with `VoiceServer`. What it heard is in `Call`; what may be ordered to go wrong is in `VoiceFaults`.
"""

from sandbox.voice.call import Call
from sandbox.voice.errors import UnsupportedVoiceOperation
from sandbox.voice.faults import VoiceFaults
from sandbox.voice.headers import HeaderLog
from sandbox.voice.listening import Listening
from sandbox.voice.member import Member
from sandbox.voice.opcodes import CloseCode, Op
from sandbox.voice.records import ConnectionRecord, HeardFrame
from sandbox.voice.rtp import SILENCE
from sandbox.voice.server import VoiceServer

__all__ = [
    "SILENCE",
    "Call",
    "CloseCode",
    "ConnectionRecord",
    "HeaderLog",
    "HeardFrame",
    "Listening",
    "Member",
    "Op",
    "UnsupportedVoiceOperation",
    "VoiceFaults",
    "VoiceServer",
]
