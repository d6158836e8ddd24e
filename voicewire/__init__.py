"""A client for Discord's voice servers: it sends and receives Opus, encrypted end to end, and belongs to no library.

Start with `VoiceConnection`. docs/wire.md has its states, and who calls what.
"""

from voicewire.connection import VoiceConnection
from voicewire.ending import ConnectionEnded, EndCause, Ending
from voicewire.listener import VoiceListener, VoicePacket
from voicewire.rtp import SILENCE
from voicewire.voice_server import VoiceServer

__all__ = [
    "SILENCE",
    "ConnectionEnded",
    "EndCause",
    "Ending",
    "VoiceConnection",
    "VoiceListener",
    "VoicePacket",
    "VoiceServer",
]
