"""Users: accounts, human or bot, independent of any guild."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass

from sandbox.state.json_types import Json


@dataclass(eq=False)
class User:
    """An account."""

    id: int
    """The user's id."""
    name: str
    """The name shown; the username is the same in lower case."""
    bot: bool = False
    """Whether an application owns the account."""
    takes_direct_messages: bool = True
    """Whether bots may write to them directly; a switch of Discord's client says so."""

    @property
    def username(self) -> str:
        """The unique name: lower case, without spaces."""
        return self.name.lower().replace(" ", "_")

    @property
    def mention(self) -> str:
        """What pings the user in a message."""
        return f"<@{self.id}>"

    def to_json(self) -> Json:
        """The user object."""
        return {
            "id": str(self.id),
            "username": self.username,
            "discriminator": "0000" if self.bot else "0",
            "global_name": None if self.bot else self.name,
            "avatar": None,
            "avatar_decoration_data": None,
            "banner": None,
            "accent_color": None,
            "collectibles": None,
            "primary_guild": None,
            "bot": self.bot,
            "system": False,
            "flags": 0,
            "public_flags": 0,
        }


@dataclass(eq=False)
class BotUser(User):
    """The bot's own account, and the token with which it comes."""

    bot: bool = True
    """Always true."""
    token: str = ""
    """What the bot must log in with."""

    def to_own_json(self) -> Json:
        """The user object as the bot itself may see it."""
        return self.to_json() | {
            "mfa_enabled": False,
            "locale": "en-US",
            "verified": True,
            "email": None,
            "premium_type": 0,
        }


def new_token(user_id: int) -> str:
    """A bot's token: three parts between dots, of which the first is its id in base64, as libraries read it.

    https://discord.com/developers/docs/reference#authentication shows one.
    """
    owner = base64.urlsafe_b64encode(str(user_id).encode()).decode().rstrip("=")
    return f"{owner}.{secrets.token_urlsafe(4)}.{secrets.token_urlsafe(28)}"
