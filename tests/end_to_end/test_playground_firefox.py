"""The playground in Firefox: one types, clicks, talks and hears."""

from pathlib import Path

import pytest

from sandbox.playground import Playground
from sandbox.tools.bot_process import BotProcess
from tests.support.assistant_process import APP, variables
from tests.support.firefox import needs_firefox, open_firefox
from tests.support.scene import Scene

pytestmark = [needs_firefox, pytest.mark.alone]

LOUDEST = """(() => {
    const { context, output } = playground.call.loudspeaker;
    const meter = context.createAnalyser();
    output.connect(meter);
    window.loudest = 0;
    setInterval(() => {
        const samples = new Float32Array(meter.fftSize);
        meter.getFloatTimeDomainData(samples);
        window.loudest = Math.max(window.loudest, ...samples);
    }, 20);
})()"""


def in_chat(text: str) -> str:
    """An expression: whether the chat has a text."""
    return f"document.getElementById('messages').textContent.includes('{text}')"


@pytest.mark.timeout(300)
async def test_firefox_types_clicks_talks_and_hears(scene: Scene, tmp_path: Path) -> None:
    async with (
        BotProcess(APP, variables(scene), tmp_path / "bot.log"),
        Playground(scene.discord, scene.guild, scene.ada) as played,
        open_firefox() as tab,
    ):
        await scene.discord.wait_until_ready(60)
        await tab.go(played.url)
        await tab.until("globalThis.playground?.guild.state")
        await tab.click(".join")
        await tab.until("playground.call.isHearing && playground.call.microphone")
        assert scene.ada.voice is not None
        await tab.evaluate(LOUDEST)
        await tab.click("#composer-text")
        await tab.type("/voice_chat", "Enter")
        await tab.until(in_chat("is in"))
        await tab.type("hello", "Enter")
        await tab.until(in_chat("You said hello."))
        await scene.heard_to_the_end()
        assert float(await tab.evaluate("window.loudest")) > 0.05
        assert played.people.first.feed.latencies, "nothing came of the microphone"
        await tab.click("button.danger")
        await tab.until(in_chat("has ended"))
