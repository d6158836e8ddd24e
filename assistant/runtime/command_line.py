"""The command line of `python app.py` and `discord-voice-assistant`."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    """The parsed options."""

    check: bool
    """Check the settings and services and exit, instead of running the bot."""


def read_command_line(arguments: Sequence[str]) -> CommandLine:
    """Parse the arguments, without the program's name.

    Raises:
        SystemExit: argparse has printed the help or an error.
    """
    about = "A voice assistant for Discord; see README.md."
    parser = argparse.ArgumentParser(description=about, allow_abbrev=False)
    parser.add_argument(
        "--check",
        action="store_true",
        help="check the settings and services, then exit: 0 if no check failed, else 1",
    )
    return CommandLine(check=parser.parse_args(arguments).check)
