"""py-cord's own VoiceClient, with stand-ins for the few things around it that a main gateway would fill."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import discord
from discord.voice import VoiceClient

from sandbox.voice import VoiceCloseCode, VoiceServer
from tests.sandbox.voice.raw_client import BOT, CHANNEL, GUILD


class OpusFrames(discord.AudioSource):
    """Frames that exist already."""

    def __init__(self, frames: list[bytes]) -> None:
        self._left = iter(frames)

    def read(self) -> bytes:
        return next(self._left, b"")

    def is_opus(self) -> bool:
        return True


@dataclass(eq=False)
class StandInGuild:
    """Answers voice state updates as the main gateway would."""

    server: VoiceServer
    client: VoiceClient | None = None
    session: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    id: int = GUILD
    me: Any = field(default_factory=lambda: SimpleNamespace(id=BOT, voice=None))

    def get_member(self, user_id: int) -> None:
        """Nobody is cached."""

    async def change_voice_state(self, *, channel: Any, **_: bool) -> None:
        task = asyncio.create_task(self._answer(channel))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _answer(self, channel: Any) -> None:
        if self.client is None:
            return
        # py-cord misses an answer that is there before it has begun to wait.
        await asyncio.sleep(0.01)
        if channel is None:
            await self.server.disconnect(guild_id=GUILD, user_id=BOT, code=VoiceCloseCode.DISCONNECTED)
        self.session += 1
        name = f"session-{self.session}"
        state = SimpleNamespace(channel_id=channel and channel.id, session_id=name)
        await self.client.on_voice_state_update(cast(Any, state))
        if channel is not None:
            token = self.server.expect(guild_id=GUILD, channel_id=channel.id, user_id=BOT, session_id=name)
            update = SimpleNamespace(guild_id=GUILD, token=token, endpoint=self.server.endpoint)
            await self.client.on_voice_server_update(cast(Any, update))


async def _tick() -> None:
    """py-cord's UDP reader hands its answer to a sleeping loop without waking it."""
    while True:  # noqa: ASYNC110 - nothing is waited for
        await asyncio.sleep(0.02)


@asynccontextmanager
async def pycord_connected(server: VoiceServer, *, reconnect: bool = False) -> AsyncIterator[VoiceClient]:
    """A VoiceClient that has connected to the server."""
    trust = ssl.create_default_context(cafile=str(server.ca_file))
    loop = asyncio.get_running_loop()
    guild = StandInGuild(server)
    ticker = asyncio.create_task(_tick())
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust)) as http:

        async def ws_connect(url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
            return await http.ws_connect(url, autoclose=False, max_msg_size=0, compress=compress)

        state = SimpleNamespace(
            loop=loop,
            user=SimpleNamespace(id=BOT),
            self_id=BOT,
            http=SimpleNamespace(ws_connect=ws_connect),
            _remove_voice_client=lambda _: None,
        )
        client = SimpleNamespace(loop=loop, _connection=state, dispatch=lambda *_, **__: None)
        channel = SimpleNamespace(id=CHANNEL, guild=guild, _get_voice_client_key=lambda: (GUILD, "guild_id"))
        voice = VoiceClient(cast(Any, client), cast(Any, channel))
        guild.client = voice
        try:
            await voice.connect(reconnect=reconnect, timeout=10.0)
            yield voice
        finally:
            if voice.is_connected():
                await voice.disconnect()
            ticker.cancel()
            with suppress(asyncio.CancelledError):
                await ticker
