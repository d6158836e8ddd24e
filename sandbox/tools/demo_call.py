"""A call in the sandbox, from hello to goodbye, with the bot in a process of its own."""

import asyncio
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from sandbox import Sandbox
from sandbox.standins.hibari_voice import HibariVoice
from sandbox.tools.bot_process import BotProcess
from sandbox.tools.conversation import Conversation
from sandbox.tools.demo_services import demo_services, demo_settings

_START_SECONDS: Final = 60.0


async def make_demo_call(program: Path, environment: Mapping[str, str], heard: Path) -> int:
    """Let two members hold a call with the bot that `program` starts; return its exit status.

    `environment` are the owner's settings. What was heard and the bot's log go into the folder `heard`.
    """
    wav, log = heard / "call.wav", heard / "bot.log"
    voice = HibariVoice()
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="demo-"))
        discord = await stack.enter_async_context(Sandbox(bot_name="Molly"))
        services = await stack.enter_async_context(demo_services(environment, voice))
        guild = discord.add_guild("Reading club")
        text, lounge = guild.add_text_channel("general"), guild.add_voice_channel("Lounge")
        members = {name: guild.add_member(name) for name in ("Ada", "Ben")}
        settings = demo_settings(discord, Path(folder), services.settings)
        settings["ADDRESSING"] = "always"  # in what is said, nobody calls the bot by its name
        async with BotProcess(program, settings, log) as bot:
            await discord.wait_until_ready(_START_SECONDS)
            await Conversation(members, text, lounge, voice).hold()
            status = await bot.stop()
        await asyncio.to_thread(lounge.call.write_wav, wav)
    speech = lounge.call.speech()
    sealed = sum(frame.end_to_end for frame in speech)
    print(f"\n{len(speech) * 0.02:.1f} s of speech arrived in {len(speech)} frames, {sealed} encrypted end to end.")
    print(f"What was heard: {wav}\nThe bot's log:  {log}")
    return status
