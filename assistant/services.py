"""What all calls share."""

from collections.abc import Callable
from dataclasses import dataclass

import discord

from assistant.chat import ChatModel
from assistant.frame_clock import FrameClock
from assistant.languages import LanguageDetector
from assistant.manners import Manners
from assistant.metrics import Metrics
from assistant.patience import Patience
from assistant.settings import Settings
from assistant.speech.synthesizer import Synthesizer
from assistant.storage.calls import CallStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Made once a process; each call is given them."""

    settings: Settings
    """What the owner decided."""
    model: ChatModel
    """Who answers."""
    synthesizer: Synthesizer
    """Who speaks."""
    manners: Manners
    """How they answer, as people chose it."""
    clock: FrameClock
    """Who sends the frames."""
    patience: Patience
    """How long their connections wait."""
    detector: LanguageDetector
    """Who tells languages apart."""
    find_guild: Callable[[int], discord.Guild | None]
    """A guild as Discord has it now, by its id; None when there is none."""
    metrics: Metrics
    """Who counts what happens."""
    store: CallStore
    """Where they are written down."""
