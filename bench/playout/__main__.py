"""`python -m bench.playout`: one frame clock for all calls, beside py-cord's thread a call.

Both send the same frames, made beforehand, over the same end-to-end encrypted connections. For the clock the
interpreter is set as the assistant sets it; for py-cord it is left as it comes. The bot is a process of its own; this
one listens, to the headers only, and the kernel stamps what arrives.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from bench.common.frame_pacing import Pacing, Stretch, pacing_of, passes
from bench.common.guild_crowd import Crowd, Place
from bench.common.machine_info import machine
from bench.common.plots import plot_playout
from bench.common.process_usage import usage_of
from sandbox import Sandbox
from sandbox.tools.bot_process import BotProcess
from sandbox.voice import Listening

LIMIT_SECONDS: Final = 0.025
"""The p99 of the frames' distances that is looked for."""
_PROGRAM: Final = Path(__file__).with_name("playout_bot.py")
_PLAYERS: Final = {"clock": "frame clock", "threads": "py-cord"}
_CALLS: Final = (1, 10, 50, 100, 200)
_BEYOND: Final = (250, 300, 400, 600, 800)
"""Tried only for as long as the p99 stays within the limit."""
_QUICK_CALLS: Final = (1, 10)
_SECONDS: Final = 12
_QUICK_SECONDS: Final = 3
_EDGE_SECONDS: Final = 1.0
"""CPU is not counted at the beginning and the end, where not all calls speak."""
_SETTLE_SECONDS: Final = 0.1
"""The bot's word may be read before its last frames are."""
_TIMING: Final = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Playout:
    """One row of the table."""

    player: str
    """Which player it was: "clock" or "threads"."""
    calls: int
    """How many calls spoke at once."""
    pacing: Pacing
    """How the frames arrived."""
    cores: float
    """The cores that the bot's process kept busy while all spoke."""
    listener_cores: float
    """The same of the listening process."""

    @property
    def cores_a_call(self) -> float:
        """The part of a core that one speaking call took."""
        return self.cores / self.calls


async def measure(player: str, *, quick: bool) -> list[Playout]:
    """Try one player, "clock" or "threads", with more and more calls."""
    rows: list[Playout] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with _stage(player, Path(folder)) as (crowd, bot):
            for calls in _QUICK_CALLS if quick else _CALLS + _BEYOND:
                if calls in _BEYOND and rows[-1].pacing.p99 > LIMIT_SECONDS:
                    break
                rows.append(await _play(player, crowd, bot, calls, _QUICK_SECONDS if quick else _SECONDS))
                print(_row(rows[-1]), file=sys.stderr, flush=True)
    return rows


@asynccontextmanager
async def _stage(player: str, folder: Path) -> AsyncIterator[tuple[Crowd, BotProcess]]:
    async with Sandbox(listening=Listening.HEADERS) as discord:
        environment = {
            "BENCHED_PLAYER": player,
            "DISCORD_TOKEN": discord.bot.token,
            "DISCORD_API_URL": discord.api_url,
            "DISCORD_CA_FILE": str(discord.ca_file),
        }
        async with BotProcess(_PROGRAM, environment, folder / "bot.log") as bot:
            await discord.wait_until_connected(60)
            yield Crowd(discord), bot


async def _play(player: str, crowd: Crowd, bot: BotProcess, calls: int, seconds: int) -> Playout:
    await crowd.grow(calls)
    chief = crowd.places[0]
    await chief.ada.type("join", chief.text)
    await _says(chief, f"in {calls} calls", bot)
    heard = [place.lounge.call.headers for place in crowd.places]
    starts = [len(log) for log in heard]
    order = await chief.ada.type(f"play {seconds}", chief.text)
    await asyncio.sleep(_EDGE_SECONDS)
    bot_before, own_before = usage_of(bot.process_id), usage_of(os.getpid())
    await asyncio.sleep(seconds - 2 * _EDGE_SECONDS)
    bot_after, own_after = usage_of(bot.process_id), usage_of(os.getpid())
    await _says(chief, f"played {order.id}", bot)
    await asyncio.sleep(_SETTLE_SECONDS)
    return Playout(
        player=player,
        calls=calls,
        pacing=pacing_of(Stretch.of(log, start) for log, start in zip(heard, starts, strict=True)),
        cores=bot_after.cores_since(bot_before),
        listener_cores=own_after.cores_since(own_before),
    )


async def _says(place: Place, text: str, bot: BotProcess) -> None:
    try:
        await place.text.wait_for_message(lambda message: message.content == text, _TIMING)
    except TimeoutError as error:
        error.add_note(bot.log)
        raise


_HEAD: Final = (
    "player",
    "calls",
    "p50, ms",
    "p99, ms",
    "longest, ms",
    "over 40 ms",
    "first distance, ms",
    "lost",
    "CPU, cores",
    "CPU a call",
    "CPU of the listener",
)


def _row(row: Playout) -> str:
    pacing = row.pacing
    cells = (
        _PLAYERS[row.player],
        str(row.calls),
        f"{pacing.p50 * 1e3:.1f}",
        f"{pacing.p99 * 1e3:.1f}",
        f"{pacing.longest * 1e3:.1f}",
        f"{pacing.holes} of {pacing.frames}",
        f"{pacing.first * 1e3:.1f}",
        str(pacing.lost),
        f"{row.cores:.2f}",
        f"{row.cores_a_call * 100:.2f} %",
        f"{row.listener_cores * 100:.0f} %",
    )
    return f"| {' | '.join(cells)} |"


def report(rows: Sequence[Playout]) -> str:
    """The table in Markdown, and where the limit is passed."""
    lines = [f"| {' | '.join(_HEAD)} |", f"|{' --- |' * len(_HEAD)}", *map(_row, rows), ""]
    for player, name in _PLAYERS.items():
        by_calls = [(row.calls, row.pacing) for row in rows if row.player == player]
        if by_calls:
            lines.append(f"- {name}: the p99 passes {LIMIT_SECONDS * 1e3:.0f} ms {passes(LIMIT_SECONDS, by_calls)}")
    return "\n".join(lines)


def main() -> int:
    """Measure both players; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.playout", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1 and 10 calls, some seconds each")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured there")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw it there, as SVG or PNG")
    arguments = parser.parse_args()
    began = time.monotonic()
    rows = [row for player in _PLAYERS for row in asyncio.run(measure(player, quick=arguments.quick))]
    print(f"{report(rows)}\n- machine: {machine()}\n- measured in {time.monotonic() - began:.0f} s")
    if arguments.json is not None:
        arguments.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), "utf-8")
    if arguments.plot is not None:
        plot_playout(rows, arguments.plot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
