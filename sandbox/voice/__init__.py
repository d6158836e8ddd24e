"""The voice half of the sandbox: what Discord's voice servers do, on loopback.

Start with `VoiceServer`. What it heard is in `Call`; what may be ordered to go wrong is in `VoiceFaults`.
"""

from .call import Call
from .errors import UnsupportedVoiceOperation
from .faults import VoiceFaults
from .headers import HeaderLog
from .listening import Listening
from .member import Member
from .opcodes import CloseCode, Op
from .records import ConnectionRecord, HeardFrame
from .rtp import SILENCE
from .server import VoiceServer

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
