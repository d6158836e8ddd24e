"""A whole call with an unmodified py-cord bot: main gateway, voice gateway, UDP, with DAVE and without."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import discord
import pytest
from discord.voice import VoiceClient

from sandbox import ChannelHandle, GuildHandle, Sandbox
from tests.sandbox.pycord import make_bot, running
from tests.support.eventually import eventually

FRAMES = [bytes([0x78, index % 250 + 1, 7, 7]) for index in range(50)]


class Frames(discord.AudioSource):
    """Opus frames which exist already."""

    def __init__(self) -> None:
        self._frames: Iterator[bytes] = iter(FRAMES)

    def read(self) -> bytes:
        return next(self._frames, b"")

    def is_opus(self) -> bool:
        return True


@asynccontextmanager
async def connected(server: Sandbox, channel: ChannelHandle) -> AsyncIterator[tuple[discord.Bot, VoiceClient]]:
    """A bot in a call, with a ticking loop, without which py-cord's UDP reader stalls."""
    bot = make_bot(server)
    ticker = asyncio.create_task(_tick())
    try:
        async with running(bot, server):
            found = bot.get_channel(channel.id)
            assert isinstance(found, discord.VoiceChannel | discord.StageChannel)
            client: VoiceClient = await found.connect(timeout=10, reconnect=False)
            await _end_to_end_ready(client)
            yield bot, client
            if client.guild.voice_client is client:
                await client.disconnect(force=True)
    finally:
        ticker.cancel()
        await asyncio.gather(ticker, return_exceptions=True)


async def _tick() -> None:
    while True:  # noqa: ASYNC110 - nothing is waited for
        await asyncio.sleep(0.02)


async def _end_to_end_ready(client: VoiceClient) -> None:
    session = client._connection.dave_session
    await eventually(lambda: session is None or bool(session.ready))


def add_call(server: Sandbox) -> tuple[GuildHandle, ChannelHandle]:
    guild = server.add_guild("Reading club")
    return guild, guild.add_voice_channel("Lounge")


@pytest.mark.parametrize("server", [{"dave_protocol_version": 1}, {"dave_protocol_version": 0}], indirect=True)
async def test_frames_are_heard_in_the_channel(server: Sandbox) -> None:
    guild, lounge = add_call(server)
    ada = guild.add_member("Ada")
    await ada.join(lounge)

    async with connected(server, lounge) as (_, client):
        assert [user.name for user in lounge.occupants] == ["Ada", server.bot.name]
        client.play(Frames())
        await lounge.call.wait_for_frames(len(FRAMES), timeout=10)
        await ada.speak([b"\xf8\xff\xfe"] * 3)

    assert [frame.opus for frame in lounge.call.speech()] == FRAMES
    assert lounge.occupants == [ada.user]


async def test_bot_thrown_out_by_moderator_is_out(server: Sandbox) -> None:
    guild, lounge = add_call(server)
    ada = guild.add_member("Ada")
    await ada.join(lounge)

    async with connected(server, lounge) as (bot, client):
        await guild.disconnect_bot()
        await eventually(lambda: not bot.voice_clients)
        assert not client.is_connected()

    assert lounge.occupants == [ada.user]


async def test_dragged_bot_is_heard_in_the_other_channel(server: Sandbox) -> None:
    guild, lounge = add_call(server)
    attic = guild.add_voice_channel("Attic")
    ada = guild.add_member("Ada")
    await ada.join(attic)
    bot = make_bot(server)
    ticker = asyncio.create_task(_tick())

    async with running(bot, server):
        found = bot.get_channel(lounge.id)
        assert isinstance(found, discord.VoiceChannel)
        client: VoiceClient = await found.connect(timeout=10)
        await guild.move_bot(attic)
        await eventually(lambda: bool(attic.call.sessions) and client.is_connected())
        await _end_to_end_ready(client)
        client.play(Frames())
        await attic.call.wait_for_frames(len(FRAMES), timeout=10)
        assert client.channel.id == attic.id
        assert attic.occupants == [ada.user, server.bot]
        await client.disconnect(force=True)
    ticker.cancel()
    await asyncio.gather(ticker, return_exceptions=True)
