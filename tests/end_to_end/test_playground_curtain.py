"""Behind the curtain of the playground: each fault is let loose on a call, which goes on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from sandbox.playground import Backstage, Playground
from sandbox.tools.bot_process import BotProcess
from tests.support.assistant_process import APP, variables
from tests.support.eventually import eventually
from tests.support.page_client import PageClient, open_page
from tests.support.scene import Scene

KINDS = {"asked", "model", "speech", "heard", "posted"}


@asynccontextmanager
async def open_curtain(scene: Scene, log: Path) -> AsyncIterator[PageClient]:
    """A page with its curtain open, and a bot that ships, in a call with Ada."""
    async with (
        BotProcess(APP, variables(scene, TTS_ENGINE="gtts,hibari"), log) as bot,
        Playground(
            scene.discord, scene.guild, scene.ada, backstage=Backstage(bot, scene.model, scene.google)
        ) as played,
        open_page(played) as page,
    ):
        await scene.discord.wait_until_ready(60)
        await page.ask("curtain", open=True)
        await page.ask("join", channel=str(scene.lounge.id))
        await scene.call_assistant()
        yield page


async def press(page: PageClient, name: str) -> None:
    """Press a button; it must be there and take effect."""
    assert "error" not in await page.ask("fault", name=name)


async def is_answered(scene: Scene, line: str) -> None:
    """A question is answered, in writing and aloud."""
    assert (await scene.answer_to(line, 40)).content == f"You said {line}."
    await scene.heard_to_the_end()


@pytest.mark.timeout(240)
async def test_whatever_is_let_loose_the_call_goes_on_and_the_curtain_shows_it(scene: Scene, tmp_path: Path) -> None:
    study = scene.guild.add_voice_channel("Study")
    async with open_curtain(scene, tmp_path / "bot.log") as page:
        call = scene.call
        await is_answered(scene, "one")
        await page.until(lambda: len(page.curtain["turns"]) == 1)
        await page.until(lambda: {each["kind"] for each in page.curtain["turns"][0]["steps"]} >= KINDS)
        steps = page.curtain["turns"][0]["steps"]
        assert steps[0] == {"kind": "asked", "label": "Ada types", "text": "one", "from": 0.0, "to": 0.0}
        assert 0 < page.curtain["turns"][0]["first_sound"] == min(s["from"] for s in steps if s["kind"] == "heard")
        assert [s["text"] for s in steps if s["label"] == "Model: the rest"] == ["You said one."]
        assert page.curtain["connection"]["is_connected"]
        await page.until(lambda: any("📝 Processing message: one" in line for line in page.log))

        await press(page, "close_4006")
        await eventually(lambda: len(call.connections) == 2, 10)
        await is_answered(scene, "two")
        await page.until(lambda: page.curtain["connection"]["connections"][1]["close_code"] == 4006)

        await press(page, "lose_udp")
        await page.until(lambda: "lose_udp" in pressed(page))
        heard = len(call.frames)
        await scene.ada.type("three", scene.lounge)
        await scene.lounge.wait_for_message(lambda message: message.content == "You said three.", 20)
        await asyncio.sleep(1)  # longer than the answer
        assert len(call.frames) == heard
        await press(page, "lose_udp")
        await is_answered(scene, "four")

        await press(page, "model_fails")
        assert "Sorry, my language model" in (await scene.answer_to("five", 30)).content
        await scene.heard_to_the_end()
        await press(page, "model_fails")
        await is_answered(scene, "six")

        await press(page, "google_refuses")
        await is_answered(scene, "seven")
        assert not [each for each in scene.google.requests if "seven" in each.text and each.answered]
        await press(page, "google_refuses")
        await page.until(lambda: not pressed(page))

        for name in ("restart_bot", "kill_bot"):
            identifies = scene.discord.identifies
            await press(page, name)
            await scene.discord.until(partial(has_identified, scene, identifies + 1), 60)
            await scene.discord.wait_until_ready(60)
            await is_answered(scene, f"after {name[:4]}")

        await press(page, "move")
        await eventually(lambda: scene.discord.bot in study.occupants, 10)
        await page.ask("join", channel=str(study.id))
        before = len(study.call.speech())
        assert (await scene.answer_to("eight", 40, study)).content == "You said eight."
        await study.call.wait_for_frames(before + 1)

        await press(page, "kick")
        await eventually(lambda: scene.discord.bot not in study.occupants, 10)
        await page.until(lambda: any("disconnected from the voice channel" in text for text in page.texts))
        assert "in no call" in (await page.ask("fault", name="kick"))["error"]
        await scene.call_assistant()
        assert (await scene.answer_to("nine", 40, study)).content == "You said nine."


def has_identified(scene: Scene, times: int) -> bool:
    """Whether the bot has identified so often: once for each of its processes."""
    return scene.discord.identifies == times


def pressed(page: PageClient) -> set[str]:
    """The names of what lasts at the moment."""
    return {each["name"] for each in page.curtain["faults"] if each["on"]}
