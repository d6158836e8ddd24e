"""What the protocol needs of a library for DAVE: one member's view of the MLS group, and its media keys."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Protocol, TypeAlias

from voicewire.dave.proposals import ProposalsMessage


class InvalidGroupMessage(Exception):
    """A commit, a welcome or proposals cannot be taken."""


class SendKey(Protocol):
    """A key to seal with, of one epoch. Only the session that made it looks inside."""


class MlsSession(Protocol):
    """One member of one call's group. Used on the event loop, but for `seal`, which any thread may call."""

    seals_with_new_key_at_once: bool
    """Whether `take_commit` changes what `seal` seals with, instead of `use_key`.

    The whitepaper wants the old key until the transition is executed ("Commit Handling"); a library that cannot must be
    given a commit only then.
    """

    @property
    def is_established(self) -> bool:
        """Whether this member is in a group with others, and not only in one of its own."""

    @property
    def has_key(self) -> bool:
        """Whether `seal` can seal."""

    @property
    def members(self) -> AbstractSet[int]:
        """Who is in the group, ourselves included."""

    @property
    def privacy_code(self) -> str | None:
        """30 digits that are the same for all members ("Displayable Codes"); None outside an established group."""

    def begin(self, version: int) -> bytes:
        """Leave the group, if there is one, and make one of our own; returns the key package for op 26.

        Keys for what is received are kept for ten seconds where the library can.
        """

    def set_external_sender(self, package: bytes) -> None:
        """Op 25: who may propose members. Ignored while the group is established.

        Raises:
            InvalidGroupMessage: it is malformed.
        """

    def take_proposals(self, proposals: ProposalsMessage) -> bytes | None:
        """Op 27: returns the commit, with the welcome if it adds anybody, for op 28; None if nothing stands.

        Raises:
            InvalidGroupMessage: they are not for this group and epoch, or not from the voice gateway.
        """

    def take_commit(self, commit: bytes) -> SendKey | None:
        """Op 29: enter the next epoch; returns the key for `use_key`.

        Raises:
            InvalidGroupMessage: it does not fit.
        """

    def take_welcome(self, welcome: bytes) -> SendKey | None:
        """Op 30: enter the group; returns the key for `use_key`.

        Raises:
            InvalidGroupMessage: it does not fit.
        """

    def use_key(self, key: SendKey | None) -> None:
        """Op 22: seal with that key from now on. None: there is no group, so nothing is sealed."""

    def seal(self, frame: bytes) -> bytes | None:
        """A frame of Opus, encrypted; None without a key."""

    def open(self, user_id: int, frame: bytes) -> bytes | None:
        """A frame of Opus that a member has sealed; None if none of that member's keys opens it."""


MakeMlsSession: TypeAlias = Callable[[int, int, Callable[[], AbstractSet[int]]], MlsSession]
"""Makes a session from our user id, the channel's id, and a function that says who may be in the group."""
