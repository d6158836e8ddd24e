"""Messages of the MLS group that wait until a transition is executed."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from voicewire.opcodes import VoiceOp

_MOST: Final = 64
_EXECUTED_WITHIN: Final = 4.0
"""Seconds until a transition is taken for forgotten. The gateway executes one after two ("Member Remove")."""


@dataclass(frozen=True, slots=True)
class DeferredMessage:
    """A binary operation."""

    op: int
    """29 for the first one; any later."""
    data: bytes
    """What follows the op."""
    due: float
    """When it is taken at the latest."""

    @property
    def transition_id(self) -> int | None:
        """With op 29: the transition that it waits for."""
        return int.from_bytes(self.data[:2], "big") if self.op == VoiceOp.MLS_ANNOUNCE_COMMIT else None


class DeferredMessages:
    """The first one is a commit; what follows is for the group after it."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is in seconds."""
        self._now = now
        self._messages: deque[DeferredMessage] = deque()

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def is_full(self) -> bool:
        """Whether no more should wait."""
        return len(self._messages) >= _MOST

    @property
    def overdue(self) -> int | None:
        """The transition that should have been executed long ago; None if there is none."""
        first = self._messages[0] if self._messages else None
        return first.transition_id if first is not None and self._now() >= first.due else None

    def awaits(self, transition_id: int) -> bool:
        """Whether a commit waits for that transition."""
        return any(message.transition_id == transition_id for message in self._messages)

    def append(self, op: int, data: bytes) -> DeferredMessage:
        """Let a message wait; returns it."""
        message = DeferredMessage(op, data, self._now() + _EXECUTED_WITHIN)
        self._messages.append(message)
        return message

    def take_all(self) -> list[DeferredMessage]:
        """All that waits, and waits no more."""
        messages = list(self._messages)
        self._messages.clear()
        return messages
