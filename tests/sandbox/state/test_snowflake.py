"""Identifiers grow, and tell when they were made."""

from __future__ import annotations

import time

from sandbox.state.snowflake import EPOCH_MS, Snowflakes


def test_identifiers_grow_strictly() -> None:
    make = Snowflakes()
    made = [make() for _ in range(1000)]
    assert made == sorted(set(made))


def test_identifier_tells_when_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    made = (Snowflakes()() >> 22) + EPOCH_MS
    assert before <= made <= time.time_ns() // 1_000_000
