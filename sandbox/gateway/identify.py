"""Identify: what Discord checks before it starts a session."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sandbox.gateway.opcodes import GatewayCloseCode
from sandbox.state.application import Application
from sandbox.state.intents import PRIVILEGED, VALID, Intent
from sandbox.state.json_types import Json

MAX_GUILDS: Final = 2500
"""Guilds of one session: https://discord.com/developers/docs/events/gateway#sharding"""


class IdentifyRefused(Exception):
    """The session is not started."""

    def __init__(self, code: GatewayCloseCode) -> None:
        super().__init__(code.name)
        self.code = code
        """With which the connection is closed."""


def check(data: Json, application: Application, guild_ids: Collection[int]) -> tuple[Intent, tuple[int, int]]:
    """The intents and the shard of a valid identify of a bot that is in these guilds.

    Raises:
        IdentifyRefused: it is not valid.
    """
    if data.get("token") != application.bot.token:
        raise IdentifyRefused(GatewayCloseCode.AUTHENTICATION_FAILED)
    wanted = data.get("intents")
    if not isinstance(wanted, int) or wanted & ~VALID:
        raise IdentifyRefused(GatewayCloseCode.INVALID_INTENTS)
    if wanted & PRIVILEGED & ~application.privileged_intents:
        raise IdentifyRefused(GatewayCloseCode.DISALLOWED_INTENTS)
    number, count = data.get("shard") or (0, 1)
    if not 0 <= number < count:
        raise IdentifyRefused(GatewayCloseCode.INVALID_SHARD)
    if sum((guild_id >> 22) % count == number for guild_id in guild_ids) > MAX_GUILDS:
        raise IdentifyRefused(GatewayCloseCode.SHARDING_REQUIRED)
    return Intent(wanted), (number, count)
