"""What a call is like: `python -m bench.call` prints the figures of the README's table, measured on real sockets.

The bot runs in a process of its own; Discord, the model and Google's speech stand beside it on 127.0.0.1.
"""

import argparse
import asyncio
import itertools
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.table import machine
from sandbox import Sandbox
from sandbox.bot_process import BotProcess
from sandbox.entities.channel import Channel
from sandbox.entities.member import Member
from sandbox.entities.message import Message
from sandbox.google import GoogleSpeech
from sandbox.model import LanguageModel
from sandbox.voice import HeardFrame

_APP = Path(__file__).parent.parent / "app.py"
_TURNS = 10
_HANG_UPS = 10
_CALLS = 30
_HOLE_SECONDS = 0.04
_SENTENCE = "This is a sentence of middling length that takes its time. "
_LONG = _SENTENCE * 4


@dataclass
class Stage:
    """A call can be made here."""

    discord: Sandbox
    """Discord."""
    model: LanguageModel
    """The language model."""
    google: GoogleSpeech
    """Google's speech."""
    text: Channel
    """Where /voice_chat is used."""
    lounge: Channel
    """Where the call is, and where people type."""
    ada: Member
    """Who calls."""
    bot: BotProcess
    """The bot."""

    async def begin(self) -> Message:
        """Call the bot; return its panel."""
        earlier = list(self.text.messages)
        await self.ada.join(self.lounge)
        await self.ada.command("voice_chat", self.text)
        panel = await self.text.wait_for_message(lambda message: message not in earlier, 30)
        await panel.wait_for(lambda message: "is in" in message.content, 30)
        return panel

    async def end(self, panel: Message) -> None:
        """Press End Call and wait for the goodbye."""
        await self.ada.click(panel, "End Call")
        await panel.wait_for(lambda message: "has ended" in message.content, 30)

    async def turn(self) -> tuple[float, list[HeardFrame]]:
        """Type a message; return the seconds to the first audio of its answer, and all frames up to its last.

        Silence that the voice makes between two sentences is part of that.
        """
        known = len(self.lounge.call.speech())
        typed = time.monotonic()
        await self.ada.type("talk", self.lounge)
        await self.lounge.call.wait_for_frames(known + 1, 60)
        await self.lounge.call.wait_until_quiet(0.8, 120)
        speech = self.lounge.call.speech()[known:]
        first, last = speech[0].arrival, speech[-1].arrival
        return first - typed, [frame for frame in self.lounge.call.frames if first <= frame.arrival <= last]


@asynccontextmanager
async def _stage(folder: Path, **pace: float) -> AsyncIterator[Stage]:
    async with (
        Sandbox(bot_name="Molly") as discord,
        LanguageModel(
            lambda _: _LONG,
            first_token_seconds=pace.get("first_token", 0.3),
            tokens_per_second=pace.get("tokens", 40),
        ) as model,
        GoogleSpeech(delay=pace.get("speech", 0.35), seconds_per_character=0.004) as google,
    ):
        guild = discord.add_guild("Reading club")
        environment = {
            "DISCORD_TOKEN": discord.bot.token,
            "DISCORD_API_URL": discord.api_url,
            "DISCORD_CA_FILE": str(discord.ca_file),
            "AI_BASE_URL": model.base_url,
            "AI_MODEL": "sandbox-model",
            "TTS_ENGINE": "gtts",
            "HTTPS_PROXY": google.proxy_url,
            "TMPDIR": str(folder),
        }
        async with BotProcess(_APP, environment, folder / "bot.log") as bot:
            await discord.wait_until_ready(60)
            text, lounge = guild.add_text_channel("general"), guild.add_voice_channel("Lounge")
            yield Stage(discord, model, google, text, lounge, guild.add_member("Ada"), bot)


