"""What a check found out."""

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """What is to be thought of it."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    """It cannot be known from here, or not now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One row of the table."""

    name: str
    """What was looked at, in one or two words."""
    verdict: Verdict
    """Whether it is right."""
    detail: str
    """What was seen; may hold what others said, and so secrets."""
    advice: str = ""
    """What the owner should do; empty where there is nothing to do."""


def right(name: str, detail: str, advice: str = "") -> Finding:
    """It is as it should be."""
    return Finding(name=name, verdict=Verdict.RIGHT, detail=detail, advice=advice)


def wrong(name: str, detail: str, advice: str) -> Finding:
    """It is not, and the owner must do something."""
    return Finding(name=name, verdict=Verdict.WRONG, detail=detail, advice=advice)


def unknown(name: str, detail: str, advice: str = "") -> Finding:
    """Nobody can tell."""
    return Finding(name=name, verdict=Verdict.UNKNOWN, detail=detail, advice=advice)
