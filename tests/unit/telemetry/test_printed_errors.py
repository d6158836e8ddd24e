import io
import sys
import threading
import traceback

from assistant.telemetry.logs import logging_to_stderr

SECRET = "MTA5.secret.token"


def fail() -> None:
    raise ValueError(SECRET)


def printed_traceback() -> None:
    """As py-cord's `Client.on_error` prints it."""
    sys.stderr.write("Ignoring exception in on_message\n")
    try:
        fail()
    except ValueError:
        traceback.print_exc()


def test_a_traceback_that_a_library_prints_is_logged_without_the_secret() -> None:
    stream, before = io.StringIO(), sys.stderr
    with logging_to_stderr("INFO", [SECRET], stream):
        printed_traceback()
    lines = stream.getvalue().splitlines()
    assert lines[0].endswith("ERROR stderr  Ignoring exception in on_message")
    assert lines[-1].endswith("ERROR stderr  ValueError: •••")
    assert SECRET not in stream.getvalue()
    assert sys.stderr is before


def test_a_thread_that_breaks_is_told_without_the_secret() -> None:
    stream = io.StringIO()
    hook, threading.excepthook = threading.excepthook, threading.__excepthook__  # not that of pytest
    try:
        with logging_to_stderr("INFO", [SECRET], stream):
            thread = threading.Thread(target=fail)
            thread.start()
            thread.join()
    finally:
        threading.excepthook = hook
    assert "ValueError: •••" in stream.getvalue()
    assert SECRET not in stream.getvalue()


def test_a_line_without_an_end_is_logged_at_the_end() -> None:
    stream = io.StringIO()
    with logging_to_stderr("INFO", [], stream):
        sys.stderr.write("half a ")
        sys.stderr.write("line")
    assert stream.getvalue().endswith("ERROR stderr  half a line\n")
