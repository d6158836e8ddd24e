"""One row of the table: one kind of call, by one library on our side."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptionRow:
    """What came of a call."""

    kind: str
    """What happened in it."""
    library: str
    """Our library."""
    sent: int
    """How many frames left us."""
    due: int
    """How often one had to be opened: by each member of its epoch."""
    opened: int
    """How often it was."""
    plaintext: int
    """How many left unencrypted, though the call was encrypted."""
    pause: float
    """The longest time from one frame to the next, in seconds, where somebody was there to hear it."""
    said: int
    """How many frames the members said in epochs that we are or were in."""
    said_without_us: int
    """How many they said in others: while we waited to be added anew."""
    given: int
    """How many of them our listener was given."""
    longest_wait: float
    """The longest time from a newcomer's transition to the first frame that it opened, in seconds."""
    deaf: int
    """How many members could not open the last frames."""
    is_one_group: bool
    """Whether everybody had the same privacy code in the end."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing was lost, nothing was readable, and everybody was in one group."""
        return (
            (self.opened, self.given) == (self.due, self.said)
            and not self.plaintext
            and not self.deaf
            and self.is_one_group
        )