async def _conversation(folder: Path) -> Iterator[tuple[str, str]]:
    """First audio and pacing over a conversation in which model and speech take their usual time."""
    async with _stage(folder) as stage:
        panel = await stage.begin()
        turns = [await stage.turn() for _ in range(_TURNS)]
        await stage.end(panel)
    first = sorted(seconds for seconds, _ in turns)
    gaps = sorted(
        later.arrival - earlier.arrival for _, frames in turns for earlier, later in itertools.pairwise(frames)
    )
    holes = [gap for gap in gaps if gap > _HOLE_SECONDS]
    return iter(
        [
            ("first audio, p50", f"{median(first):.2f} s"),
            ("first audio, longest", f"{first[-1]:.2f} s"),
            ("distance of frames, p50 / p99", f"{median(gaps) * 1e3:.1f} / {gaps[int(len(gaps) * 0.99)] * 1e3:.1f} ms"),
            (f"distances over 40 ms in {len(gaps)}", f"{len(holes)}, longest {max(holes, default=0) * 1e3:.0f} ms"),
        ]
    )


async def _hang_ups(folder: Path) -> Iterator[tuple[str, str]]:
    """How long speech goes on after End Call was pressed."""
    late = []
    async with _stage(folder, first_token=0.0, tokens=1000, speech=0.0) as stage:
        for _ in range(_HANG_UPS):
            panel = await stage.begin()
            known = len(stage.lounge.call.speech())
            await stage.ada.type("talk", stage.lounge)
            await stage.lounge.call.wait_for_frames(known + 50, 30)
            clicked = time.monotonic()
            await stage.end(panel)
            await asyncio.sleep(0.3)
            late.append(max(0.0, stage.lounge.call.speech()[-1].arrival - clicked))
    return iter([(f"speech after End Call, longest of {_HANG_UPS}", f"{max(late) * 1e3:.0f} ms")])


async def _slow_services(folder: Path) -> Iterator[tuple[str, str]]:
    """Heartbeats and loop lag while the model takes 5 s, speech 3 s and playback some 10 s."""
    async with _stage(folder, first_token=5.0, tokens=1000, speech=3.0) as stage:
        panel = await stage.begin()
        for _ in range(3):
            await stage.turn()
        beats = stage.lounge.call.connections[0].heartbeats
        connections = len(stage.lounge.call.connections)
        await stage.end(panel)
        await stage.bot.stop()
        lag = stage.bot.log.split("Event loop lag: ")[1].splitlines()[0]
    longest = max(later - earlier for earlier, later in itertools.pairwise(beats))
    return iter(
        [
            ("longest time between voice heartbeats (5 s are due)", f"{longest:.2f} s"),
            ("voice connections needed", str(connections)),
            ("event loop lag", lag),
        ]
    )


async def _many_calls(folder: Path) -> Iterator[tuple[str, str]]:
    """What thirty calls leave behind in the bot's process."""
    async with _stage(folder, first_token=0.0, tokens=1000, speech=0.0) as stage:
        process = Path(f"/proc/{stage.bot.process_id}")

        def left() -> tuple[int, int, int]:
            files = sum(1 for path in folder.rglob("*") if path.name != "bot.log")
            return len(list((process / "fd").iterdir())), len(list((process / "task").iterdir())), files

        async def one() -> None:
            panel = await stage.begin()
            known = len(stage.lounge.call.speech())
            await stage.ada.type("talk", stage.lounge)
            await stage.lounge.call.wait_for_frames(known + 20, 30)
            await stage.end(panel)

        for _ in range(3):
            await one()
        before = left()
        for _ in range(_CALLS):
            await one()
        await asyncio.sleep(1.0)
        after = left()
    names = ("descriptors", "threads", "files")
    change = ", ".join(f"{name} {then} → {now}" for name, then, now in zip(names, before, after, strict=True))
    return iter([(f"before and after {_CALLS} calls", change)])


async def _measure() -> None:
    print(f"{machine()}\n")
    print("| measure | |")
    print("| --- | --- |")
    for part in (_conversation, _hang_ups, _slow_services, _many_calls):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            for name, figure in await part(Path(folder)):
                print(f"| {name} | {figure} |", flush=True)


def main() -> int:
    """Run all parts; return the exit status."""
    argparse.ArgumentParser(prog="python -m bench.call", description=__doc__).parse_args()
    asyncio.run(_measure())
    return 0


if __name__ == "__main__":
    sys.exit(main())
