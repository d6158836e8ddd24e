"""What the playground reaches besides Discord: the bot's process, and the services that it asks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sandbox.standins.google import GoogleSpeech
from sandbox.standins.language_model import LanguageModel


class ControlledBot(Protocol):
    """A bot's process, as its host has it."""

    @property
    def log_file(self) -> Path:
        """Where its log is."""

    async def restart(self, *, kills: bool = False) -> None:
        """End it, in good order or at once, and start it anew."""


@dataclass(frozen=True, slots=True)
class Backstage:
    """Each part may be missing; the curtain then shows and offers less."""

    bot: ControlledBot | None = None
    """The bot's process."""
    model: LanguageModel | None = None
    """The stand-in that it asks for answers."""
    google: GoogleSpeech | None = None
    """The stand-in that it asks for speech."""
