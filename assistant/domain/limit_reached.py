"""A limit that keeps somebody from asking for a while."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitReached:
    """A limit that is reached."""

    is_server: bool
    """Whether it is the whole server's, and not a member's."""
    is_daily: bool
    """Whether it is one of tokens a day, and not of messages a minute."""
    ends_at: int
    """When there is room again, in seconds since 1970."""
