"""A whole call in the browser by keyboard alone; what it looks like on the way is looked through by axe-core."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from sandbox.playground import Backstage, Playground
from sandbox.tools.bot_process import BotProcess
from tests.support.accessibility import grave_violations
from tests.support.assistant_process import APP, variables
from tests.support.browser import needs_browser, open_browser
from tests.support.scene import Scene

pytestmark = needs_browser

MOST_KEYS = 80
SECONDS = 40_000
"""Of Playwright's, in milliseconds."""
NAME_OF_FOCUS = """() => {
    const focus = document.activeElement;
    return focus.getAttribute("aria-label") ?? focus.labels?.[0]?.textContent ?? focus.textContent;
}"""
LOOKS = [
    {"color_scheme": "light", "size": (1280, 800)},
    {"color_scheme": "dark", "size": (1280, 800)},
    {"color_scheme": "dark", "size": (390, 760)},
    {"color_scheme": "light", "size": (390, 760)},
]


@asynccontextmanager
async def open_tab(scene: Scene, folder: Path) -> AsyncIterator[Any]:
    """Ada's page, with a bot that ships. In the end, nothing in the page may have failed."""
    failures: list[str] = []
    environment = variables(scene)
    async with (
        BotProcess(APP, environment, folder / "bot.log") as bot,
        Playground(
            scene.discord, scene.guild, scene.ada, backstage=Backstage(bot, scene.model, scene.google)
        ) as played,
        open_browser() as browser,
    ):
        await scene.discord.wait_until_ready(60)
        tab = await browser.new_page()
        tab.on("pageerror", lambda error: failures.append(str(error)))
        await tab.goto(played.url)
        await tab.get_by_role("heading", name=scene.text.name).wait_for()
        yield tab
    assert not failures


async def press(tab: Any, name: str, key: str = "Enter") -> None:
    """Walk to what has this name, with Tab alone, and press a key there."""
    names = []
    for _ in range(MOST_KEYS):
        names.append((await tab.evaluate(NAME_OF_FOCUS))[:30])
        if (await tab.evaluate(NAME_OF_FOCUS)).startswith(name):
            await tab.keyboard.press(key)
            return
        await tab.keyboard.press("Tab")
    pytest.fail(f"Tab does not lead to {name}, but to {names}")


async def looks_well(tab: Any, state: str) -> None:
    """In light and dark, in a wide and a narrow window."""
    for look in LOOKS:
        await tab.emulate_media(color_scheme=look["color_scheme"])
        await tab.set_viewport_size(dict(zip(("width", "height"), look["size"], strict=True)))
        found = await grave_violations(tab)
        assert not found, f"{state}, {look}: {found}"
        assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{state}, {look}: too wide"
    await tab.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.timeout(240)
async def test_a_call_from_join_to_end_call_by_keyboard_in_a_page_that_everybody_can_use(
    scene: Scene, tmp_path: Path
) -> None:
    async with open_tab(scene, tmp_path) as tab:
        log = tab.get_by_role("log")
        await looks_well(tab, "at first")
        await press(tab, "Join Lounge")
        await tab.get_by_role("alert").get_by_text("There is no microphone").wait_for()
        await looks_well(tab, "in a channel")
        await press(tab, "Skip to the message box")
        await tab.keyboard.type("/voice_c")
        await tab.get_by_role("option", name="/voice_chat").wait_for()
        await looks_well(tab, "a command is chosen")
        await tab.keyboard.press("Enter")
        await log.get_by_role("button", name="End Call").wait_for(timeout=SECONDS)
        await press(tab, "Message #general", "h")
        await tab.keyboard.type("ello")
        await tab.keyboard.press("Enter")
        await log.get_by_text("You said hello.").wait_for(timeout=SECONDS)
        await looks_well(tab, "in a call")
        await tab.set_viewport_size({"width": 390, "height": 760})
        await press(tab, "Channels")
        await tab.get_by_role("button", name="Leave Lounge").wait_for()
        assert not await grave_violations(tab)
        await tab.keyboard.press("Tab")  # into the pane, which covers the rest
        assert await tab.evaluate(NAME_OF_FOCUS) == "#general"
        await tab.keyboard.press("Escape")
        assert await tab.evaluate(NAME_OF_FOCUS) == "Channels"
        await tab.set_viewport_size({"width": 1280, "height": 800})
        await tab.get_by_role("complementary", name="Members").wait_for()

        await press(tab, "Behind the curtain")
        await tab.locator(".bar.heard").wait_for()
        await press(tab, "Google refuses")
        await tab.get_by_role("button", name="Google refuses", pressed=True).wait_for()
        await looks_well(tab, "the curtain is open")
        await press(tab, "Google refuses", "Space")
        await press(tab, "Behind the curtain")

        await press(tab, "Message #general", "/")
        await tab.keyboard.type("voice_settings")
        await tab.keyboard.press("Enter")
        await tab.get_by_role("form").wait_for()
        await looks_well(tab, "options are filled in")
        await tab.keyboard.press("Escape")

        await press(tab, "End Call")
        await log.get_by_text("has ended").wait_for(timeout=SECONDS)
        await press(tab, "Leave Lounge")
        await tab.get_by_role("button", name="Join Lounge").wait_for()
        assert scene.ada.voice is None
