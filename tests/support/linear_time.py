"""Holding that work on a text grows with its length and no faster, on a machine that is shared."""

import time
from collections.abc import Callable

ATTEMPTS = 5
"""A pause of the machine, or of the garbage collector, spoils one attempt: what grows too fast spoils all."""

ALLOWED_GROWTH = 8.0
"""Of four times as much text: linear work takes 4 times as long, quadratic work 16 times."""

NEGLIGIBLE_SECONDS = 0.01
"""What a quarter is said to take at least: less is not measured well enough to be multiplied."""


def assert_linear_time(work: Callable[[str], object], unit: str, characters: int) -> None:
    """Fail if `work` on `unit`, repeated to that many characters, takes over 8 times as long as on a quarter of it.

    Only this thread's own time counts. Both are measured in turn, and the fastest of each is compared. What takes less
    than 8 times a negligible time cannot fail, so it is not compared.
    """

    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        begun = time.thread_time()
        work(text)
        return time.thread_time() - begun

    quarter = whole = float("inf")
    for _ in range(ATTEMPTS):
        whole = min(whole, seconds(characters))
        if whole < ALLOWED_GROWTH * NEGLIGIBLE_SECONDS:
            return
        quarter = min(quarter, seconds(characters // 4))
        if whole < ALLOWED_GROWTH * quarter:
            return
    raise AssertionError(f"{unit!r}: {whole:.3f} s, of which a quarter takes {quarter:.3f} s")
