"""`channel.connect(cls=WireVoiceClient)`, by an unmodified py-cord bot in the sandbox."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
import pytest
from discord.voice import VoiceProtocol

from sandbox import ChannelHandle, GuildHandle, MemberActor, Sandbox
from tests.sandbox.pycord import make_bot, running
from tests.support.eventually import eventually
from tests.voicewire.wire import Ears, frames
from voicewire import ConnectionEnded, EndCause
from voicewire.adapters.voice_protocol import WireVoiceClient


@pytest.fixture
async def sandbox(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sandbox]:
    """A Discord that must have refused nothing in the end."""
    async with Sandbox(rate_limits=False) as sandbox:
        monkeypatch.setattr(discord.http.Route, "API_BASE_URL", sandbox.api_url)
        yield sandbox
    assert sandbox.refusals == []


@pytest.fixture
def guild(sandbox: Sandbox) -> GuildHandle:
    return sandbox.add_guild("Reading club")


@pytest.fixture
def lounge(guild: GuildHandle) -> ChannelHandle:
    return guild.add_voice_channel("Lounge")


@pytest.fixture
async def ada(guild: GuildHandle, lounge: ChannelHandle) -> MemberActor:
    ada = guild.add_member("Ada")
    await ada.join(lounge)
    return ada


@asynccontextmanager
async def in_call(sandbox: Sandbox, lounge: ChannelHandle, ears: Ears | None = None) -> AsyncIterator[WireVoiceClient]:
    """A bot in the call, which may speak."""

    class Client(WireVoiceClient):
        listener = ears

    bot = make_bot(sandbox)
    async with running(bot, sandbox):
        channel = bot.get_channel(lounge.id)
        assert isinstance(channel, discord.VoiceChannel)
        client = await channel.connect(timeout=10, reconnect=False, cls=Client)
        try:
            if lounge.call.members:
                await eventually(lambda: client.may_speak)
            yield client
        finally:
            await client.disconnect(force=True)


def registered(guild: discord.Guild) -> object:
    """The client that py-cord tells about a server."""
    return guild.voice_client


async def say(client: WireVoiceClient, words: list[bytes]) -> None:
    for word in words:
        await eventually(lambda word=word: client.send_frame(word))  # type: ignore[misc]


async def test_a_bot_speaks_and_hears(sandbox: Sandbox, lounge: ChannelHandle, ada: MemberActor) -> None:
    ears = Ears()
    async with in_call(sandbox, lounge, ears) as client:
        voice_client: object = client.guild.voice_client
        assert voice_client is client
        await say(client, frames(50))
        await lounge.call.wait_for_frames(50)
        await ada.speak(frames(10))
        await eventually(lambda: ears.of(ada.id) == frames(10))
        assert lounge.call.plaintext_with_dave == lounge.call.undecryptable == 0
    assert [frame.opus for frame in lounge.call.speech()] == frames(50)
    assert lounge.occupants == [ada.user]


async def test_it_follows_to_another_channel(
    sandbox: Sandbox, guild: GuildHandle, lounge: ChannelHandle, ada: MemberActor
) -> None:
    attic = guild.add_voice_channel("Attic")
    async with in_call(sandbox, lounge) as client:
        await say(client, frames(5))
        await ada.move(attic)
        await guild.move_bot(attic)
        await eventually(lambda: client.channel.id == attic.id and client.may_speak)
        await say(client, frames(5, 5))
        await attic.call.wait_for_frames(5)
        assert not client.ended.done()


@pytest.mark.usefixtures("ada")
async def test_a_removal_ends_it(sandbox: Sandbox, guild: GuildHandle, lounge: ChannelHandle) -> None:
    async with in_call(sandbox, lounge) as client:
        await guild.disconnect_bot()
        ending = await asyncio.wait_for(asyncio.shield(client.ended), 5)
        assert ending.cause is EndCause.REMOVED


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("code", [4006, 4014, 4022])
async def test_a_loss_is_told_and_the_bot_decides(sandbox: Sandbox, lounge: ChannelHandle, code: int) -> None:
    async with in_call(sandbox, lounge) as client:
        await sandbox.voice.faults.close(lounge.id, code)
        ending = await asyncio.wait_for(asyncio.shield(client.ended), 5)
        assert ending.close_code == code
        await client.disconnect()
        again = await client.channel.connect(timeout=10, reconnect=False, cls=type(client))
        await eventually(lambda: again.may_speak)
        await again.disconnect()


@pytest.mark.usefixtures("ada")
async def test_a_release_leaves_the_bot_in_the_channel(sandbox: Sandbox, lounge: ChannelHandle) -> None:
    async with in_call(sandbox, lounge) as client:
        await client.release()
        assert client.guild.voice_client is None
        await asyncio.sleep(0.1)
        assert len(lounge.occupants) == 2


async def test_a_removal_during_the_join_ends_it_at_once(
    sandbox: Sandbox, guild: GuildHandle, lounge: ChannelHandle
) -> None:
    sandbox.voice.faults.ready_delay = 60

    async def remove() -> None:
        await eventually(lambda: lounge.call.connections)
        await guild.disconnect_bot()

    removing = asyncio.create_task(remove())
    with pytest.raises(ConnectionEnded):
        async with asyncio.timeout(20), in_call(sandbox, lounge):
            pass
    await removing


async def test_without_the_main_gateway_it_is_released_all_the_same(
    sandbox: Sandbox, lounge: ChannelHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise ConnectionResetError("no gateway")

    async with in_call(sandbox, lounge) as client:
        monkeypatch.setattr(discord.Guild, "change_voice_state", fail)
        await client.disconnect()
        assert client.ended.done()
        assert client.guild.voice_client is None


async def test_a_join_without_the_main_gateway_may_be_tried_again(
    sandbox: Sandbox, lounge: ChannelHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise ConnectionResetError("no gateway")

    async with in_call(sandbox, lounge) as client:
        await client.disconnect()
        with monkeypatch.context() as patch:
            patch.setattr(discord.Guild, "change_voice_state", fail)
            with pytest.raises(ConnectionResetError):
                await client.channel.connect(timeout=10, reconnect=False, cls=type(client))
        again = await client.channel.connect(timeout=10, reconnect=False, cls=type(client))
        assert again.ended.done() is False
        await again.disconnect()


async def test_a_join_that_fails_leaves_the_channel(sandbox: Sandbox, lounge: ChannelHandle) -> None:
    sandbox.voice.faults.close_at_identify(4004)
    with pytest.raises(Exception, match="4004"):
        async with in_call(sandbox, lounge):
            pass
    await eventually(lambda: lounge.occupants == [])


async def test_a_client_that_the_library_has_forgotten_is_registered_again_and_goes_on(
    sandbox: Sandbox, guild: GuildHandle, lounge: ChannelHandle
) -> None:
    async with in_call(sandbox, lounge) as client:
        forgotten = client.guild
        VoiceProtocol.cleanup(client)  # as at a new session of the main gateway
        assert registered(forgotten) is None
        for _ in range(2):
            await client.keep_registered()
        assert registered(forgotten) is client
        assert len(lounge.call.connections) == 1
        await guild.disconnect_bot()
        ending = await asyncio.wait_for(asyncio.shield(client.ended), 5)
        assert ending.cause is EndCause.REMOVED
    await client.keep_registered()
    assert registered(forgotten) is None, "who has left is registered again"


@pytest.mark.parametrize("to_attic", [True, False])
async def test_a_move_in_the_middle_of_a_join_is_followed_at_once(
    sandbox: Sandbox, guild: GuildHandle, lounge: ChannelHandle, to_attic: bool
) -> None:
    there = guild.add_voice_channel("Attic") if to_attic else lounge
    sandbox.voice.faults.ready_delay = 60

    async def move() -> None:
        await eventually(lambda: lounge.call.connections)
        sandbox.voice.faults.ready_delay = 0
        await guild.move_bot(there)

    moving = asyncio.create_task(move())
    async with asyncio.timeout(20), in_call(sandbox, lounge) as client:
        await moving
        assert client.channel.id == there.id
        assert client.connection is not None
        assert client.connection.server.channel_id == there.id
        assert client.is_connected()


async def test_a_voice_server_that_is_not_named_is_an_answer_that_has_not_come(
    sandbox: Sandbox, lounge: ChannelHandle
) -> None:
    sandbox.faults.withhold_event("VOICE_SERVER_UPDATE")
    bot = make_bot(sandbox)
    async with running(bot, sandbox):
        channel = bot.get_channel(lounge.id)
        assert isinstance(channel, discord.VoiceChannel)
        with pytest.raises(ConnectionEnded, match=r"no voice server was named in 0\.5 s"):
            await channel.connect(timeout=0.5, cls=WireVoiceClient)
        await eventually(lambda: lounge.occupants == [])
        again = await channel.connect(timeout=10, cls=WireVoiceClient)
        await again.disconnect()
