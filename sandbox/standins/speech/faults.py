"""Ways in which hosted speech goes wrong, to be ordered one by one for the requests to come, or as an outage."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.standins.language_model.faults import Hang, Status


@dataclass(frozen=True, slots=True)
class EmptyBody:
    """An answer 200 of type audio without a byte."""


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """An answer 200 that is a page for people, as a proxy in between gives it."""


@dataclass(frozen=True, slots=True)
class CorruptAudio:
    """An answer 200 of type audio whose bytes are none."""


@dataclass(frozen=True, slots=True)
class HangAfter:
    """The stream falls silent in the middle of the speech."""

    fraction: float
    """The part of the speech that comes before that, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class CutAfter:
    """The connection is reset in the middle of the speech."""

    fraction: float
    """The part of the speech that comes before that, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Slow:
    """The answer is right, and late."""

    delay: float
    """Seconds until its first byte."""


HostedSpeechFault = Status | EmptyBody | HtmlPage | CorruptAudio | Hang | HangAfter | CutAfter | Slow

__all__ = [
    "CorruptAudio",
    "CutAfter",
    "EmptyBody",
    "Hang",
    "HangAfter",
    "HostedSpeechFault",
    "HtmlPage",
    "Slow",
    "Status",
]
