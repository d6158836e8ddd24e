"""Where the program begins, before anything that takes time to import."""

import sys
from pathlib import Path

from assistant.runtime.exit_codes import STOPPED
from assistant.runtime.stop_signals import end_at_sigterm


def main() -> int:
    """The command `discord-voice-assistant`: with the `.env` of the current folder, where its data is too."""
    return begin(Path(".env"))


def begin(env_file: Path) -> int:
    """Run the program with the settings of `env_file`; return its exit code.

    Raises:
        SystemExit: argparse has printed the help or an error.
    """
    end_at_sigterm(STOPPED)
    from assistant.runtime.main import start  # noqa: PLC0415 - takes a second, in which it may be stopped already

    return start(env_file, sys.argv[1:])
