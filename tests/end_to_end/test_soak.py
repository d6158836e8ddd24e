"""Three quarters of a minute of conversation with a fault every other second, on real sockets."""

import asyncio
import random

import pytest

from sandbox.standins import faults as model_faults
from sandbox.standins import faults as speech_faults
from tests.support.scene import Scene

SECONDS = 45.0


async def close(scene: Scene, chance: random.Random) -> None:
    await scene.discord.voice.faults.close(scene.lounge.id, chance.choice([1000, 1001, 4000, 4006, 4009, 4015]))


async def close_and_lose_the_discovery(scene: Scene, chance: random.Random) -> None:
    scene.discord.voice.faults.drop_discoveries(1)
    await close(scene, chance)


async def cut(scene: Scene, _: random.Random) -> None:
    scene.discord.voice.faults.abort(scene.lounge.id)


async def drop_the_gateway(scene: Scene, _: random.Random) -> None:
    await scene.discord.faults.drop_gateway(code=4000, resumable=True)


async def refuse_an_answer(scene: Scene, _: random.Random) -> None:
    scene.model.order(model_faults.Status(503))


async def refuse_speech(scene: Scene, chance: random.Random) -> None:
    scene.google.order(speech_faults.Status(chance.choice([429, 500])))


async def come_speak_and_go(scene: Scene, _: random.Random) -> None:
    await scene.ben.join(scene.lounge)
    await scene.ben.speak([b"\xf8\xff\xfe"] * 3)
    await scene.ben.leave()


FAULTS = (
    close,
    close,
    close_and_lose_the_discovery,
    cut,
    drop_the_gateway,
    refuse_an_answer,
    refuse_speech,
    come_speak_and_go,
)


@pytest.mark.timeout(180)
async def test_every_accepted_message_is_answered_once_and_in_order_whatever_breaks(scene: Scene) -> None:
    chance = random.Random(20261122)
    async with scene.assistant(speech=scene.speech(engine=("auto",)), inbox_size=100):
        await scene.begin_call()
        typed: list[str] = []
        faults = 0
        ends_at = asyncio.get_running_loop().time() + SECONDS
        while asyncio.get_running_loop().time() < ends_at:
            line = f"message number {len(typed)}"
            await scene.ada.type(line, scene.lounge)
            typed.append(line)
            await asyncio.sleep(chance.uniform(0.5, 1.5))
            await chance.choice(FAULTS)(scene, chance)
            faults += 1
            await asyncio.sleep(chance.uniform(0.5, 1.5))
        last = f"You said {typed[-1]}."
        await scene.lounge.wait_for_message(lambda message: message.content == last, 90)
        answers = [message.content for message in scene.lounge.messages if message.author.bot]
        assert [answer for answer in answers if answer.startswith("You said")] == [
            f"You said {line}." for line in typed
        ]
        unspoken = [answer for answer in answers if "🔇" in answer]
        assert not unspoken
        assert scene.call.plaintext_with_dave == 0
        assert faults > 15
