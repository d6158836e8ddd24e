"""The owner's settings: `.env`, overlaid by the variables of the process."""

import os
import sys
from pathlib import Path

from dotenv import dotenv_values


def read_dotenv(path: Path) -> dict[str, str]:
    """The variables of a `.env` file (which may be missing) overlaid by those of the process.

    Values are taken literally (no `${…}`), and a blank one counts as unset, as the bot itself reads them.

    Raises:
        SystemExit: the file is not UTF-8 text.
    """
    try:
        from_file = dotenv_values(path, interpolate=False, encoding="utf-8")
    except UnicodeDecodeError as error:
        sys.exit(f"{path.name} is not UTF-8 text (byte {error.start}); save it as UTF-8.")
    together = [*from_file.items(), *os.environ.items()]
    return {name: value for name, value in together if value is not None and value.strip()}
