"""A stored call, which another process can resume."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from assistant.domain.exchange import Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSnapshot:
    """A question that is not answered yet. The text of a message is not stored: it is fetched from Discord again."""

    message_id: int
    """The message's id; where it was said and no message shows it, an id of our own, also a snowflake."""
    channel_id: int
    """The id of the channel it was sent to."""
    speaker_id: int | None = None
    """The member who said it in the call; None where it was typed."""
    said: str | None = None
    """What they said, where no message shows it."""
    reply: str | None = None
    """The whole answer; None until it is written."""
    apology: str = ""
    """What was said about a failure, after the answer; empty without a failure."""
    post_ids: tuple[int, ...] = ()
    """The ids of the posts that were begun of the answer while it was written, besides the message itself."""
    is_posted: bool = False
    """Whether the answer and the apology were posted."""
    heard: int = 0
    """How many sentences of the answer were heard. It means nothing without `reply`."""


class QuestionChanges(TypedDict, total=False):
    """Changes to a question while it is answered: fields of `QuestionSnapshot`."""

    said: str
    reply: str
    apology: str
    post_ids: tuple[int, ...]
    is_posted: bool
    heard: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSnapshot:
    """One guild's call."""

    guild_id: int
    """The guild's id."""
    voice_id: int
    """The voice channel's id."""
    text_id: int
    """The id of the channel where /voice_chat was used and the panel is."""
    begun_by: int
    """The snowflake of that command: earlier messages are not for this call."""
    panel_id: int | None = None
    """The id of the panel's message; None before it is posted."""
    conversation: tuple[Exchange, ...] = ()
    """The past turns that the model sees, the oldest first."""
    unspoken_languages: frozenset[str] = frozenset()
    """The languages without a voice that people were told about, as gTTS codes."""
    waiting: tuple[QuestionSnapshot, ...] = ()
    """The messages that are not answered yet, the oldest first."""
    newest: Mapping[int, int] = field(default_factory=dict)
    """The id of the newest accepted message, answered or not, by channel id.

    It is one that was typed: what we wrote down for somebody who spoke may be accepted before what was typed earlier.
    """


class CallChanges(TypedDict, total=False):
    """Changes to a running call: fields of `CallSnapshot`."""

    voice_id: int
    panel_id: int
