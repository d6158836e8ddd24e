"""Trying a player with more and more calls."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from bench.common.frame_pacing import Stretch, pacing_of
from bench.common.guild_crowd import GuildCrowd, Place
from bench.common.process_usage import usage_of
from bench.playout.player_kind import PlayerKind
from bench.playout.playout_row import PlayoutRow
from bench.playout.playout_table import LIMIT_SECONDS, playout_line
from sandbox import Sandbox
from sandbox.tools.bot_process import BotProcess
from sandbox.voice import Listening

_PROGRAM: Final = Path(__file__).with_name("playout_bot.py")
_CALLS: Final = (1, 10, 50, 100, 200)
_MORE_CALLS: Final = (250, 300, 400, 600, 800)
"""Tried only as long as the p99 stays within the limit."""
_QUICK_CALLS: Final = (1, 10)
_SECONDS: Final = 12
_QUICK_SECONDS: Final = 3
_EDGE_SECONDS: Final = 1.0
"""CPU is not counted at the beginning and at the end, where not all calls speak."""
_SETTLE_SECONDS: Final = 0.1
"""The bot's message may be read before its last frames are."""
_READY_SECONDS: Final = 60.0
_ANSWER_SECONDS: Final = 180.0


async def try_player(player: PlayerKind, *, quick: bool) -> list[PlayoutRow]:
    """Try one player with more and more calls.

    Raises:
        TimeoutError: the bot does not connect, join or play.
    """
    rows: list[PlayoutRow] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with _test_bed(player, Path(folder)) as (crowd, bot):
            for calls in _QUICK_CALLS if quick else _CALLS + _MORE_CALLS:
                if calls in _MORE_CALLS and rows[-1].pacing.p99 > LIMIT_SECONDS:
                    break
                rows.append(await _play(player, crowd, bot, calls, _QUICK_SECONDS if quick else _SECONDS))
                print(playout_line(rows[-1]), file=sys.stderr, flush=True)
    return rows


@asynccontextmanager
async def _test_bed(player: PlayerKind, folder: Path) -> AsyncIterator[tuple[GuildCrowd, BotProcess]]:
    async with Sandbox(listening=Listening.HEADERS, rate_limits=False) as discord:
        environment = {
            "BENCHED_PLAYER": player.value,
            "DISCORD_TOKEN": discord.bot.token,
            "DISCORD_API_URL": discord.api_url,
            "DISCORD_CA_FILE": str(discord.ca_file),
        }
        async with BotProcess(_PROGRAM, environment, folder / "bot.log") as bot:
            await discord.wait_until_connected(_READY_SECONDS)
            yield GuildCrowd(discord), bot


async def _play(player: PlayerKind, crowd: GuildCrowd, bot: BotProcess, calls: int, seconds: int) -> PlayoutRow:
    await crowd.grow(calls)
    first = crowd.places[0]
    await first.ada.type("join", first.text)
    await _wait_for_text(first, f"in {calls} calls", bot)
    logs = [place.lounge.call.headers for place in crowd.places]
    starts = [len(log) for log in logs]
    command = await first.ada.type(f"play {seconds}", first.text)
    await asyncio.sleep(_EDGE_SECONDS)
    bot_before, own_before = usage_of(bot.process_id), usage_of(os.getpid())
    await asyncio.sleep(seconds - 2 * _EDGE_SECONDS)
    bot_after, own_after = usage_of(bot.process_id), usage_of(os.getpid())
    await _wait_for_text(first, f"played {command.id}", bot)
    await asyncio.sleep(_SETTLE_SECONDS)
    return PlayoutRow(
        player=player,
        calls=calls,
        pacing=pacing_of(Stretch.of(log, start) for log, start in zip(logs, starts, strict=True)),
        cores=bot_after.cores_since(bot_before),
        listener_cores=own_after.cores_since(own_before),
    )


async def _wait_for_text(place: Place, text: str, bot: BotProcess) -> None:
    try:
        await place.text.wait_for_message(lambda message: message.content == text, _ANSWER_SECONDS)
    except TimeoutError as error:
        error.add_note(bot.log)
        raise
