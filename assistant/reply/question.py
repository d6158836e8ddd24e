"""A message that is to be answered."""

import time
from dataclasses import dataclass, field

import discord

from assistant.domain.call_snapshot import QuestionSnapshot
from assistant.domain.channels import TextPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A message that was accepted, so that it will be answered or its failure said."""

    author: str
    """The display name of who wrote it."""
    text: str
    """What they wrote, with mentions as names."""
    message: discord.Message
    """The message itself."""
    place: TextPlace
    """Where it was typed, and where the answer is written."""
    snapshot: QuestionSnapshot | None = None
    """How far an earlier process has come with the answer."""
    received: float = field(default_factory=time.monotonic)
    """When it came, in seconds of `time.monotonic()`."""
