import io
import logging
import re

import pytest

from assistant.telemetry.log_repeats import RepeatCounter
from assistant.telemetry.logs import logging_to_stderr


def record(level: int = logging.WARNING, text: str = "%d failed", number: int = 0, line: int = 1) -> logging.LogRecord:
    return logging.LogRecord("discord", level, "gateway.py", line, text, (number,), None)


def test_of_many_like_one_another_the_first_are_logged_and_the_rest_is_counted() -> None:
    time = [0.0]
    counter = RepeatCounter(lambda: time[0])
    assert sum(counter.allows(record(number=number)) for number in range(684_187 // 100)) == 20
    assert counter.allows(record(text="another"))
    assert counter.allows(record(line=2))
    time[0] = 9.9
    assert not [*counter.notes()]
    time[0] = 10.0
    (note,) = counter.notes()
    assert note.getMessage() == "… and 6,821 more like it: %d failed"
    assert (note.name, note.levelno) == ("discord", logging.WARNING)
    assert counter.allows(record())


def test_of_lines_that_are_all_arguments_only_the_number_is_told() -> None:
    counter = RepeatCounter()
    for number in range(46):
        counter.allows(record(text="%s", number=number))
    (note,) = counter.notes(is_over=True)
    assert note.getMessage() == "… and 26 more"


def test_what_is_no_warning_is_always_logged() -> None:
    counter = RepeatCounter()
    assert all(counter.allows(record(logging.INFO)) for _ in range(1000))


def test_kinds_without_end_take_no_memory_without_end() -> None:
    counter = RepeatCounter()
    assert all(counter.allows(record(text=f"kind {number}")) for number in range(5000))
    assert len(counter._counts) <= 1000


@pytest.mark.parametrize("idle_seconds", [0.01, 60.0])
def test_the_count_is_told_when_nothing_else_comes_and_at_the_end(
    idle_seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.telemetry.logs._IDLE_SECONDS", idle_seconds)
    stream = io.StringIO()
    with logging_to_stderr("INFO", [], stream):
        for number in range(1000):
            logging.getLogger("discord").error("failed: %d", number)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 21
    assert re.search(r"ERROR discord  … and 980 more like it: failed: %d$", lines[-1])
