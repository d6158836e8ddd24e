"""What people say, by language and by what it does to the turn they take: for the tests."""

import tomllib
from pathlib import Path

_FOLDER = Path(__file__).parent


def said(kind: str) -> list[str]:
    """All texts of a kind."""
    return [text for path in sorted(_FOLDER.glob("*.toml")) for text in tomllib.loads(path.read_text("utf-8"))[kind]]
