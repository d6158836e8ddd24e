"""Who is meant by what somebody says: the assistant, or another person in the call."""

import time
from collections.abc import Callable
from enum import Enum, auto
from typing import Final

from assistant.call.context import CallContext
from assistant.text.calling import is_called, is_only_name
from assistant.voice.occupants import occupants_of

FOLLOW_UP_SECONDS: Final = 10.0
"""How long after an answer to somebody they need not say the name again; OpenClaw's and pipecat's bots take as long."""


class Meant(Enum):
    """Whether somebody means the assistant."""

    YES = auto()
    NO = auto()
    CALLED = auto()
    """They do, and have said its name only: what they want comes next."""


class Addressing:
    """Decides it for one call."""

    def __init__(self, context: CallContext, name: str, now: Callable[[], float] = time.monotonic) -> None:
        """`name` is the assistant's, as it is set by the owner; `now` is in seconds."""
        self._context = context
        self._name = name
        self._now = now
        self._talks_until: dict[int, float] = {}

    def meant_by(self, user_id: int, text: str, began_at: float) -> Meant:
        """Whether what a member said is for the assistant; `began_at` is when they began to, as `now` tells it."""
        if is_only_name(self._name, text):
            return Meant.CALLED
        is_talking = began_at < self._talks_until.get(user_id, float("-inf"))
        is_meant = is_talking or self._needs_no_name(user_id) or is_called(self._name, text)
        return Meant.YES if is_meant else Meant.NO

    def begin(self, user_id: int) -> None:
        """A member begins to speak: who is alone with the assistant talks to it, whoever comes meanwhile."""
        if self._needs_no_name(user_id):
            self.keep_up(user_id)

    def keep_up(self, user_id: int) -> None:
        """A member has called, asked or was answered: for a while they need not say the name."""
        self._talks_until[user_id] = self._now() + FOLLOW_UP_SECONDS

    def _needs_no_name(self, user_id: int) -> bool:
        match self._context.preferences.options_for(self._context.guild_id).addressing:
            case "always":
                return True
            case "auto":
                return self._is_alone_with(user_id)
            case "name":
                return False

    def _is_alone_with(self, user_id: int) -> bool:
        """Whether nobody else is in the call. Who is not known counts, known bots do not."""
        voice = self._context.voice
        others = (voice.guild.get_member(other) for other in occupants_of(voice) - {user_id})
        return all(other is not None and other.bot for other in others)
