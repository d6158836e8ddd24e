"""Starts the program: arguments, settings, logging, and a check of this machine."""

import logging
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.config.settings import Settings, SettingsError, read_environment, read_settings
from assistant.doctor.finding import Verdict
from assistant.doctor.machine import findings_at_start
from assistant.doctor.report import table
from assistant.runtime import event_loop
from assistant.runtime.command_line import read_command_line
from assistant.runtime.exit_codes import FAILED, MISCONFIGURED, STOPPED
from assistant.runtime.interpreter import prepare_interpreter
from assistant.runtime.stop_signals import end_at_sigterm
from assistant.telemetry.logs import logging_to_stderr
from assistant.util.proxy_rules import PROXY_VARIABLES, ProxyRules

_logger = logging.getLogger(__name__)


def start(env_file: Path, arguments: Sequence[str]) -> int:
    """Run the bot, or check it, with the settings of `env_file` and the environment. Return the exit code.

    `arguments` are those of the command line, without the program's name.

    Raises:
        SystemExit: argparse has printed the help or an error.
    """
    options = read_command_line(arguments)
    end_at_sigterm(FAILED if options.check else STOPPED)  # until the bot runs
    try:
        environment = read_environment(env_file)
        settings, notes = read_settings(environment, env_file.parent)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return FAILED if options.check else MISCONFIGURED
    _adopt_proxies(environment)
    secrets = (*settings.secrets, *ProxyRules.of(os.environ).secrets)
    if options.check:
        with logging_to_stderr("ERROR", secrets):  # warnings would repeat the table
            return _check(settings, env_file, notes, secrets)
    with logging_to_stderr(settings.log_level, secrets, has_texts=settings.log_texts):
        for note in notes:
            _logger.warning("%s", note)
        return _run_bot(settings) if _machine_is_ready() else MISCONFIGURED


def _adopt_proxies(environment: Mapping[str, str]) -> None:
    """Let the proxies of `.env` hold for this process, which asks its environment whenever it opens a connection."""
    for name in PROXY_VARIABLES:
        if not os.environ.get(name) and not os.environ.get(name.lower()):
            for spelling in (name, name.lower()):
                if spelling in environment:
                    os.environ[spelling] = environment[spelling]


def _check(settings: Settings, env_file: Path, notes: Sequence[str], secrets: Sequence[str]) -> int:
    # Imported here: a bot that runs does without them.
    from assistant.doctor.checkup import run_checks  # noqa: PLC0415

    findings = event_loop.run(run_checks(settings, env_file, notes))
    text = table(findings, secrets)
    encoding = sys.stdout.encoding
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))  # the encoding may lack a letter
    return FAILED if any(each.verdict is Verdict.FAILED for each in findings) else STOPPED


def _machine_is_ready() -> bool:
    """Whether this machine has what every call needs. What is missing is logged."""
    missing = [each for each in findings_at_start() if each.verdict is Verdict.FAILED]
    for each in missing:
        _logger.error("%s: %s. %s", each.name, each.detail, each.advice)
    return not missing


def _run_bot(settings: Settings) -> int:
    # Imported here: without the DAVE library, importing py-cord's voice raises before the log could say why.
    from assistant.runtime.runner import run_until_stopped  # noqa: PLC0415

    prepare_interpreter()
    return event_loop.run(run_until_stopped(settings))
