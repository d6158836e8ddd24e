"""Who may be heard: what a member decided, and what the owner did."""

from dataclasses import dataclass
from typing import Literal

Listening = Literal["ask", "off", "everyone"]
"""Whose speech is heard: that of members who have agreed to it ("ask"), nobody's, or that of everyone in the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A member's decision on whether they may be heard in the calls of a server."""

    guild_id: int
    """The server's id."""
    user_id: int
    """The member's id."""
    is_given: bool
    """Whether they may be heard; False: they were asked and took it back."""
    changed_at: float
    """When they decided, in seconds since 1970 by the database's clock; infinite until it is stored."""
