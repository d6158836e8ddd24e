"""Somebody talks in one page of the playground, and somebody else hears them in another."""

import asyncio
import tempfile
import wave
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sandbox import Sandbox
from sandbox.playground import Playground
from sandbox.playground.microphone_feed import FrameLatency
from sandbox.standins.google.ready_made import babble
from sandbox.standins.mp3 import SAMPLE_RATE
from tests.support.browser import open_browser

_KEEP_MEASURES = """() => {
    window.measured = [];
    playground.call.addEventListener("measured", ({ detail }) => window.measured.push(detail));
}"""


@dataclass(frozen=True, slots=True)
class SoundTrial:
    """What was measured; all times are in milliseconds."""

    to_bot: list[FrameLatency]
    """Each frame of the microphone."""
    from_bot: list[dict[str, float]]
    """One frame a second: `decoding` and `playing`, from its arrival in the sandbox, and their `total`."""
    lowest_latencies: tuple[float, float]
    """What the browser itself says of its way from the page to the loudspeaker: base and output."""


async def try_sound(seconds: float) -> SoundTrial:
    """Talk and listen for so long.

    A page that hears another one is sent what it would be sent of the bot, at the same place.
    """
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="playground-")))
        discord = await stack.enter_async_context(Sandbox())
        guild = discord.add_guild("Reading club")
        guild.add_voice_channel("Lounge")
        ada, ben = guild.add_member("Ada"), guild.add_member("Ben")
        played = await stack.enter_async_context(Playground(discord, guild, ada))
        played.people.add(ben)
        silent = await stack.enter_async_context(open_browser())
        talking = await stack.enter_async_context(open_browser(_recording(folder / "babble.wav", seconds + 10)))
        hears = await _joined(silent, f"{played.url}?person={ben.id}")
        await hears.evaluate(_KEEP_MEASURES)
        await _joined(talking, played.url)
        to_bot: list[FrameLatency] = []
        latencies = played.people.first.feed.latencies
        for _ in range(round(seconds)):
            await asyncio.sleep(1)
            to_bot += latencies
            latencies.clear()
        context = "playground.call.loudspeaker.context"
        base, output = [1000 * await hears.evaluate(f"{context}.{name}Latency") for name in ("base", "output")]
        return SoundTrial(to_bot, await hears.evaluate("window.measured"), (base, output))


async def _joined(browser: Any, address: str) -> Any:
    tab = await browser.new_page()
    await tab.goto(address)
    await tab.get_by_role("button", name="Join Lounge").click()
    await tab.get_by_role("button", name="Disconnect").wait_for()
    return tab


def _recording(path: Path, seconds: float) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((babble(seconds) * 32_767).clip(-32_768, 32_767).astype(np.int16).tobytes())
    return path
