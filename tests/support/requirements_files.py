"""requirements*.txt, each with what it names."""

import re
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
SETS = ("requirements", "requirements-sandbox", "requirements-dev", "requirements-bench")
"""Each builds on those before it."""


def listed(name: str) -> list[Requirement]:
    """What requirements*.txt itself names."""
    lines = (re.sub(r"(^|\s)#.*", "", line) for line in (ROOT / f"{name}.txt").read_text("utf-8").splitlines())
    return [Requirement(line) for line in lines if line.strip()]
