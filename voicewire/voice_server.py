"""Where a voice connection goes, and as whom."""

from dataclasses import dataclass, field

from voicewire.opcodes import GATEWAY_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceServer:
    """What Discord's main gateway says of a voice connection, in VOICE_STATE_UPDATE and VOICE_SERVER_UPDATE.

    Source: https://discord.com/developers/docs/topics/voice-connections#retrieving-voice-server-information
    """

    user_id: int
    """The bot."""
    server_id: int
    """The guild."""
    channel_id: int
    """The voice channel, which is also the id of its end-to-end encryption group."""
    session_id: str = field(repr=False)
    """Of our own voice state."""
    token: str = field(repr=False)
    """Of the voice server. Secret."""
    endpoint: str
    """HOST or HOST:PORT."""

    @property
    def url(self) -> str:
        """The address of the voice gateway."""
        return f"wss://{self.endpoint.removeprefix('wss://').rstrip('/')}/?v={GATEWAY_VERSION}"
