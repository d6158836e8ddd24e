"""What members say while the call is broken into, and who cannot be heard: nobody goes unheard without a word."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from sandbox.actions.member_actor import MemberActor
from sandbox.voice.rtp import RtpPacket
from tests.support.eventually import eventually
from tests.support.expected_speech import assert_all_was_heard
from tests.support.gateway_faults import invalidate
from tests.support.known_recordings import KnownRecordings
from tests.support.scene import Scene, SceneMaker
from tests.support.spoken_calls import (
    ABBEY,
    EASY,
    GLAD,
    MARRY,
    answers,
    captions,
    decoded,
    listening,
    opened,
    panel_says,
    posted,
    received,
)

pytestmark = pytest.mark.usefixtures("nothing_left")


LONG_TALE = " ".join(f"and then came {number} of those who had no full stop" for number in range(101, 107))


async def crash(scene: Scene) -> None:
    """4015: the server crashed, and the session can be taken up again."""
    await scene.discord.voice.faults.close(scene.lounge.id, 4015)


async def forget(scene: Scene) -> None:
    """4006: the session is not valid any more."""
    await scene.discord.voice.faults.close(scene.lounge.id, 4006)


async def drop(scene: Scene) -> None:
    """1006: the connection is gone without a word."""
    scene.discord.voice.faults.abort(scene.lounge.id)


async def change_region(scene: Scene) -> None:
    """4014, and then another voice server."""
    await scene.discord.voice.faults.close(scene.lounge.id, 4014)
    await scene.guild.move_bot(scene.lounge)


Break = Callable[[Scene], Awaitable[None]]


def _is_answered(scene: Scene, said: str, times: int) -> bool:
    return sum(said in each for each in answers(scene.text)) == times


@pytest.mark.parametrize("breaks", [(crash, forget), (drop, change_region)], ids=["4015-4006", "1006-4014"])
async def test_what_is_said_before_and_after_the_connection_is_lost_is_heard(
    scene: Scene, breaks: tuple[Break, ...], caplog: pytest.LogCaptureFixture
) -> None:
    known = KnownRecordings(GLAD, EASY)
    async with listening(scene, known):
        await scene.begin_call()
        for number, break_call in enumerate(breaks, 1):
            known.parts.clear()
            speaking = asyncio.create_task(scene.ada.speak(GLAD.at_48_khz()))
            await asyncio.sleep(GLAD.seconds / 2)
            await break_call(scene)
            await speaking
            await eventually(lambda: len(scene.call.sessions) == 1 and known.parts)
            assert known.parts[GLAD.name] > 0.3, "words that were there were lost"
            await scene.ada.speak(EASY.at_48_khz())
            await eventually(partial(_is_answered, scene, "Easy going", number))
            assert known.parts[EASY.name] > 0.5
    assert "is not heard" not in caplog.text


async def test_a_move_to_another_channel_is_followed_by_the_ear(scene: Scene) -> None:
    attic = scene.guild.add_voice_channel("Attic")
    async with listening(scene, KnownRecordings(GLAD, EASY)):
        panel = await scene.begin_call()
        await scene.ada.speak(EASY.at_48_khz())
        await posted(scene.text, "You said Easy going")
        await scene.ada.move(attic)
        await scene.guild.move_bot(attic)
        await panel_says(panel, attic.mention)
        await eventually(lambda: attic.call.sessions)
        await scene.ada.speak(GLAD.at_48_khz())
        await posted(scene.text, "Oh but i'm glad")
        assert captions(scene.text) == ["Ada: Easy going.", "Ada: Oh but i'm glad to get this place mowed."]


async def test_no_word_is_lost_while_members_come_and_go_nor_of_who_speaks_as_soon_as_they_come(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    cleo = scene.guild.add_member("Cleo")
    known = KnownRecordings(GLAD, EASY, ABBEY)
    async with listening(scene, known, listening="everyone"):
        await scene.begin_call()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(scene.ada.speak(GLAD.at_48_khz()))
            for member, sound in ((scene.ben, EASY), (cleo, ABBEY)):
                await asyncio.sleep(0.3)
                await member.join(scene.lounge)
                tasks.create_task(member.speak(sound.at_48_khz()))
            await asyncio.sleep(0.3)
            await scene.guild.add_member("Dora").join(scene.lounge)
        await eventually(lambda: len(captions(scene.text)) == 3)
        for member, sound in ((scene.ada, GLAD), (scene.ben, EASY), (cleo, ABBEY)):
            assert opened(member) == received(member)
            assert decoded(member) >= int(sound.seconds / 0.02), "packets that no decoder got"
    assert "is not heard" not in caplog.text


async def test_what_is_said_while_the_main_gateway_loses_its_session_is_heard_and_bots_stay_unheard(
    scene: Scene,
) -> None:
    music = scene.guild.add_bot("Music")
    known = KnownRecordings(GLAD, EASY, ABBEY)
    async with listening(scene, known, listening="everyone"):
        await scene.begin_call()
        await music.join(scene.lounge)
        playing = asyncio.create_task(music.speak(np.tile(ABBEY.at_48_khz(), 6)))
        speaking = asyncio.create_task(scene.ada.speak(GLAD.at_48_khz()))
        await asyncio.sleep(GLAD.seconds / 2)
        await invalidate(scene)
        await speaking
        await scene.discord.wait_until_connected(60)
        await posted(scene.text, "You said Oh but i'm glad")
        await scene.ada.speak(EASY.at_48_khz())
        await posted(scene.text, "You said Easy going")
        assert opened(music) == 0
        assert captions(scene.text) == ["Ada: Oh but i'm glad to get this place mowed.", "Ada: Easy going."]
        playing.cancel()
        await asyncio.wait({playing})


@contextmanager
def unopenable(scene: Scene, member: MemberActor) -> Iterator[None]:
    """Inside, what a member says is sealed with a key that nobody has."""
    voice = scene.call.members[member.id]
    speak = voice.speak

    def garbled(opus: bytes) -> RtpPacket:
        packet = speak(opus)
        return replace(packet, payload=bytes([packet.payload[0] ^ 0x55]) + packet.payload[1:])

    voice.speak = garbled  # type: ignore[method-assign]
    try:
        yield
    finally:
        voice.speak = speak  # type: ignore[method-assign]


async def test_whose_key_is_wrong_is_named_on_the_panel_and_has_the_call_joined_anew_once_and_no_frame_is_lost(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    async with listening(scene, KnownRecordings(GLAD, ABBEY, MARRY), listening="everyone"):
        panel = await scene.begin_call()
        await scene.ben.join(scene.lounge)
        await panel_says(panel, "I hear Ada and Ben.")
        await scene.ada.type(LONG_TALE, scene.lounge)
        await scene.call.wait_for_frames(10)
        with unopenable(scene, scene.ben):
            speaking = asyncio.create_task(scene.ben.speak(np.tile(MARRY.at_48_khz(), 3)))
            await panel_says(panel, "I cannot hear Ben just now")
            assert not speaking.done(), "not in time for who speaks"
            assert "Ben" in (await scene.ada.command("voice_status", scene.text)).content
            await speaking
        await assert_all_was_heard(scene)
        assert "could not take the commit" in caplog.text, "no new keys were asked for"
        assert len(scene.call.connections) == 2
        await scene.ben.speak(ABBEY.at_48_khz())
        await posted(scene.text, "You said Northanger abbey")
        assert "cannot hear" not in panel.content
        await scene.ada.speak(GLAD.at_48_khz())
        await posted(scene.text, "You said Oh but i'm glad")
        assert captions(scene.text) == ["Ben: Northanger abbey.", "Ada: Oh but i'm glad to get this place mowed."]


async def test_our_own_voice_out_of_a_members_loudspeaker_is_no_question(open_scene: SceneMaker) -> None:
    said = MARRY.at_48_khz()[::2].astype("float32") / 32768

    async with (
        open_scene(
            responder=lambda _: "And so might marry again when he would.", voice=lambda _, __: (said, 24_000)
        ) as scene,
        listening(scene, KnownRecordings(MARRY, EASY)) as recognition,
    ):
        await scene.begin_call()
        await scene.ada.speak(EASY.at_48_khz())
        await scene.call.wait_for_frames(1)
        echoing = asyncio.create_task(scene.ada.speak(scene.call.echo(gain=0.6)))
        await scene.heard_to_the_end()
        await recognition.wait_for_requests(2)
        await asyncio.sleep(1.0)  # until another answer would be heard
        echoing.cancel()
        await asyncio.wait([echoing])
        assert captions(scene.text) == ["Ada: Easy going."]
        assert len(scene.model.requests) == 1
