"""Sound of one page is heard on the pages of others in the call, and by a bot; whoever closes their page leaves."""

import asyncio
import struct

import numpy as np
import pytest

from sandbox import ChannelHandle, GuildHandle, MemberActor, Sandbox
from sandbox.playground import Playground
from sandbox.voice import SILENCE
from sandbox.voice.opus_codec import FRAME_SAMPLES, OpusEncoder
from tests.support.eventually import eventually
from tests.support.page_client import PageClient, open_page

OPUS, PCM = 1, 2
TONE = (8000 * np.sin(2 * np.pi * 440 * np.arange(FRAME_SAMPLES) / 48_000)).astype("<i2")


def captured(kind: int, sound: bytes, at: float = 0.0) -> bytes:
    """20 ms as a page sends them."""
    return struct.pack(">Bd", kind, at) + sound


def played(message: bytes) -> tuple[int, int, bytes]:
    """What a page is sent: the kind, whose it is, the sound."""
    kind, _, user = struct.unpack_from(">BdQ", message)
    return kind, user, message[17:]


async def in_call(page: PageClient, channel: ChannelHandle) -> None:
    await page.ask("join", channel=str(channel.id))


async def test_others_in_the_call_hear_a_page_as_opus_or_as_samples(
    playground: Playground, page: PageClient, lounge: ChannelHandle, ada: MemberActor
) -> None:
    ben, cleo = (str(playground.people.add(name).actor.id) for name in ("Ben", "Cleo"))
    opus = OpusEncoder().encode(TONE)
    async with open_page(playground, ben) as hears, open_page(playground, cleo, sound="pcm") as hears_samples:
        for each in (page, hears, hears_samples):
            await in_call(each, lounge)
        await page.send(captured(OPUS, opus))
        await hears.until(lambda: hears.sounds)
        await hears_samples.until(lambda: hears_samples.sounds)
        assert played(hears.sounds[0]) == (OPUS, ada.id, opus)
        kind, user, samples = played(hears_samples.sounds[0])
        assert (kind, user, len(samples)) == (PCM, ada.id, 1920)
        await page.send(captured(PCM, TONE.tobytes()))
        await hears.until(lambda: len(hears.sounds) == 2)
        assert played(hears.sounds[1])[0] == OPUS
        assert not page.sounds, "nobody hears themselves"


async def test_nobody_hears_who_is_muted_or_elsewhere(
    playground: Playground, page: PageClient, guild: GuildHandle, lounge: ChannelHandle, ada: MemberActor
) -> None:
    opus = OpusEncoder().encode(TONE)
    elsewhere = guild.add_voice_channel("Elsewhere")
    async with open_page(playground, str(playground.people.add("Ben").actor.id)) as hears:
        await in_call(hears, lounge)
        await page.send(captured(OPUS, opus))
        await in_call(page, elsewhere)
        await page.send(captured(OPUS, opus))
        await in_call(page, lounge)
        await page.ask("mute", on=True)
        await page.send(captured(OPUS, opus))
        await page.ask("mute", on=False)
        guild.mute(ada)
        await page.send(captured(OPUS, opus))
        await page.ask("mute", on=False)  # what was sent has been read
        guild.mute(ada, False)
        await page.send(captured(OPUS, SILENCE))
        await hears.until(lambda: hears.sounds)
        assert [played(each)[2] for each in hears.sounds] == [SILENCE]


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\x01",
        captured(OPUS, b""),
        captured(OPUS, bytes(1276)),
        captured(PCM, bytes(1918)),
        captured(PCM, bytes(1922)),
        captured(3, bytes(100)),
    ],
    ids=lambda message: f"{len(message)} bytes",
)
async def test_what_is_no_sound_is_left_out_and_the_page_goes_on(
    playground: Playground, page: PageClient, lounge: ChannelHandle, message: bytes
) -> None:
    async with open_page(playground, str(playground.people.add("Ben").actor.id)) as hears:
        await in_call(hears, lounge)
        await in_call(page, lounge)
        await page.send(message)
        await page.send(captured(OPUS, SILENCE))
        await hears.until(lambda: hears.sounds)
        assert [played(each)[2] for each in hears.sounds] == [SILENCE]


async def test_who_reloads_their_page_stays_in_the_call_and_who_closes_it_leaves(
    server: Sandbox, guild: GuildHandle, lounge: ChannelHandle, ada: MemberActor
) -> None:
    async with Playground(server, guild, ada, reload_seconds=0.3) as playground:
        async with open_page(playground) as page:
            await in_call(page, lounge)
        async with open_page(playground) as page:
            await asyncio.sleep(0.6)
            assert ada.user in lounge.occupants
            assert page.state["voice"]
        await eventually(lambda: ada.user not in lounge.occupants)


async def test_a_person_in_two_tabs_is_there_until_the_last_one_is_closed(
    server: Sandbox, guild: GuildHandle, lounge: ChannelHandle, ada: MemberActor
) -> None:
    async with Playground(server, guild, ada, reload_seconds=0.1) as playground, open_page(playground) as page:
        async with open_page(playground) as other:
            await in_call(other, lounge)
            await page.until(lambda: page.state["voice"])
        await asyncio.sleep(0.3)
        assert ada.user in lounge.occupants
