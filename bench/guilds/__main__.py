"""`python -m bench.guilds`: what a server costs in which the bot has no call; two minutes.

Each server has thirty channels and fifteen roles. py-cord keeps both in memory, and those members who are in voice
channels.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from typing import Final

from bench.common.machine_info import machine_info
from bench.common.markdown_table import markdown_row, markdown_table
from bench.guilds.guild_cost import GuildCost, measure_guilds

_COUNTS: Final = (1, 1000, 2000)
_HEAD: Final = ("servers", "memory, MB", "per added server, KB", "ready after, s")


async def _measure_all(counts: Sequence[int]) -> None:
    print(markdown_table(_HEAD, ()))
    first: GuildCost | None = None
    for count in counts:
        cost = await measure_guilds(count)
        first = first or cost
        print(markdown_row(_cells(first, cost)), flush=True)


def _cells(first: GuildCost, cost: GuildCost) -> tuple[str, ...]:
    per_guild = (cost.resident_bytes - first.resident_bytes) / max(cost.guilds - first.guilds, 1)
    return (
        str(cost.guilds),
        f"{cost.resident_bytes / 1e6:.0f}",
        f"{per_guild / 1e3:.0f}",
        f"{cost.ready_seconds:.1f}",
    )


def main() -> int:
    """Measure and print the table; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.guilds", description=__doc__)
    parser.add_argument("--guilds", type=int, nargs="+", default=_COUNTS, help="numbers of servers, ascending")
    arguments = parser.parse_args()
    print(f"{machine_info()}\n")
    asyncio.run(_measure_all(arguments.guilds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
