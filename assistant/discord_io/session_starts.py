"""How often the bot may still begin a session at the main gateway: each IDENTIFY spends one start."""

from dataclasses import dataclass
from typing import Self

from assistant.discord_io.rest_client import RestClient


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStarts:
    """At one start too many Discord withdraws the token.

    https://discord.com/developers/docs/events/gateway#session-start-limit-object
    """

    remaining: int
    """How many are left."""
    total: int
    """How many there are from one reset to the next."""
    reset_seconds: float
    """Seconds until all are there again."""

    @classmethod
    async def ask(cls, api: RestClient) -> Self | None:
        """Ask Discord; None when its answer does not tell. Raises DiscordRefused."""
        answer = await api.get("/gateway/bot")
        try:
            limit = answer["session_start_limit"]
            return cls(
                remaining=int(limit["remaining"]),
                total=int(limit["total"]),
                reset_seconds=int(limit["reset_after"]) / 1000,
            )
        except (KeyError, TypeError, ValueError):
            return None
