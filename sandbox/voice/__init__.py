"""The voice half of the sandbox: what Discord's voice servers do, on loopback.

Start with `VoiceServer`. What it heard is in `Call`; what may be ordered to go wrong is in `VoiceFaults`.
"""

from sandbox.voice.call import Call
from sandbox.voice.captured_sound import LiveSound, Sound
from sandbox.voice.dave_client import DaveClient
from sandbox.voice.header_log import HeaderLog
from sandbox.voice.listening import Listening
from sandbox.voice.microphone import Microphone, OpenMicrophone, PushToTalk, VoiceActivity
from sandbox.voice.network_conditions import NetworkConditions
from sandbox.voice.records import ConnectionRecord, HeardFrame
from sandbox.voice.rtp import SILENCE
from sandbox.voice.voice_errors import UnsupportedVoiceOperation
from sandbox.voice.voice_faults import VoiceFaults
from sandbox.voice.voice_opcodes import Speaking, VoiceCloseCode, VoiceOp
from sandbox.voice.voice_server import VoiceServer

__all__ = [
    "SILENCE",
    "Call",
    "ConnectionRecord",
    "DaveClient",
    "HeaderLog",
    "HeardFrame",
    "Listening",
    "LiveSound",
    "Microphone",
    "NetworkConditions",
    "OpenMicrophone",
    "PushToTalk",
    "Sound",
    "Speaking",
    "UnsupportedVoiceOperation",
    "VoiceActivity",
    "VoiceCloseCode",
    "VoiceFaults",
    "VoiceOp",
    "VoiceServer",
]
