import io
import logging
import re
import threading
import time
import warnings
from typing import Any

import pytest
from discord.voice.gateway import VoiceWebSocket

from assistant.telemetry.logs import logging_to_stderr

SECRET = "MTA5.secret.token"


class Unprintable:
    """An argument whose text can't be made."""

    def __str__(self) -> str:
        raise RuntimeError(SECRET)


class FakeSocket:
    """Takes what a websocket would send."""

    async def send_str(self, text: str) -> None:
        """Nothing is sent."""


class StuckStream(io.StringIO):
    """A stream that nobody reads until it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.is_stuck = threading.Event()
        self.may_go_on = threading.Event()

    def write(self, text: str) -> int:
        self.is_stuck.set()
        self.may_go_on.wait(10)
        return super().write(text)


def refuse(text: str) -> None:
    raise ValueError(text)


def logged(level: str, *messages: Any, **options: Any) -> str:
    """What is written for one message with its arguments, at INFO."""
    stream = io.StringIO()
    with logging_to_stderr(level, [SECRET], stream):
        logging.getLogger("assistant.call.session").info(*messages, **options)
    return stream.getvalue()


def test_an_event_is_one_line_with_time_level_and_name() -> None:
    line = logged("INFO", "joined %s", "the call")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} INFO assistant\.call\.session  joined the call\n", line)


def test_a_message_can_not_pretend_to_be_two() -> None:
    line = logged("INFO", "one\r\ntwo \x1b[31mred\u2028three\x85")
    assert line.count("\n") == 1
    assert r"one\r\ntwo \x1b[31mred\u2028three\x85" in line


def test_a_traceback_follows_on_indented_lines_without_the_secret() -> None:
    stream = io.StringIO()
    with logging_to_stderr("INFO", [SECRET], stream):
        try:
            refuse(f"refused {SECRET}\n2026-11-22 forged")
        except ValueError:
            logging.getLogger("assistant").exception("it failed")
    first, *below = stream.getvalue().splitlines()
    assert first.endswith("ERROR assistant  it failed")
    assert below[0] == "    Traceback (most recent call last):"
    assert all(line.startswith("    ") for line in below)
    assert below[-2:] == ["    ValueError: refused •••", "    2026-11-22 forged"]
    assert SECRET not in stream.getvalue()


@pytest.mark.parametrize(
    "message",
    [(SECRET,), ("%s", SECRET), ("%r", {"a": [SECRET]}), ("%d", SECRET), ("%s %s", SECRET), ("%s", Unprintable())],
)
def test_no_secret_gets_out_of_message_or_arguments(
    message: tuple[object, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    assert SECRET not in logged("DEBUG", *message)
    assert SECRET not in "".join(capfd.readouterr())


def test_a_message_that_does_not_fit_its_arguments_is_still_told() -> None:
    assert "bad %d (its arguments don't fit: TypeError)" in logged("INFO", "bad %d", "text")


def test_a_stack_is_shown_without_secrets() -> None:
    text = logged("INFO", "here", stack_info=True)
    assert "    Stack (most recent call last):" in text


def test_the_text_is_made_when_it_is_logged() -> None:
    stream = io.StringIO()
    with logging_to_stderr("INFO", [], stream):
        changing = ["before"]
        logging.getLogger("assistant").info("it is %s", changing)
        changing[0] = "after"
    assert "it is ['before']" in stream.getvalue()


async def test_pycord_identifying_to_the_voice_gateway_shows_no_token() -> None:
    stream = io.StringIO()
    socket = VoiceWebSocket.__new__(VoiceWebSocket)
    socket.ws = FakeSocket()  # type: ignore[assignment] # it only takes what is sent
    payload = {"op": 0, "d": {"server_id": "1", "session_id": "s3ss10n", "token": "v01ce-t0ken"}}
    with logging_to_stderr("DEBUG", [], stream):
        await socket.send_as_json(payload)
    text = stream.getvalue()
    assert "INFO discord.voice.gateway  Identifying ourselves" in text
    assert "DEBUG discord.voice.gateway  Sending voice websocket frame" in text
    assert "s3ss10n" not in text
    assert "v01ce-t0ken" not in text


def test_a_secret_learnt_later_is_masked() -> None:
    stream = io.StringIO()
    with logging_to_stderr("INFO", [], stream) as redactor:
        redactor.add("learnt-later")
        logging.getLogger("assistant").info("it is learnt-later")
    assert "it is •••" in stream.getvalue()


def test_warnings_are_logged_too() -> None:
    stream = io.StringIO()
    with logging_to_stderr("INFO", [SECRET], stream), warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"careful with {SECRET}", stacklevel=1)
    assert "WARNING py.warnings" in stream.getvalue()
    assert SECRET not in stream.getvalue()


def test_the_level_holds_and_noisy_libraries_are_quieter() -> None:
    stream = io.StringIO()
    with logging_to_stderr("DEBUG", [], stream):
        logging.getLogger("discord.gateway").debug("shown")
        logging.getLogger("asyncio").debug("hidden")
        logging.getLogger("aiohttp.access").info("hidden")
    with logging_to_stderr("WARNING", [], stream):
        logging.getLogger("assistant").info("hidden")
    assert "shown" in stream.getvalue()
    assert "hidden" not in stream.getvalue()


def test_a_stuck_stream_holds_nobody_up_and_what_was_dropped_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.telemetry.logs.LONGEST_QUEUE", 10)
    stream = StuckStream()
    log = logging.getLogger("assistant")
    with logging_to_stderr("INFO", [], stream):
        begun = time.perf_counter()
        for number in range(100):
            log.info("line %d", number)
        assert time.perf_counter() - begun < 5
        stream.may_go_on.set()
        while "Dropped" not in stream.getvalue():
            log.info("another")
            time.sleep(0.001)
    lines = stream.getvalue().splitlines()
    # More than one note, where the stream took a line in the middle of the hundred.
    lost = sum(int(count) for count in re.findall(r"Dropped (\d+) log line", stream.getvalue()))
    assert lost + sum("line " in line for line in lines if "Dropped" not in line) >= 100


@pytest.mark.parametrize(("count", "told"), [(10, "line 9"), (100, "Dropped 90 log lines")])
def test_logging_can_end_while_the_queue_is_full(count: int, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.telemetry.logs.LONGEST_QUEUE", 10)
    stream = StuckStream()
    release = threading.Timer(0.2, stream.may_go_on.set)
    log = logging.getLogger("assistant")
    with logging_to_stderr("INFO", [], stream):
        log.info("first")
        assert stream.is_stuck.wait(10)
        for number in range(count):
            log.info("line %d", number)
        release.start()
    release.join()
    lines = stream.getvalue().splitlines()
    assert sum("line " in line for line in lines) == 10
    assert told in lines[-1]


def test_a_broken_stream_is_survived(capfd: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    stream.close()
    with logging_to_stderr("INFO", [SECRET], stream):
        logging.getLogger("assistant").info("%s", SECRET)
    assert SECRET not in "".join(capfd.readouterr())


def test_everything_is_written_before_it_ends_and_logging_is_as_before() -> None:
    root = logging.getLogger()
    before = (root.handlers[:], root.level, logging.getLogger("asyncio").level, threading.active_count())
    stream = io.StringIO()
    with logging_to_stderr("DEBUG", [], stream):
        for number in range(500):
            logging.getLogger("assistant").debug("line %d", number)
    assert len(stream.getvalue().splitlines()) == 500
    assert (root.handlers[:], root.level, logging.getLogger("asyncio").level, threading.active_count()) == before
