"""A client for Discord's voice servers: it sends and receives Opus, encrypted end to end, and belongs to no library.

Start with `VoiceConnection`. docs/wire.md has its states, and who calls what. It shares no code with the sandbox, which
plays the server in its tests: a mistake in shared code would be at both ends of the wire, and no test would see it.
"""

from voicewire.connection import VoiceConnection
from voicewire.ending import DISCONNECTED, ConnectionEnded, EndCause, Ending
from voicewire.listener import VoiceListener, VoicePacket
from voicewire.pacer import Pacer
from voicewire.rtp import SILENCE
from voicewire.sender import QueuedFrame
from voicewire.voice_server import VoiceServer

__all__ = [
    "DISCONNECTED",
    "SILENCE",
    "ConnectionEnded",
    "EndCause",
    "Ending",
    "Pacer",
    "QueuedFrame",
    "VoiceConnection",
    "VoiceListener",
    "VoicePacket",
    "VoiceServer",
]
