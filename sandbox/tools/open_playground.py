"""The playground with the bot in a process of its own, until somebody presses Ctrl-C."""

import asyncio
import os
import signal
import sys
import tempfile
import webbrowser
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Final

from sandbox import Sandbox
from sandbox.playground import Backstage, Playground
from sandbox.standins.hibari_voice import HibariVoice
from sandbox.tools.bot_process import BotProcess
from sandbox.tools.demo_services import demo_services, demo_settings

_START_SECONDS: Final = 60.0


async def open_playground(program: Path, environment: Mapping[str, str], log: Path, *, opens_browser: bool) -> int:
    """Serve the playground with the bot that `program` starts; return the bot's exit status.

    Args:
        program: the bot.
        environment: the owner's settings.
        log: where the bot's log goes.
        opens_browser: whether the page is opened in a browser, where there is a screen for one; its address is printed
            in any case.
    """
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="playground-"))
        discord = await stack.enter_async_context(Sandbox(bot_name="Molly"))
        services = await stack.enter_async_context(demo_services(environment, HibariVoice()))
        guild = discord.add_guild("Reading club")
        guild.add_text_channel("general")
        guild.add_voice_channel("Lounge")
        guild.add_voice_channel("Study")
        ada = guild.add_member("Ada")
        guild.set_roles(ada.member, guild.human_role, guild.add_role("Moderators", "manage_guild"))
        settings = demo_settings(discord, Path(folder), services.settings)
        bot = await stack.enter_async_context(BotProcess(program, settings, log))
        backstage = Backstage(bot, services.model, services.google)
        playground = await stack.enter_async_context(Playground(discord, guild, ada, backstage=backstage))
        await discord.wait_until_ready(_START_SECONDS)
        print(f"Open this page in a browser: {playground.url}")
        print("Join the Lounge, then type /voice_chat. Press Ctrl-C to end.", flush=True)
        if opens_browser and _has_screen():
            await asyncio.to_thread(webbrowser.open, playground.url)
        await _wait_for_stop(bot)
        status = await bot.stop()
    print(f"\nThe bot's log: {log}")
    return status


async def _wait_for_stop(bot: BotProcess) -> None:
    """Return on Ctrl-C or SIGTERM, or when the bot ends by itself."""
    stopped = asyncio.Event()
    with suppress(NotImplementedError):  # on Windows, Ctrl-C raises KeyboardInterrupt instead
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    waiting = [asyncio.create_task(stopped.wait()), asyncio.create_task(bot.wait())]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()


def _has_screen() -> bool:
    """Without one, `webbrowser` would start a text browser in this terminal."""
    return sys.platform in ("darwin", "win32") or bool({"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys())
