"""A voice connection as the player sees it."""

import ssl

import aiohttp

from voicewire import Pacer, QueuedFrame, VoiceConnection, VoiceServer
from voicewire.dave.davey_session import DaveySession


class WireLine:
    """See `assistant.audio.player.FrameTransport`."""

    def __init__(self, server: VoiceServer, trusted: ssl.SSLContext, pacer: Pacer) -> None:
        def make_http() -> aiohttp.ClientSession:
            return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusted))

        self._connection = VoiceConnection(server, DaveySession, pacer=pacer, make_http=make_http)

    @property
    def connection(self) -> VoiceConnection:
        """The connection itself."""
        return self._connection

    @property
    def is_connected(self) -> bool:
        """See `FrameTransport`."""
        return self._connection.is_connected

    @property
    def is_mute(self) -> bool:
        """Never: what mends a connection is not measured here."""
        return False

    def queue_frame(self, frame: bytes) -> QueuedFrame | None:
        """See `FrameTransport`."""
        return self._connection.queue_frame(frame)

    async def announce_speaking(self, speaking: bool) -> None:
        """See `FrameTransport`."""
        self._connection.announce_speaking(speaking)
