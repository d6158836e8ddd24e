"""Choices that a bot offers while a human types an option of a command."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """One line of the list below the option that is typed."""

    name: str
    """What the human reads."""
    value: str | int | float
    """What the command is given when the human chooses it."""
