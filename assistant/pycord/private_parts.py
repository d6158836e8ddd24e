"""The private parts of py-cord that are used, each with its reason. Nothing else here touches one."""

from collections.abc import Callable
from typing import Any, Final

import discord
from discord.gateway import DiscordWebSocket
from discord.state import ConnectionState

_METHODS: Final = ((discord.Client, "_get_websocket"), (discord.AutoShardedClient, "_get_websocket"))
_ATTRIBUTES: Final = ((discord.Client, "_connection"), (ConnectionState, "parsers"))


def gateway_of(client: discord.Client, guild_id: int) -> DiscordWebSocket | None:
    """The connection over which a guild's events come; None while there has been none yet.

    Its session tells what a voice server means by 4014. A bot of several shards has no public way to it.
    """
    return client._get_websocket(guild_id)


def parsers_of(client: discord.Client) -> dict[str, Callable[[Any], None]]:
    """What py-cord does with each event of the main gateway, by the event's name; it may be replaced.

    An event that it can't read would end the process, and there is no public way to leave one out.
    """
    return client._connection.parsers


def check_private_parts() -> None:
    """Look for every private part that is used here, so that a py-cord without one is known at the start.

    Raises:
        ImportError: this py-cord lacks one of them.
    """
    missing = [f"{owner.__name__}.{name}" for owner, name in _METHODS if not hasattr(owner, name)]
    missing += [f"{owner.__name__}.{name}" for owner, name in _ATTRIBUTES if not _sets(owner, name)]
    if missing:
        raise ImportError(f"py-cord {discord.__version__} lacks what the assistant needs: {', '.join(missing)}")


def _sets(owner: type, name: str) -> bool:
    """Whether an instance has that attribute from the start."""
    return name in vars(owner)["__init__"].__code__.co_names
