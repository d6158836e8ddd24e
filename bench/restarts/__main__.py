"""`python -m bench.restarts`: calls while processes of the assistant end and others start; about five minutes.

With --random, processes end and start at random moments instead, a minute for each run.

By default the processes share a SQLite file. With --postgresql, the scenarios with several processes run on PostgreSQL
too: on the server that TEST_POSTGRES_URL names, or on one that is started for them.
"""

import argparse
import asyncio
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
from bench.common.measurement import write_measurement
from bench.restarts.random_restarts import random_restarts
from bench.restarts.restart_row import LEGEND, RestartRow, restart_table, total
from bench.restarts.scenarios import deploy, kill, lose_shard, stop, stop_while_speech_drips
from bench.restarts.takeovers import freeze, stop_at_takeover
from tests.support.postgresql import a_database, a_server

Scenario = Callable[[Path, str | None], Awaitable[RestartRow]]

_SCENARIOS: Final[Mapping[str, Scenario]] = {
    "stop": stop,
    "kill": kill,
    "deploy": deploy,
    "lose-shard": lose_shard,
    "stop-at-takeover": stop_at_takeover,
    "freeze": freeze,
    "stop-while-speech-drips": stop_while_speech_drips,
}
_ON_POSTGRESQL: Final = ("deploy", "lose-shard", "stop-at-takeover", "freeze")


async def _try_all(
    scenarios: Mapping[str, Scenario], server: str | None, logs: Path | None, at_once: int
) -> list[RestartRow]:
    """A row for each scenario that could be tried to its end; one that could not says why, and has none."""
    free = asyncio.Semaphore(at_once)

    async def try_one(name: str, scenario: Scenario) -> RestartRow | None:
        async with free, _database(server) as url:
            folder = None if logs is None else logs / f"{name}-{'sqlite' if server is None else 'postgresql'}"
            try:
                row = await _try_scenario(scenario, url, folder)
            except TimeoutError as error:
                print(f"{name} came to no end: {error}", file=sys.stderr, flush=True)
                return None
        print(restart_table([row]).splitlines()[-1], file=sys.stderr, flush=True)
        return row

    rows = await asyncio.gather(*(try_one(name, scenario) for name, scenario in scenarios.items()))
    return [row for row in rows if row is not None]


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
    parser.add_argument("--at-once", type=int, default=1, metavar="RUNS", help="how many of them run at the same time")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to this file")
    parser.add_argument("--logs", type=Path, metavar="FOLDER", help="keep the processes' logs in this folder")
    arguments = parser.parse_args()
    print(f"{machine_info()}\n")
    scenarios = {name: each for name, each in _SCENARIOS.items() if arguments.only in (None, name)}
    shared = {name: each for name, each in scenarios.items() if name in _ON_POSTGRESQL}
    if arguments.random:
        seeds = range(arguments.seed, arguments.seed + arguments.random)
        scenarios = shared = {f"random-{seed}": partial(random_restarts, seed=seed) for seed in seeds}
    at_once = arguments.at_once if arguments.random else 1  # the scenarios are timed
    tried = len(scenarios)
    rows = asyncio.run(_try_all(scenarios, None, arguments.logs, at_once))
    if arguments.postgresql:
        tried += len(shared)
        with a_server() as server:
            rows += asyncio.run(_try_all(shared, server, arguments.logs, at_once))
    table = restart_table([*rows, total(rows)] if arguments.random and rows else rows)
    print(f"{LEGEND}\n\n{table}")
    if arguments.json is not None:
        write_measurement(arguments.json, [asdict(row) for row in rows])
    return 0 if len(rows) == tried else 1


if __name__ == "__main__":
    sys.exit(main())
