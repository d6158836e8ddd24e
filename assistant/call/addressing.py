"""Who is meant by what somebody says: the assistant, or another person in the call."""

import re
import time
from collections.abc import Callable
from typing import Final

from assistant.call.context import CallContext
from assistant.text.sounds_alike import runs_that_sound_like
from assistant.voice.occupants import occupants_of

FOLLOW_UP_SECONDS: Final = 10.0
"""How long after an answer to somebody they need not say the name again; OpenClaw's and pipecat's bots take as long."""
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_GREETINGS: Final = frozenset(
    [
        "hey",
        "hi",
        "hello",
        "okay",
        "ok",
        "so",
        "and",
        "well",
        "yo",
        "um",
        "uh",
        "please",
        "thanks",
        "excuse",
        "me",
        "dear",
        "oh",
        "hallo",
        "hola",
        "oye",
        "salut",
        "dis",
        "ciao",
        "olá",
        "oi",
        "hej",
        "ahoj",
        "cześć",
        "привет",
        "эй",
        "merhaba",
        "halo",
    ]
)
"""What people say before the name."""
_LAST_WORDS: Final = frozenset(["please", "now", "then", "thanks", "bitte", "danke", "gracias", "merci", "grazie"])
"""And behind it."""


class Addressing:
    """Decides it for one call."""

    def __init__(self, context: CallContext, name: str, now: Callable[[], float] = time.monotonic) -> None:
        """`name` is the assistant's, as it is set by the owner; `now` is in seconds."""
        self._context = context
        self._name = name
        self._now = now
        self._talks_until: dict[int, float] = {}

    def is_meant(self, user_id: int, text: str) -> bool:
        """Whether what a member said is for the assistant."""
        match self._context.preferences.options_for(self._context.guild_id).addressing:
            case "always":
                return True
            case "auto" if self._is_alone_with(user_id):
                return True
        return self._now() < self._talks_until.get(user_id, float("-inf")) or is_called(self._name, text)

    def keep_up(self, user_id: int) -> None:
        """A member was answered: for a while they need not say the name."""
        self._talks_until[user_id] = self._now() + FOLLOW_UP_SECONDS

    def _is_alone_with(self, user_id: int) -> bool:
        """Whether nobody else is in the call. Who is not known counts, known bots do not."""
        voice = self._context.voice
        others = (voice.guild.get_member(other) for other in occupants_of(voice) - {user_id})
        return all(other is not None and other.bot for other in others)


def is_called(name: str, text: str) -> bool:
    """Whether a text begins or ends with a name, as somebody who only heard it would write it."""
    words = _WORD.findall(text.casefold())
    for start, end in runs_that_sound_like(name.casefold(), words):
        if all(word in _GREETINGS for word in words[:start]) or all(word in _LAST_WORDS for word in words[end:]):
            return True
    return False
