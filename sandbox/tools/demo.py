"""`make run`: the bot on Discord when there is a token; else a call in the sandbox, from hello to goodbye."""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

from assistant.config.settings import read_environment
from sandbox import Sandbox
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.language_model import LanguageModel
from sandbox.state.channel import Channel
from sandbox.state.member import Member
from sandbox.state.message import Message
from sandbox.tools.bot_process import BotProcess

_ROOT: Final = Path(__file__).parents[2]
_LINES: Final = (
    ("Ada", "Hello!"),
    ("Ben", "Who are you?"),
    ("Ada", "What are the seasons of a year?"),
    ("Ben", "What is seven plus five?"),
    ("Ada", "Tell me a story."),
    ("Ben", "Thank you!"),
)
_START_SECONDS: Final = 60.0
_ANSWER_SECONDS: Final = 120.0
"""A real model and a slow machine may need a while."""
_PAUSE_SECONDS: Final = 0.8
"""Speech has ended when nothing was heard for that long: longer than a pause between two sentences."""


class Transcript:
    """What is said in the call, printed as it happens, with the seconds since its beginning."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def say(self, who: str, what: str) -> None:
        """Print one line."""
        print(f"{time.monotonic() - self._began:6.1f} s  {who:>9}: {what}", flush=True)


def main() -> int:
    """Start what there is to start; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.tools.demo", description=__doc__)
    parser.add_argument("--sandbox", action="store_true", help="a call in the sandbox although there is a token")
    parser.add_argument("--heard", type=Path, default=_ROOT / "heard", help="folder for what was heard and the log")
    arguments = parser.parse_args()
    environment = read_environment(_ROOT / ".env")
    if not arguments.sandbox:
        if "DISCORD_TOKEN" in environment:
            os.execv(sys.executable, [sys.executable, str(_ROOT / "app.py")])
        print("There is no DISCORD_TOKEN (see .env.example), so this is a call in the sandbox.")
    print("Discord is a stand-in on 127.0.0.1 with two members; the bot is the one that ships, in its own process.")
    arguments.heard.mkdir(parents=True, exist_ok=True)
    return asyncio.run(_call_in_the_sandbox(environment, arguments.heard))


async def _call_in_the_sandbox(environment: Mapping[str, str], heard: Path) -> int:
    wav, log = heard / "call.wav", heard / "bot.log"
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="demo-"))
        discord = await stack.enter_async_context(Sandbox(bot_name="Molly"))
        addresses = await stack.enter_async_context(_services(environment))
        guild = discord.add_guild("Reading club")
        text, lounge = guild.add_text_channel("general"), guild.add_voice_channel("Lounge")
        members = {name: guild.add_member(name) for name in ("Ada", "Ben")}
        settings = {
            "DISCORD_TOKEN": discord.bot.token,
            "DISCORD_API_URL": discord.api_url,
            "DISCORD_CA_FILE": str(discord.ca_file),
            "TTS_CACHE_MEGABYTES": "0",  # so that each run makes its speech anew
            "DATABASE_URL": f"sqlite:///{folder}/assistant.db",  # not the owner's
            **addresses,
        }
        async with BotProcess(_ROOT / "app.py", settings, log) as bot:
            await discord.wait_until_ready(_START_SECONDS)
            await _converse(members, text, lounge)
            status = await bot.stop()
        await asyncio.to_thread(lounge.call.write_wav, wav)
    speech = lounge.call.speech()
    sealed = sum(frame.end_to_end for frame in speech)
    print(f"\n{len(speech) * 0.02:.1f} s of speech arrived in {len(speech)} frames, {sealed} encrypted end to end.")
    print(f"What was heard: {wav}\nThe bot's log:  {log}")
    return status


@asynccontextmanager
async def _services(environment: Mapping[str, str]) -> AsyncIterator[dict[str, str]]:
    """What the bot asks besides Discord: the owner's where settings name it, else a stand-in that says so."""
    settings: dict[str, str] = {}
    async with AsyncExitStack() as stack:
        if "AI_BASE_URL" in environment or "AI_API_KEY" in environment:
            print(f"Answers come from your model at {environment.get('AI_BASE_URL', 'OpenAI')}.")
        else:
            model = await stack.enter_async_context(LanguageModel(first_token_seconds=0.3, tokens_per_second=40))
            settings |= {"AI_BASE_URL": model.base_url, "AI_MODEL": "sandbox-model"}
            print("Answers come from a small built-in responder, not from a language model (set AI_BASE_URL for one).")
        engines = environment.get("TTS_ENGINE", "auto")
        if not {"auto", "gtts"}.intersection(name.strip() for name in engines.split(",")):
            print(f"Speech comes from TTS_ENGINE={engines}.")
        else:
            google = await stack.enter_async_context(GoogleSpeech())
            settings["HTTPS_PROXY"] = google.proxy_url
            print("Speech comes through gTTS from a stand-in for Google, which speaks with the offline engine's voice.")
        print()
        yield settings


async def _converse(members: Mapping[str, Member], text: Channel, lounge: Channel) -> None:
    transcript = Transcript()
    for member in members.values():
        await member.join(lounge)
    reply = await members["Ada"].command("voice_chat", text)
    transcript.say("Ada", "/voice_chat")
    transcript.say("(Discord)", reply.content.replace(f"<#{lounge.id}>", "#Lounge"))
    panel = await text.wait_for_message(lambda message: "is in" in message.content, _ANSWER_SECONDS)
    for name, line in _LINES:
        transcript.say(name, line)
        await _ask(members[name], line, lounge, transcript)
    await members["Ada"].click(panel, "End Call")
    transcript.say("Ada", "[End Call]")
    await panel.wait_for(lambda message: "has ended" in message.content, _ANSWER_SECONDS)
    transcript.say("(panel)", panel.content)


async def _ask(member: Member, line: str, lounge: Channel, transcript: Transcript) -> None:
    """Type a line, and wait until its answer was posted and spoken to the end."""
    earlier, spoken = list(lounge.messages), len(lounge.call.speech())

    def is_answer(message: Message) -> bool:
        return message.author.bot and message not in earlier

    await member.type(line, lounge)
    answer = await lounge.wait_for_message(is_answer, _ANSWER_SECONDS)
    transcript.say("Molly", answer.content)
    await lounge.call.wait_for_frames(spoken + 1, _ANSWER_SECONDS)
    await lounge.call.wait_until_quiet(_PAUSE_SECONDS, _ANSWER_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
