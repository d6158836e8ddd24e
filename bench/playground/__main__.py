"""`python -m bench.playground`: what the page and the sandbox add to a call by browser, each way (needs Chromium)."""

import argparse
import asyncio
from collections.abc import Iterable
from statistics import median, quantiles
from typing import Final

from bench.common.machine_info import machine_info
from bench.common.markdown_table import markdown_table
from bench.playground.sound_trial import SoundTrial, try_sound

_HEAD: Final = ("way", "median", "95 %", "samples")


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.playground", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long somebody talks")
    arguments = parser.parse_args()
    print(f"{machine_info()}\n")
    trial = asyncio.run(try_sound(arguments.seconds))
    print(markdown_table(_HEAD, _rows(trial)))
    print("\nThe browser's own latency: {:.0f} ms base, {:.0f} ms output".format(*trial.lowest_latencies))


def _rows(trial: SoundTrial) -> Iterable[tuple[str, ...]]:
    to_bot, from_bot = trial.to_bot, trial.from_bot
    yield _row("microphone to bot", [each.in_page + each.in_sandbox for each in to_bot])
    yield _row("in the page: encoded, and sent to the sandbox", [each.in_page for each in to_bot])
    yield _row("in the sandbox, until the packet leaves", [each.in_sandbox for each in to_bot])
    yield _row("bot to loudspeaker", [each["total"] for each in from_bot])
    yield _row("to the page, and decoded", [each["decoding"] for each in from_bot])
    yield _row("evened out, and played", [each["playing"] for each in from_bot])


def _row(what: str, milliseconds: list[float]) -> tuple[str, ...]:
    return what, f"{median(milliseconds):.1f} ms", f"{quantiles(milliseconds, n=20)[-1]:.1f} ms", str(len(milliseconds))


if __name__ == "__main__":
    main()
