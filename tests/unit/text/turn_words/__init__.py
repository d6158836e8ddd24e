"""What people say, by language and by what it does to the turn they take: for the tests."""

import tomllib
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent

LANGUAGES: Final = sorted(path.stem for path in _FOLDER.glob("*.toml"))
"""The codes of the languages."""


def said(kind: str, language: str) -> list[str]:
    """All texts of a kind in a language."""
    texts: list[str] = tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))[kind]
    return texts
