"""The choices of members and servers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypedDict

DuringSpeech = Literal["polite", "queue", "replace"]
"""What happens when somebody says or writes something while an answer is spoken: it waits for its turn ("queue"), or
interrupts the answer first ("replace"). Or as among people ("polite"): what is written waits, the answer becomes softer
while the one speaks whom it is for, and makes way for words that are meant for it."""

Control = Literal["members", "everyone"]
"""Who can skip and end a call, and is answered out loud: who is in its voice channel or may move members ("members"),
or everybody who can write to it ("everyone")."""

Addressing = Literal["auto", "name", "always"]
"""Which speech is for the assistant: what begins or ends with its name, and what follows on its answer ("name"); that,
but everything of somebody who is alone with it ("auto"); or everything ("always")."""

Captions = Literal["on", "off"]
"""Whether what members say, and what is answered to it, is written in the chat too."""

LONGEST_LANGUAGE: Final = 16
"""The longest language code, in characters."""
LONGEST_VOICE: Final = 64
"""The longest voice key, in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """A member's choices; None means no choice."""

    language: str | None = None
    """The language of answers: a gTTS code such as en or zh-CN, or "auto" for the language of each sentence."""
    voice: str | None = None
    """An engine and its voice, such as "gtts:co.uk"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildPreference(Preference):
    """A guild's choices: the defaults of its members, and how its calls behave."""

    during_speech: DuringSpeech | None = None
    """What happens when somebody says or writes something while an answer is spoken."""
    spoken_seconds: int | None = None
    """Maximum speaking time per answer in seconds; 0 means no limit."""
    control: Control | None = None
    """Who can skip and end calls, and is answered out loud."""
    addressing: Addressing | None = None
    """Which speech is for the assistant."""
    captions: Captions | None = None
    """Whether speech and its answers are written in the chat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildPreferences:
    """All choices made in one guild."""

    own: GuildPreference = field(default_factory=GuildPreference)
    """The guild's choices."""
    members: Mapping[int, Preference] = field(default_factory=dict)
    """The members' choices by user id, without members who chose nothing."""


class PreferenceChanges(TypedDict, total=False):
    """Changes to a member's choices: missing keys stay as they are, None resets a choice."""

    language: str | None
    voice: str | None


class GuildPreferenceChanges(PreferenceChanges, total=False):
    """Changes to a guild's choices."""

    during_speech: DuringSpeech | None
    spoken_seconds: int | None
    control: Control | None
    addressing: Addressing | None
    captions: Captions | None
