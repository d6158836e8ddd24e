"""What a process that we start is told by its environment: what programs need to run, and no secret."""

import os
import re
from typing import Final

_NEEDED: Final = re.compile(
    r"PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|TMP|TEMP|VIRTUAL_ENV|PYTHON\w+|LD_LIBRARY_PATH|"
    r"DYLD_\w+|SYSTEMROOT|SYSTEMDRIVE|WINDIR|PATHEXT|COMSPEC",
    re.IGNORECASE,
)
"""The names that are passed on. Others, which may hold anything, are not: a list of secrets is never complete."""


def environment_without_secrets() -> dict[str, str]:
    """The part of our environment that a child is given."""
    return {name: value for name, value in os.environ.items() if _NEEDED.fullmatch(name)}
