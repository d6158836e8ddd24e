"""Pictures of the playground: `python -m sandbox.tools.playground_screenshots docs` (needs Chromium and playwright).

The call in them is a real one in the sandbox: what is said and written there is the bot's, and a microphone asked.
"""

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
import wave
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from sandbox import ChannelHandle, Sandbox
from sandbox.playground import Backstage, Playground
from sandbox.standins.hibari_voice import HibariVoice, Synthesizer
from sandbox.tools.bot_process import BotProcess
from sandbox.tools.demo_services import demo_services, demo_settings
from sandbox.tools.spoken_line import spoken

_ROOT: Final = Path(__file__).parents[2]
_SECONDS: Final = 60.0
_MILLISECONDS: Final = _SECONDS * 1000
_QUESTION: Final = "Who are you?"
_RATE: Final = 48_000
_LEAD: Final = np.zeros(_RATE, np.int16)
_WIDE: Final = (1280, 760)
_NARROW: Final = (400, 760)


async def take_pictures(program: Path, folder: Path, browser: str) -> None:
    """Hold a call with the bot that `program` starts, and write three pictures of it into `folder`."""
    voice = HibariVoice()
    async with AsyncExitStack() as stack:
        own = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pictures-")))
        discord = await stack.enter_async_context(Sandbox(bot_name="Molly"))
        services = await stack.enter_async_context(demo_services(os.environ, voice))
        guild = discord.add_guild("Reading club")
        text, lounge = guild.add_text_channel("general"), guild.add_voice_channel("Lounge")
        guild.add_voice_channel("Study")
        ada, ben = guild.add_member("Ada"), guild.add_member("Ben")
        settings = demo_settings(discord, own, services.settings) | {"ADDRESSING": "always"}  # nobody says her name
        bot = await stack.enter_async_context(BotProcess(program, settings, own / "bot.log"))
        backstage = Backstage(bot, services.model, services.google)
        played = await stack.enter_async_context(Playground(discord, guild, ada, backstage=backstage))
        await discord.wait_until_ready(_SECONDS)
        await ben.join(lounge)
        await ben.command("voice_chat", text)
        await text.wait_for_message(lambda message: "is in" in message.content, _SECONDS)
        microphone = await _recorded_question(own / "question.wav", voice)
        tab = await stack.enter_async_context(_open_tab(played.url, browser, microphone))
        await tab.get_by_role("button", name="Talk to Molly").click()
        await tab.get_by_role("button", name="Join Lounge").click()
        await tab.get_by_text("Dismiss message").click()
        await tab.mouse.move(1, 1)  # what it is over looks different
        await _hear_answer(lounge)
        await ben.type("What are the seasons of a year?", text)
        await _hear_answer(lounge)
        await ben.type("Tell me a story.", text)
        await tab.locator(".speaking").filter(has_text="Molly").wait_for(timeout=_MILLISECONDS)
        await asyncio.sleep(1)
        await tab.screenshot(path=folder / "playground-light.png")
        await tab.get_by_role("button", name="Behind the curtain").click()
        await tab.emulate_media(color_scheme="dark")
        await tab.locator("tr:first-child .bar.asked").first.wait_for()
        await asyncio.sleep(1)
        await tab.screenshot(path=folder / "playground-dark.png")
        await tab.get_by_role("button", name="Behind the curtain").click()
        await tab.set_viewport_size(_size(_NARROW))
        await tab.emulate_media(color_scheme="light")
        await asyncio.sleep(1)
        await tab.screenshot(path=folder / "playground-narrow.png")


async def _recorded_question(path: Path, voice: Synthesizer) -> Path:
    sound = await asyncio.to_thread(spoken, _QUESTION, voice)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(np.concatenate((_LEAD, sound, _LEAD)).tobytes())
    return path


@asynccontextmanager
async def _open_tab(address: str, browser: str, microphone: Path) -> AsyncIterator[Any]:
    """Ada's page (Playwright's `Page`), whose microphone hears a recording."""
    from playwright.async_api import async_playwright  # noqa: PLC0415 - the other tools need it not

    switches = ["--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    switches.append(f"--use-file-for-fake-audio-capture={microphone}%noloop")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=shutil.which(browser), args=switches)
        tab = await running.new_page(viewport=_size(_WIDE), color_scheme="light")
        await tab.goto(address)
        yield tab
        await running.close()


def _size(pixels: tuple[int, int]) -> Any:
    return dict(zip(("width", "height"), pixels, strict=True))


async def _hear_answer(lounge: ChannelHandle) -> None:
    """Return when something more was said, and to its end."""
    await lounge.call.wait_for_frames(len(lounge.call.speech()) + 1, _SECONDS)
    await lounge.call.wait_until_quiet(1.5, _SECONDS)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m sandbox.tools.playground_screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the three PNGs are written")
    parser.add_argument("--browser", default="chromium", help="the program of Chromium")
    arguments = parser.parse_args()
    sys.exit(asyncio.run(take_pictures(_ROOT / "app.py", arguments.folder.absolute(), arguments.browser)))
