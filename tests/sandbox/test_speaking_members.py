"""What members of a guild do with their microphones and cameras, as a bot in their call finds it."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from functools import partial

import aiohttp
import discord
import pytest

from sandbox import GuildHandle, MemberActor, NotAllowed, Sandbox
from sandbox.voice import SILENCE, NetworkConditions, PushToTalk
from tests.sandbox.pycord import make_bot, running
from tests.support.eventually import eventually
from tests.support.recorded_speech import recording
from tests.voicewire.wire import Ears, frames
from voicewire.adapters.voice_protocol import WireVoiceClient


class Scene:
    """A guild with a call, in which Ada and the bot are."""

    def __init__(self, server: Sandbox) -> None:
        self.guild: GuildHandle = server.add_guild("Reading club")
        self.lounge = self.guild.add_voice_channel("Lounge")
        self.ada: MemberActor = self.guild.add_member("Ada")
        self.ears = Ears()
        self.bot = make_bot(server)
        self.client: WireVoiceClient

    def heard(self, member: MemberActor) -> list[bytes | None]:
        return self.ears.of(member.id)

    def shows(self, member: MemberActor, state: str) -> bool:
        """Whether a flag of the member's voice state is set, as the bot has it; no flag before it knows the member."""
        guild = self.bot.get_guild(self.guild.id)
        found = guild.get_member(member.id) if guild is not None else None
        return found is not None and found.voice is not None and bool(getattr(found.voice, state))


@pytest.fixture
async def scene(server: Sandbox) -> AsyncIterator[Scene]:
    scene = Scene(server)
    await scene.ada.join(scene.lounge)
    trust = ssl.create_default_context(cafile=str(server.ca_file))

    class Client(WireVoiceClient):
        listener = scene.ears
        make_connector = partial(aiohttp.TCPConnector, ssl=trust)

    async with running(scene.bot, server):
        channel = scene.bot.get_channel(scene.lounge.id)
        assert isinstance(channel, discord.VoiceChannel)
        scene.client = await channel.connect(timeout=10, reconnect=False, cls=Client)
        await eventually(lambda: scene.client.may_speak)
        yield scene
        await scene.client.disconnect(force=True)


async def test_a_bot_that_deafens_itself_is_sent_everything_and_one_that_a_moderator_deafens_nothing(
    scene: Scene,
) -> None:
    channel = scene.bot.get_channel(scene.lounge.id)
    assert isinstance(channel, discord.VoiceChannel)
    await scene.client.guild.change_voice_state(channel=channel, self_deaf=True)
    await eventually(lambda: scene.guild.bot_voice is not None and scene.guild.bot_voice.self_deaf)
    await scene.ada.speak(frames(5))
    await eventually(lambda: scene.heard(scene.ada) == frames(5))
    scene.guild.deafen_bot()
    await scene.ada.speak(frames(5, 5))
    scene.guild.deafen_bot(False)
    await scene.ada.speak(frames(5, 10))
    await eventually(lambda: scene.heard(scene.ada) == [*frames(5), *frames(5, 10)])


async def test_nothing_comes_of_who_is_muted_and_the_voice_state_says_by_whom(scene: Scene) -> None:
    await scene.ada.mute()
    await scene.ada.speak(frames(3))
    await eventually(lambda: scene.shows(scene.ada, "self_mute"))
    await scene.ada.mute(False)
    scene.guild.mute(scene.ada)
    await scene.ada.speak(frames(3, 3))
    await eventually(lambda: scene.shows(scene.ada, "mute") and not scene.shows(scene.ada, "self_mute"))
    scene.guild.mute(scene.ada, False)
    await scene.ada.speak(frames(3, 6))
    await eventually(lambda: scene.heard(scene.ada) == frames(3, 6))
    await scene.ada.leave()
    with pytest.raises(NotAllowed):
        await scene.ada.mute()
    with pytest.raises(NotAllowed):
        scene.guild.mute(scene.ada)


async def test_a_mute_outlasts_the_way_to_another_channel(scene: Scene) -> None:
    attic = scene.guild.add_voice_channel("Attic")
    await scene.ada.mute()
    scene.guild.mute(scene.ada)
    await scene.ada.move(attic)
    state = scene.ada.voice
    assert state is not None
    assert state.self_mute
    assert scene.ada.id in attic.call.audience.silenced


async def test_members_speak_with_a_camera_on_and_while_the_bot_speaks(scene: Scene) -> None:
    async with scene.ada.camera():
        await eventually(lambda: scene.shows(scene.ada, "self_video"))
        speaking = asyncio.create_task(scene.ada.speak(frames(15), microphone=PushToTalk()))
        while not speaking.done():
            scene.client.send_frame(b"\x78 the bot")
            await asyncio.sleep(0.02)
        await speaking
    await eventually(lambda: scene.heard(scene.ada) == frames(15))
    await eventually(lambda: not scene.shows(scene.ada, "self_video"))
    assert len(scene.lounge.call.speech()) > 5
    with pytest.raises(NotAllowed):
        async with scene.guild.add_member("Eve").camera():
            pass


async def test_another_bot_is_one_to_the_bot_and_has_a_voice(scene: Scene) -> None:
    music = scene.guild.add_bot("Music")
    await music.join(scene.lounge)
    await eventually(lambda: scene.lounge.call.members[music.id].listening_since is not None)
    await music.speak(frames(5))
    await eventually(lambda: scene.heard(music) == frames(5))
    found = scene.client.guild.get_member(music.id)
    assert found is not None
    assert found.bot


async def test_recorded_speech_comes_over_a_bad_network_as_frames_with_gaps(scene: Scene) -> None:
    sound = recording("en-cv-22058267").at_48_khz()
    network = NetworkConditions(loss=0.1, reorder=0.05, jitter=0.03, seed=2)
    await scene.ada.speak(sound, network=network)
    count = -(-len(sound) // 960)
    counters = scene.client.connection.session.receiver.counters[scene.ada.id]  # type: ignore[union-attr]
    await eventually(lambda: counters.lost > 0)
    assert 0.8 * count < len(scene.heard(scene.ada)) < count
    assert None not in scene.heard(scene.ada)
    assert SILENCE not in scene.heard(scene.ada)
