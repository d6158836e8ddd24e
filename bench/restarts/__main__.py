"""`python -m bench.restarts`: calls while processes of the assistant end and others start; about three minutes.

With --random, processes end and start at random moments instead.

By default the processes share a SQLite file. With --postgresql, the scenarios with several processes run on PostgreSQL
too: on the server that TEST_POSTGRES_URL names, or on one that is started for them.
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Final

from bench.common.machine_info import machine_info
from bench.restarts.random_restarts import random_restarts
from bench.restarts.restart_row import LEGEND, RestartRow, restart_table
from bench.restarts.scenarios import deploy, kill, lose_shard, stop
from tests.support.postgresql import a_database, a_server

Scenario = Callable[[Path, str | None], Awaitable[RestartRow]]

_SCENARIOS: Final[Mapping[str, Scenario]] = {"stop": stop, "kill": kill, "deploy": deploy, "lose-shard": lose_shard}
_ON_POSTGRESQL: Final = ("deploy", "lose-shard")


async def _try_all(scenarios: Mapping[str, Scenario], server: str | None, logs: Path | None) -> list[RestartRow]:
    rows = []
    for name, scenario in scenarios.items():
        async with _database(server) as url:
            folder = None if logs is None else logs / f"{name}-{'sqlite' if server is None else 'postgresql'}"
            rows.append(await _try_scenario(scenario, url, folder))
        print(restart_table(rows[-1:]).splitlines()[-1], file=sys.stderr, flush=True)
    return rows


async def _try_scenario(scenario: Scenario, database_url: str | None, logs: Path | None) -> RestartRow:
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="bench-"))
    try:
        return await scenario(folder, database_url)
    finally:
        if logs is not None:
            await asyncio.to_thread(shutil.copytree, folder, logs, dirs_exist_ok=True)
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


@asynccontextmanager
async def _database(server: str | None) -> AsyncIterator[str | None]:
    if server is None:
        yield None
        return
    async with a_database(server) as url:
        yield url


def main() -> int:
    """Try the scenarios and print the table; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.restarts", description=__doc__)
    parser.add_argument("--only", choices=list(_SCENARIOS), help="only this scenario")
    parser.add_argument("--postgresql", action="store_true", help=f"{' and '.join(_ON_POSTGRESQL)} on PostgreSQL too")
    parser.add_argument("--random", type=int, metavar="TIMES", help="this many runs of random restarts instead")
    parser.add_argument("--seed", type=int, default=0, help="random seed of the first of these runs; others count up")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to this file")
    parser.add_argument("--logs", type=Path, metavar="FOLDER", help="keep the processes' logs in this folder")
    arguments = parser.parse_args()
    print(f"{machine_info()}\n")
    scenarios = {name: each for name, each in _SCENARIOS.items() if arguments.only in (None, name)}
    shared = {name: each for name, each in scenarios.items() if name in _ON_POSTGRESQL}
    if arguments.random:
        seeds = range(arguments.seed, arguments.seed + arguments.random)
        scenarios = shared = {f"random-{seed}": partial(random_restarts, seed=seed) for seed in seeds}
    rows = asyncio.run(_try_all(scenarios, None, arguments.logs))
    if arguments.postgresql:
        with a_server() as server:
            rows += asyncio.run(_try_all(shared, server, arguments.logs))
    print(f"{LEGEND}\n\n{restart_table(rows)}")
    if arguments.json is not None:
        arguments.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
