"""A call in the sandbox, from hello to goodbye, with the bot in a process of its own."""

import asyncio
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from sandbox import ChannelHandle, MemberActor, Message, Sandbox
from sandbox.tools.bot_process import BotProcess
from sandbox.tools.demo_services import demo_services
from sandbox.tools.transcript import Transcript

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


async def make_demo_call(program: Path, environment: Mapping[str, str], heard: Path) -> int:
    """Let two members talk with the bot that `program` starts; return its exit status.

    `environment` are the owner's settings. What was heard and the bot's log go into the folder `heard`.
    """
    wav, log = heard / "call.wav", heard / "bot.log"
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="demo-"))
        discord = await stack.enter_async_context(Sandbox(bot_name="Molly"))
        addresses = await stack.enter_async_context(demo_services(environment))
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
        async with BotProcess(program, settings, log) as bot:
            await discord.wait_until_ready(_START_SECONDS)
            await _converse(members, text, lounge)
            status = await bot.stop()
        await asyncio.to_thread(lounge.call.write_wav, wav)
    speech = lounge.call.speech()
    sealed = sum(frame.end_to_end for frame in speech)
    print(f"\n{len(speech) * 0.02:.1f} s of speech arrived in {len(speech)} frames, {sealed} encrypted end to end.")
    print(f"What was heard: {wav}\nThe bot's log:  {log}")
    return status


async def _converse(members: Mapping[str, MemberActor], text: ChannelHandle, lounge: ChannelHandle) -> None:
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


async def _ask(member: MemberActor, line: str, lounge: ChannelHandle, transcript: Transcript) -> None:
    """Type a line, and wait until its answer was posted and spoken to the end."""
    earlier, spoken = list(lounge.messages), len(lounge.call.speech())

    def is_answer(message: Message) -> bool:
        return message.author.bot and message not in earlier

    await member.type(line, lounge)
    answer = await lounge.wait_for_message(is_answer, _ANSWER_SECONDS)
    transcript.say("Molly", answer.content)
    await lounge.call.wait_for_frames(spoken + 1, _ANSWER_SECONDS)
    await lounge.call.wait_until_quiet(_PAUSE_SECONDS, _ANSWER_SECONDS)
