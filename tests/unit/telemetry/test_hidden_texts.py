import ast
import io
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from assistant.domain.call_ending import CallEnding, EndReason
from assistant.domain.errors import (
    JoinFailed,
    ModelFailed,
    SpeechRefused,
    SpeechUnavailable,
    StorageUnavailable,
)
from assistant.telemetry.hidden_texts import our_texts_hidden
from assistant.telemetry.logs import logging_to_stderr
from assistant.util.private_text import PrivateText
from tests.support.fake_text import response

TYPED = "a dragon in my garden"

MODEL = ModelFailed(endpoint="http://x/v1", detail=f"bad prompt: {TYPED}", status=400, retry_after=None)
SPEECH = SpeechRefused(engine="hosted", detail=f"can't say {TYPED}", status=400)


def logged(
    log: Callable[[logging.Logger], None], name: str = "assistant.reply.turn", *, has_texts: bool = False
) -> str:
    """What is written for what `log` logs."""
    stream = io.StringIO()
    with logging_to_stderr("INFO", [], stream, has_texts=has_texts):
        log(logging.getLogger(name))
    return stream.getvalue()


def raised(error: Exception) -> Exception:
    """The same, with a traceback."""
    nothing: dict[str, str] = {}
    try:
        try:
            nothing[TYPED]
        except KeyError as cause:
            raise error from cause
    except Exception as caught:  # noqa: BLE001 - any
        return caught
    raise AssertionError("nothing was raised")


def test_a_text_is_shown_as_it_is_unless_it_is_to_be_hidden() -> None:
    def log(logger: logging.Logger) -> None:
        logger.info("📝 Processing message: %s", PrivateText("hello"))

    assert logged(log, has_texts=True).endswith("  📝 Processing message: hello\n")
    assert logged(log).endswith("  📝 Processing message: [5 characters]\n")


@pytest.mark.parametrize(
    ("error", "kept"),
    [
        (MODEL, "ModelFailed: endpoint='http://x/v1', status=400, retry_after=None, refused_field=None"),
        (SPEECH, "SpeechRefused: engine='hosted', status=400, retry_after=None"),
        (
            SpeechUnavailable(tried=(SPEECH, SPEECH), language="en"),
            "SpeechUnavailable: tried=(<SpeechRefused: engine='hosted', status=400, retry_after=None>, ",
        ),
        (JoinFailed(channel=TYPED, tries=3, detail="no"), "JoinFailed: tries=3, detail='no'"),
        (StorageUnavailable(address="sqlite://", detail="is locked"), "detail='is locked'"),
        (ValueError(TYPED), "ValueError"),
        (OSError(2, TYPED), "FileNotFoundError: [Errno 2]"),
        (discord.Forbidden(response(403), TYPED), "Forbidden: status 403, code 0"),
        (ExceptionGroup(TYPED, [ValueError(TYPED), MODEL]), "ExceptionGroup: ValueError, ModelFailed: endpoint="),
        (CallEnding(reason=EndReason.ASKED, by=TYPED), "somebody ended it"),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("template", ["It broke: %s", "It broke: %r"])
def test_of_an_error_what_may_quote_is_hidden(error: object, kept: str, template: str) -> None:
    line = logged(lambda logger: logger.warning(template, error))
    assert TYPED not in line
    assert f"It broke: {kept}" in line or kept in line


def test_of_a_traceback_places_and_types_stay() -> None:
    errors = (ValueError(TYPED), MODEL, ExceptionGroup(TYPED, [raised(ValueError(TYPED))]))
    for error in errors:
        text = logged(lambda logger, error=error: logger.error("broke", exc_info=raised(error)))  # type: ignore[misc]
        assert TYPED not in text
        assert "test_hidden_texts.py" in text
        assert "KeyError" in text
        assert type(error).__name__ in text


def test_people_and_places_are_ids() -> None:
    guild = cast(Any, object.__new__(discord.Guild))
    guild.id, guild.name = 42, TYPED
    line = logged(lambda logger: logger.info("In %s", guild))
    assert line.endswith("  In 42\n")


def test_errors_of_tasks_and_what_libraries_print_are_hidden_too() -> None:
    def log(logger: logging.Logger) -> None:
        logger.error(f"Task exception was never retrieved\nfuture: {TYPED}", exc_info=raised(ValueError(TYPED)))
        sys.stderr.write(f'Traceback (most recent call last):\n  File "x.py", line 3, in f\n    f("{TYPED}")\n')
        sys.stderr.write(f"ValueError: {TYPED}\n{TYPED}\n")
        sys.stderr.write(f"discord.errors.Forbidden: {TYPED}\ndragon: {TYPED}\nGarden: {TYPED}\n")

    text = logged(log, "asyncio")
    assert TYPED not in text
    assert "dragon" not in text
    assert "Garden" not in text
    for kept in (
        "Task exception was never retrieved",
        'File "x.py", line 3, in f',
        "ValueError: [hidden]",
        "Forbidden: [hidden]",
    ):
        assert kept in text


def test_an_error_as_the_message_and_arguments_by_name_are_hidden() -> None:
    assert TYPED not in logged(lambda logger: logger.error(ValueError(TYPED)))
    line = logged(lambda logger: logger.error("%(what)s and %(number)d", {"what": PrivateText(TYPED), "number": 3}))
    assert line.endswith(f"  [{len(TYPED)} characters] and 3\n")


def test_in_somebody_elses_log_our_own_texts_are_hidden_as_long_as_we_run(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    logger = logging.getLogger("assistant.reply.turn")
    with our_texts_hidden():
        logger.info("before: %s", PrivateText(TYPED))
    assert TYPED not in caplog.text
    logger.info("after: %s", PrivateText(TYPED))
    assert f"after: {TYPED}" in caplog.text


def test_an_argument_of_another_kind_stays() -> None:
    values = SimpleNamespace(path="/tmp/turn-x", count=3, seconds=0.5)
    line = logged(lambda logger: logger.info("%s %d %.1f", values.path, values.count, values.seconds))
    assert line.endswith("  /tmp/turn-x 3 0.5\n")


def test_no_log_line_takes_a_text_or_a_name_as_it_is() -> None:
    texts = {"text", "said", "content", "clean_content", "display_name", "global_name", "nick", "reply", "by"}
    named = {"channel", "voice", "guild", "member", "user", "author", "place", "stage", "_channel"}
    found: list[str] = []
    for path in (Path(__file__).parents[3] / "assistant").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func).startswith("_logger.")):
                continue
            for argument in node.args[1:]:
                words = ast.unparse(argument).split(".")
                if words[-1] in texts or (words[-1] == "name" and words[:-1] and words[-2] in named):
                    found.append(f"{path.name}:{node.lineno}: {ast.unparse(argument)}")
    assert not found
