"""A picture of a call, as a member sees it: `python -m sandbox.tools.call_picture docs/call.png` (needs Chromium).

The call is a real one in the sandbox; what stands in the picture is what the bot wrote there. The look is our own.
"""

import argparse
import asyncio
import re
import sys
import tempfile
from asyncio.subprocess import DEVNULL
from collections.abc import Sequence
from contextlib import AsyncExitStack
from html import escape
from pathlib import Path
from typing import Final

from sandbox import ChannelHandle, Message, Sandbox
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.language_model import LanguageModel
from sandbox.tools.bot_process import BotProcess

_ROOT: Final = Path(__file__).parents[2]
_STYLE: Final = Path(__file__).with_suffix(".css")
_COLORS: Final = {"Molly": "#5b8def", "Ada": "#d9758b", "Ben": "#3ba27c"}
_BUTTONS: Final = {2: "secondary", 4: "danger"}
"""Discord's numbers of the two styles that the panel uses."""
_SIZE: Final = (1120, 852)
_SECONDS: Final = 60.0


async def draw_call(program: Path, picture: Path, browser: str) -> None:
    """Hold a call with the bot that `program` starts, and take its picture while the bot speaks."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="picture-")))
        discord = await stack.enter_async_context(Sandbox(bot_name="Molly"))
        model = await stack.enter_async_context(LanguageModel(first_token_seconds=0.3, tokens_per_second=12))
        google = await stack.enter_async_context(GoogleSpeech())
        guild = discord.add_guild("Reading club")
        text, lounge = guild.add_text_channel("general"), guild.add_voice_channel("Lounge")
        ada, ben = guild.add_member("Ada"), guild.add_member("Ben")
        settings = {
            "DISCORD_TOKEN": discord.bot.token,
            "DISCORD_API_URL": discord.api_url,
            "DISCORD_CA_FILE": str(discord.ca_file),
            "AI_BASE_URL": model.base_url,
            "AI_MODEL": "sandbox-model",
            **google.environment,
            "TTS_CACHE_MEGABYTES": "0",
            "DURING_SPEECH": "replace",
            "DATABASE_URL": f"sqlite:///{folder}/assistant.db",
        }
        await stack.enter_async_context(BotProcess(program, settings, folder / "bot.log"))
        await discord.wait_until_ready(_SECONDS)
        await ada.join(lounge)
        await ben.join(lounge)
        joining = await ada.command("voice_chat", text)
        await text.wait_for_message(lambda message: "is in" in message.content, _SECONDS)
        await ada.type("Which seasons does a year have?", text)
        await _heard(lounge)
        await ben.type("Tell me a story.", text)
        await lounge.call.wait_for_frames(len(lounge.call.speech()) + 200, _SECONDS)
        await ada.type("Where is the highest mountain?", text)
        await text.wait_for_message(lambda message: "Interrupted" in message.content, _SECONDS)
        await text.wait_for_message(lambda message: "Everest" in message.content, _SECONDS)
        await lounge.call.wait_for_frames(len(lounge.call.speech()) + 1, _SECONDS)
        assert joining.message is not None
        page = _page(sorted([joining.message, *text.messages], key=lambda message: message.id), text, lounge)
    await _photograph(page, picture, browser)


async def _heard(lounge: ChannelHandle) -> None:
    """Return when something more was said, and to its end."""
    await lounge.call.wait_for_frames(len(lounge.call.speech()) + 1, _SECONDS)
    await lounge.call.wait_until_quiet(0.8, _SECONDS)


def _page(messages: Sequence[Message], text: ChannelHandle, lounge: ChannelHandle) -> str:
    speaks = lounge.call.connections[-1].speaking[-1][1] == 1
    people = "".join(
        f'<li class="{"speaking" if speaks and user.bot else ""}">{_avatar(user.name)}{user.name}</li>'
        for user in lounge.occupants
    )
    body = "".join(_message(message, lounge) for message in messages)
    return f"""<!doctype html><meta charset="utf-8"><style>{_STYLE.read_text("utf-8")}</style>
<nav><h1>{text.guild.name}</h1><h2>Text channels</h2><p class="open"><i>#</i>{text.name}</p>
<h2>Voice channels</h2><p><i>🔊</i>{lounge.name}</p><p class="status">{escape(lounge.status or "")}</p>
<ul>{people}</ul></nav>
<main><header><i>#</i>{text.name}</header><section>{body}</section>
<footer>Message #{text.name}</footer></main>"""


def _message(message: Message, lounge: ChannelHandle) -> str:
    name, above, below = message.author.name, "", ""
    if message.reference is not None:
        asked = message.reference
        above = f"{_avatar(asked.author.name)}<b>{asked.author.name}</b> {escape(asked.content)}"
    if message.interaction is not None:
        above = f"{_avatar('Ada')}<b>Ada</b> used <em>/voice_chat</em>"
    if message.ephemeral:
        below = "<small>👁 Only you can see this · <em>Dismiss message</em></small>"
    buttons = "".join(f'<button class="{_BUTTONS[each["style"]]}">{each["label"]}</button>' for each in message.buttons)
    badge = "<mark>APP</mark>" if message.author.bot else ""
    return (
        f'<article class="{"ephemeral" if message.ephemeral else ""}">'
        f'{f"<aside>{above}</aside>" if above else ""}{_avatar(name)}<div><h3 style="color:{_COLORS[name]}">{name}</h3>'
        f"{badge}<time>{message.created_at.astimezone():%H:%M}</time><p>{_markdown(message.content, lounge)}</p>"
        f"{buttons}{below}</div></article>"
    )


def _avatar(name: str) -> str:
    return f'<span class="avatar" style="background:{_COLORS[name]}">{name[0]}</span>'


def _markdown(content: str, lounge: ChannelHandle) -> str:
    """What the bot uses of Discord's Markdown, as HTML."""
    text = escape(content).replace(escape(lounge.mention), f'<a class="mention">🔊 {lounge.name}</a>')
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    return re.sub(r"^-# (.+)$", r"<small>\1</small>", text, flags=re.MULTILINE).replace("\n", "<br>")


async def _photograph(page: str, picture: Path, browser: str) -> None:
    with tempfile.TemporaryDirectory(prefix="browser-") as folder:
        source = Path(folder) / "call.html"
        source.write_text(page, "utf-8")
        options = (
            "headless no-sandbox disable-gpu disable-quic no-first-run disable-background-networking hide-scrollbars"
        )
        switches = [f"--{each}" for each in (*options.split(), "disable-component-update", "disable-sync")]
        size = f"--window-size={_SIZE[0]},{_SIZE[1]}"
        shot = [f"--user-data-dir={folder}/profile", size, f"--screenshot={picture}", source.as_uri()]
        process = await asyncio.create_subprocess_exec(browser, *switches, *shot, stdout=DEVNULL, stderr=DEVNULL)
        if await process.wait() != 0:
            raise RuntimeError(f"{browser} took no picture")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m sandbox.tools.call_picture", description=__doc__)
    parser.add_argument("picture", type=Path, help="the PNG to write")
    parser.add_argument("--browser", default="chromium", help="the program of Chromium")
    arguments = parser.parse_args()
    sys.exit(asyncio.run(draw_call(_ROOT / "app.py", arguments.picture.absolute(), arguments.browser)))
