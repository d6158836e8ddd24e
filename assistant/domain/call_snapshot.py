"""A call as it is written down, so that another process can go on with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from assistant.domain.exchange import Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSnapshot:
    """A message that was accepted and is not answered yet. Its text is not kept: it is read again from Discord."""

    message_id: int
    """The message."""
    channel_id: int
    """Where it was typed."""
    reply: str | None = None
    """The whole answer; None while it is not written yet."""
    apology: str = ""
    """What is said of a failure beside the answer; empty without one."""
    is_posted: bool = False
    """Whether the answer, and the apology, stand in the channel."""
    heard: int = 0
    """How many of the answer's sentences were heard; of an answer that is not written, it is of no use."""


class QuestionChanges(TypedDict, total=False):
    """What becomes known of a question while it is answered: fields of `QuestionSnapshot`."""

    reply: str
    apology: str
    is_posted: bool
    heard: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSnapshot:
    """One guild's call."""

    guild_id: int
    """Whose call it is."""
    voice_id: int
    """The voice channel it is in."""
    text_id: int
    """Where /voice_chat was used: the panel stands there."""
    begun_by: int
    """The snowflake of that command: what was typed before it is not for this call."""
    panel_id: int | None = None
    """The panel's message; None while there is none."""
    conversation: tuple[Exchange, ...] = ()
    """What the model is reminded of, the oldest turn first."""
    unspoken_languages: frozenset[str] = frozenset()
    """The languages of which people know that nobody speaks them, as gTTS codes."""
    waiting: tuple[QuestionSnapshot, ...] = ()
    """What is not answered yet, the oldest first."""
    newest: Mapping[int, int] = field(default_factory=dict)
    """The newest message that was accepted, answered or not, by the id of its channel."""


class CallChanges(TypedDict, total=False):
    """What changes in a call while it lasts: fields of `CallSnapshot`."""

    voice_id: int
    panel_id: int
