"""What people chose for themselves and for their server."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypedDict

DuringSpeech = Literal["queue", "replace"]
"""What a message does that comes while an answer is being heard: it waits for its turn, or interrupts that answer and
waits for its turn."""

LONGEST_LANGUAGE: Final = 16
"""The most characters of a language."""
LONGEST_VOICE: Final = 64
"""The most characters of a voice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """What a member chose; None stands for what was not chosen."""

    language: str | None = None
    """The language spoken: a gTTS code such as en or zh-CN, or "auto" for that of the text."""
    voice: str | None = None
    """An engine and its voice, such as "gtts:co.uk"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildPreference(Preference):
    """What was chosen for a whole guild: what holds for members without a choice, and for its calls."""

    during_speech: DuringSpeech | None = None
    """What becomes of messages that come while an answer is spoken."""
    spoken_seconds: int | None = None
    """How long an answer may be spoken, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildPreferences:
    """All that was chosen in one guild."""

    own: GuildPreference = field(default_factory=GuildPreference)
    """What was chosen for the guild."""
    members: Mapping[int, Preference] = field(default_factory=dict)
    """What members chose for themselves, by user id; only those who chose something."""


class PreferenceChanges(TypedDict, total=False):
    """Changes to a member's choice: what is left out stays, None takes a choice back."""

    language: str | None
    voice: str | None


class GuildPreferenceChanges(PreferenceChanges, total=False):
    """Changes to a guild's choice."""

    during_speech: DuringSpeech | None
    spoken_seconds: int | None
