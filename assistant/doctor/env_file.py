"""Whether others may read the file that holds the secrets."""

import os
import stat
from pathlib import Path
from typing import Final

from assistant.doctor.finding import Finding, failed, ok

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def env_file_finding(path: Path) -> Finding:
    """Look at the mode of `.env`; where there is none, the secrets come from the environment. Blocks."""
    name = "secrets"
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return ok(name, f"there is no {path.name}: they are in the environment")
    except OSError as error:
        return failed(name, str(error), f"Let me read {path}")
    if os.name == "posix" and mode & _OTHERS:
        return failed(name, f"{path} may be used by others (mode {mode:04o})", f"chmod 600 {path}")
    return ok(name, f"{path} may be read by its owner only")
