"""A Discord on 127.0.0.1 for bots in any language, driven over HTTP; until Ctrl-C, or the end of a bot it starts."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from typing import Final

from sandbox.control import ControlServer
from sandbox.launch.bot_environment import bot_environment
from sandbox.loopback_discord import Sandbox
from sandbox.playground import Playground

_STOP_SECONDS: Final = 10.0
"""How long the bot may take to end after SIGTERM before it is killed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C, or until the bot has ended; return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return asyncio.run(_serve(options))
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        print(f"discord-loopback: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="discord-loopback", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=0, help="port of the REST API and the gateway; 0: any (the default)"
    )
    parser.add_argument("--control-port", type=int, default=0, help="port of the control API; 0: any (the default)")
    parser.add_argument("--json", action="store_true", help="print one line of JSON instead of text")
    parser.add_argument("--page", action="store_true", help="make a guild, and serve a page to talk to the bot in it")
    parser.add_argument("--no-rate-limits", action="store_true", help="answer no request with 429")
    parser.add_argument(
        "command",
        nargs=argparse.REMAINDER,
        metavar="COMMAND ...",
        help="a bot to start, such as `python my_bot.py`: one of py-cord, discord.py or disnake as it is, another one "
        "with DISCORD_API_URL and DISCORD_TOKEN in its environment",
    )
    return parser


async def _serve(options: argparse.Namespace) -> int:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # on Windows, where Ctrl-C raises KeyboardInterrupt
            loop.add_signal_handler(number, ended.set)
    async with AsyncExitStack() as stack:
        discord = Sandbox(port=options.port, rate_limits=not options.no_rate_limits)
        sandbox = await stack.enter_async_context(discord)
        control = await stack.enter_async_context(ControlServer(sandbox, port=options.control_port))
        places = {
            "api_url": sandbox.api_url,
            "gateway_url": sandbox.gateway_url,
            "token": sandbox.bot.token,
            "ca_file": str(sandbox.ca_file),
            "control_url": control.url,
            "control_token": control.token,
        }
        if options.page:
            places["page_url"] = (await stack.enter_async_context(_page(sandbox))).url
        print(json.dumps(places) if options.json else _as_text(places), flush=True)
        command = options.command[1:] if options.command[:1] == ["--"] else options.command
        if command:
            return await _run(command, bot_environment(sandbox), ended)
        await ended.wait()
    return 0


def _page(sandbox: Sandbox) -> Playground:
    """A page on a guild in which people find what they need to try a bot."""
    guild = sandbox.add_guild("Club")
    guild.add_text_channel("general")
    guild.add_voice_channel("Lounge")
    return Playground(sandbox, guild, guild.add_member("Ada"))


def _as_text(places: Mapping[str, str]) -> str:
    return (
        f"A Discord is at {places['api_url']}, its gateway at {places['gateway_url']}.\n"
        f"Token of the bot:          {places['token']}\n"
        f"Certificate of the voice:  {places['ca_file']} (for SSL_CERT_FILE or NODE_EXTRA_CA_CERTS)\n"
        f"Control API:               {places['control_url']} (Authorization: Bearer {places['control_token']})\n"
        + (f"Page to talk to the bot:   {places['page_url']}\n" if "page_url" in places else "")
        + "Ctrl-C ends it."
    )


async def _run(command: Sequence[str], environment: Mapping[str, str], ended: asyncio.Event) -> int:
    """Run the bot until it ends or is to end; its exit status."""
    process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **environment})
    over, told = asyncio.create_task(process.wait()), asyncio.create_task(ended.wait())
    try:
        await asyncio.wait({over, told}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        told.cancel()
        if process.returncode is None:
            process.terminate()
            await asyncio.wait({over}, timeout=_STOP_SECONDS)
        if process.returncode is None:
            process.kill()
    return await over


if __name__ == "__main__":
    sys.exit(main())
