"""Which frame was sealed in which epoch, and who could open it."""

import time
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

Epoch = str | None
"""An epoch of the group, by its privacy code, which its members have and nobody else; None before there is one."""


@dataclass(slots=True)
class SealedFrame:
    """A frame that has left us, encrypted end to end."""

    epoch: Epoch
    """With which epoch's key."""
    attempts: list[tuple[AbstractSet[Epoch], bool]] = field(default_factory=list)
    """For each member who was there when it arrived: the epochs that it is or was in, and whether it opened it."""

    @property
    def due(self) -> int:
        """How many had to open it."""
        return sum(self.epoch in epochs for epochs, _ in self.attempts)

    @property
    def opened(self) -> int:
        """How many of those did."""
        return sum(is_open for epochs, is_open in self.attempts if self.epoch in epochs)


class FrameLedger:
    """All frames of one call."""

    def __init__(self) -> None:
        self._sealed: dict[bytes, SealedFrame] = {}
        self._said: dict[tuple[int, bytes], Epoch] = {}
        self._given: set[tuple[int, bytes]] = set()
        self._last_opened: dict[int, bytes] = {}
        self.our_epochs: set[Epoch] = {None}
        """The epochs that we are or were in."""
        self.welcomed_at: dict[int, float] = {}
        """When the gateway executed the transition that a member came in with, in seconds of `time.monotonic()`."""
        self._heard_at: dict[int, float] = {}
        self._began_at: float | None = None

    def note_sealed(self, payload: bytes, epoch: Epoch) -> None:
        """We have sealed a frame. Any thread may say so."""
        if self._began_at is None:
            self._began_at = time.monotonic()
        self._sealed[payload] = SealedFrame(epoch)

    def note_heard(self, user_id: int, payload: bytes, epochs: AbstractSet[Epoch], *, is_open: bool) -> None:
        """A frame of ours reached a member who is or was in `epochs`."""
        self._sealed[payload].attempts.append((epochs, is_open))
        if is_open:
            self._last_opened[user_id] = payload
            self._heard_at.setdefault(user_id, time.monotonic())

    def note_said(self, user_id: int, opus: bytes, epoch: Epoch) -> None:
        """A member has sealed a frame; no two frames of a member are the same."""
        self._said[user_id, opus] = epoch

    def note_given(self, user_id: int, opus: bytes) -> None:
        """Our listener was given a frame."""
        self._given.add((user_id, opus))

    @property
    def due(self) -> int:
        """How often a frame of ours had to be opened: once by each member of its epoch who was there."""
        return sum(frame.due for frame in self._sealed.values())

    @property
    def opened(self) -> int:
        """How often it was."""
        return sum(frame.opened for frame in self._sealed.values())

    @property
    def said(self) -> int:
        """How many frames were said in epochs that we are or were in."""
        return len(self._said_to_us())

    @property
    def said_without_us(self) -> int:
        """How many were said in other epochs: while we waited to be added."""
        return len(self._said) - self.said

    @property
    def given(self) -> int:
        """How many of those that were said to us our listener was given."""
        return len(self._said_to_us() & self._given)

    @property
    def longest_wait(self) -> float:
        """The longest time from a newcomer's transition to the first frame that it opened, in seconds."""
        began = self._began_at or 0.0
        newcomers = {user: at for user, at in self.welcomed_at.items() if at > began and user in self._heard_at}
        return max((0.0, *(self._heard_at[user] - at for user, at in newcomers.items())))

    def deaf(self, users: AbstractSet[int]) -> int:
        """How many of these have not opened any of the last five frames."""
        last = set(list(self._sealed)[-5:])
        return sum(self._last_opened.get(user) not in last for user in users)

    def _said_to_us(self) -> set[tuple[int, bytes]]:
        return {frame for frame, epoch in self._said.items() if epoch in self.our_epochs}
