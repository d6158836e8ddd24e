"""What was typed behind `python app.py`, or `discord-voice-assistant`."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    """What is wanted."""

    check: bool
    """Say what is right and wrong, and end, instead of being the assistant."""


def read_command_line(arguments: Sequence[str]) -> CommandLine:
    """The arguments, without the program's name. Raises SystemExit, as argparse does, for --help and for mistakes."""
    about = "The voice assistant for Discord; see README.md."
    parser = argparse.ArgumentParser(description=about, allow_abbrev=False)
    parser.add_argument("--check", action="store_true", help="say what is right and what is wrong, then exit: 0 or 1")
    return CommandLine(check=parser.parse_args(arguments).check)
