"""The result of a check."""

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """How a check went."""

    OK = "ok"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """It can't be known from here, or not now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One row of the table."""

    name: str
    """What was checked, in one or two words."""
    verdict: Verdict
    """How it went."""
    detail: str
    """What was found. May quote what a service said, and so hold secrets."""
    advice: str = ""
    """What the owner should do; empty when there is nothing to do."""


def ok(name: str, detail: str, advice: str = "") -> Finding:
    """A finding that needs no action."""
    return Finding(name=name, verdict=Verdict.OK, detail=detail, advice=advice)


def failed(name: str, detail: str, advice: str) -> Finding:
    """A finding that the owner must act on."""
    return Finding(name=name, verdict=Verdict.FAILED, detail=detail, advice=advice)


def unknown(name: str, detail: str, advice: str = "") -> Finding:
    """A finding that neither confirms nor denies."""
    return Finding(name=name, verdict=Verdict.UNKNOWN, detail=detail, advice=advice)
