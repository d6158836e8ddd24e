"""`python -m bench.faults`: every fault of a voice call, tried on the seed pipeline and on the assistant.

It takes about six minutes, and a system with POSIX signals, by which a bot's event loop is blocked. With --combined,
several faults at a time are drawn at random instead, and tried on the assistant.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.common.machine_info import machine
from bench.faults.cases import CASES, FaultCase
from bench.faults.combined import combined
from bench.faults.fault_table import LEGEND, summary, table
from bench.faults.fault_trial import try_fault
from bench.faults.verdict import Outcome, as_json, untried

_AT_ONCE: Final = 10
"""How many calls there are at a time. Most of each is waiting; the frames' times are stamped by the kernel."""


def main() -> int:
    """Try the faults and print the table; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__)
    parser.add_argument("--only", metavar="NAME", help="the faults whose name contains this")
    parser.add_argument("--assistant-only", action="store_true", help="leave out the seed pipeline")
    parser.add_argument("--combined", type=int, metavar="CALLS", help="that many calls with several faults each")
    parser.add_argument("--seed", type=int, default=0, help="of the first of these calls; the next ones follow")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write everything that was noted there")
    arguments = parser.parse_args()
    if arguments.combined:
        cases = [combined(arguments.seed + number) for number in range(arguments.combined)]
    else:
        cases = [case for case in CASES if arguments.only is None or arguments.only in case.name]
    bots = ["assistant"] if arguments.assistant_only or arguments.combined else ["seed", "assistant"]
    outcomes = asyncio.run(try_all(cases, bots))
    print(f"{LEGEND}\n\n{table(outcomes)}\n\n{summary(outcomes)}\n- machine: {machine()}")
    if arguments.json is not None:
        arguments.json.write_text(json.dumps([as_json(outcome) for outcome in outcomes], indent=1), "utf-8")
    return 0


async def try_all(cases: Sequence[FaultCase], bots: Sequence[str]) -> list[Outcome]:
    """Try each fault on each bot, "seed" or "assistant", several at a time; the outcomes are in that order."""
    free = asyncio.Semaphore(_AT_ONCE)

    async def try_one(case: FaultCase, bot: str) -> Outcome:
        async with free:
            outcome = await _outcome_of(case, bot)
        print(f"{case.name}, {bot}: {outcome.state.value}", file=sys.stderr, flush=True)
        return outcome

    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(try_one(case, bot)) for case in cases for bot in bots]
    return [task.result() for task in running]


async def _outcome_of(case: FaultCase, bot: str) -> Outcome:
    try:
        return await try_fault(case, bot)
    except Exception as error:  # noqa: BLE001 - a call that cannot be begun must not cost the other rows
        return untried(case, bot, repr(error))


if __name__ == "__main__":
    sys.exit(main())
