"""A message that is to be answered."""

import time
from dataclasses import dataclass, field

import discord

from assistant.domain.call_snapshot import QuestionSnapshot
from assistant.domain.channels import TextPlace
from assistant.domain.message_context import NO_CONTEXT, MessageContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked and accepted, so that it will be answered or its failure said."""

    id: int
    """The message's id, or, without a message, a snowflake of our own."""
    author: str
    """The display name of who asks."""
    text: str
    """What they wrote or forwarded, with mentions as names."""
    message: discord.Message | None
    """The message itself; None where it was said and is not to be seen in the chat: nor is the answer then."""
    place: TextPlace
    """Where it was typed, and where what belongs to it is written."""
    asker: discord.Member | discord.User
    """Who asks. The message is theirs, except where /ask has posted it, or they said it."""
    context: MessageContext = NO_CONTEXT
    """What goes with the words."""
    is_silent: bool = False
    """Whether it was sent to make no sound ("@silent"), so that the answer makes none either."""
    is_spoken: bool = False
    """Whether it was said, and not typed."""
    snapshot: QuestionSnapshot | None = None
    """How far an earlier process has come with the answer."""
    received: float = field(default_factory=time.monotonic)
    """When it came, or its speaker's last voice, in seconds of `time.monotonic()`."""
    recognized: float | None = None
    """When what was said was recognized."""
    committed: float | None = None
    """When it was taken for all that its speaker says."""
