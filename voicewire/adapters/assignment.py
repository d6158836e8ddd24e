"""Which voice server Discord's main gateway has assigned to us."""

import asyncio
from collections.abc import Callable

from voicewire.ending import ConnectionEnded, EndCause, Ending
from voicewire.voice_server import VoiceServer


class Assignment:
    """What VOICE_STATE_UPDATE and VOICE_SERVER_UPDATE have said, which come in any order.

    Source: https://discord.com/developers/docs/topics/voice-connections#retrieving-voice-server-information
    """

    def __init__(self, user_id: int, server_id: int) -> None:
        """`user_id` is the bot's, `server_id` the guild's."""
        self._user_id = user_id
        self._server_id = server_id
        self._state: tuple[str, int] | None = None
        self._server: tuple[str, str] | None = None
        self._news = asyncio.Event()
        self.over: Ending | None = None
        """Why nothing more is to be expected: we were removed from the channel, or we have left it."""

    @property
    def has_begun(self) -> bool:
        """Whether anything has come yet."""
        return self._state is not None or self._server is not None

    @property
    def server(self) -> VoiceServer | None:
        """The server that is assigned now; None while one of the two messages is missing."""
        if self._state is None or self._server is None:
            return None
        (session_id, channel_id), (token, endpoint) = self._state, self._server
        return VoiceServer(
            user_id=self._user_id,
            server_id=self._server_id,
            channel_id=channel_id,
            session_id=session_id,
            token=token,
            endpoint=endpoint,
        )

    def take_state(self, session_id: str, channel_id: int | None) -> None:
        """VOICE_STATE_UPDATE: in which channel we are, in which voice session."""
        if channel_id is not None:
            self._state = session_id, channel_id
            self._news.set()
        elif self._state is not None:  # else it is the end of the connection before this one
            self.end(Ending(cause=EndCause.REMOVED))

    def take_server(self, token: str, endpoint: str | None) -> None:
        """VOICE_SERVER_UPDATE: the server; without an endpoint it is gone, and another one is to be named."""
        if endpoint is not None:
            self._server = token, endpoint
            self._news.set()

    def end(self, ending: Ending) -> None:
        """Expect nothing more. The first ending counts."""
        self.over = self.over or ending
        self._news.set()

    async def wait_for(self, is_wanted: Callable[[VoiceServer], bool]) -> VoiceServer:
        """The first server that is assigned and wanted.

        Raises:
            ConnectionEnded: we are in no channel any more.
        """
        while True:
            if self.over is not None:
                raise ConnectionEnded(self.over)
            server = self.server
            if server is not None and is_wanted(server):
                return server
            self._news.clear()
            await self._news.wait()
