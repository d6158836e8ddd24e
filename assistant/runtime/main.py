"""The start of the program: arguments, settings, logging, and what must be there before anything else."""

import asyncio
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant.config.settings import Settings, SettingsError, load_settings, read_environment
from assistant.doctor.checkup import run_checks
from assistant.doctor.finding import Verdict
from assistant.doctor.machine import machine_findings
from assistant.doctor.report import table
from assistant.runtime.command_line import read_command_line
from assistant.runtime.exit_codes import FAILED, MISCONFIGURED, STOPPED
from assistant.runtime.interpreter import prepare_interpreter
from assistant.telemetry.logs import logging_to_stderr

_logger = logging.getLogger(__name__)


def main() -> int:
    """The command `discord-voice-assistant`: `start` with the `.env` of the current folder, where its data is too."""
    return start(Path(".env"), sys.argv[1:])


def start(env_file: Path, arguments: Sequence[str]) -> int:
    """Be the assistant, or check it, with the settings of `env_file` and the environment; return the exit status.

    `arguments` are those of the command line. Raises SystemExit for --help, and for what is not understood.
    """
    wanted = read_command_line(arguments)
    try:
        settings = load_settings(read_environment(env_file), env_file.parent)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return FAILED if wanted.check else MISCONFIGURED
    if wanted.check:
        with logging_to_stderr("ERROR", settings.secrets):  # the table says what the warnings would
            return _check(settings)
    with logging_to_stderr(settings.log_level, settings.secrets):
        return _be_the_assistant(settings) if _is_machine_fit() else MISCONFIGURED


def _check(settings: Settings) -> int:
    findings = asyncio.run(run_checks(settings))
    text = table(findings, settings.secrets)
    encoding = sys.stdout.encoding
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))  # not all of them know all letters
    return FAILED if any(each.verdict is Verdict.FAILED for each in findings) else STOPPED


def _is_machine_fit() -> bool:
    """Whether there is what no call can do without; what is missing is logged."""
    missing = [each for each in machine_findings() if each.verdict is Verdict.FAILED]
    for each in missing:
        _logger.error("%s: %s. %s", each.name, each.detail, each.advice)
    return not missing


def _be_the_assistant(settings: Settings) -> int:
    # Not above: where the DAVE library is missing, py-cord's voice raises as it is imported, and nobody would be told.
    from assistant.runtime.runner import run_until_stopped  # noqa: PLC0415

    prepare_interpreter()
    return asyncio.run(run_until_stopped(settings))
