"""Orders: what a bot can ask of the gateway over its websocket."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from sandbox.gateway.connection import Connection
from sandbox.gateway.opcodes import Close, Op
from sandbox.gateway.session import Session
from sandbox.state.changes.presence_changes import PresenceSet
from sandbox.state.guild import Guild
from sandbox.state.intents import Intent
from sandbox.state.json_types import Json
from sandbox.state.member import Member

if TYPE_CHECKING:
    from sandbox.actions.backend import World
    from sandbox.gateway.gateway_server import GatewayServer

_CHUNK = 1000
_LATENCY_SECONDS = 0.005


async def obey(world: World, gateway: GatewayServer, connection: Connection, payload: Json) -> None:
    """Do what a payload asks. An opcode that the sandbox lacks is recorded and closes with 4001.

    Raises Malformed.
    """
    op: int = payload["op"]
    given = payload.get("d")
    data: Json = given if isinstance(given, dict) else {}
    session = connection.session
    if op == Op.HEARTBEAT:
        # No network is faster than this. py-cord notes when it sent a heartbeat only after it has sent it, and an
        # answer before that makes it complain of a latency of one whole interval.
        await asyncio.sleep(_LATENCY_SECONDS)
        connection.send(Op.HEARTBEAT_ACK)
    elif op == Op.IDENTIFY:
        gateway.start(connection, data)
    elif op == Op.RESUME:
        gateway.resume(connection, data)
    elif session is None:
        connection.close(Close.NOT_AUTHENTICATED)
    elif op == Op.VOICE_STATE:
        await _voice_state(world, session, data)
    elif op == Op.REQUEST_MEMBERS:
        _members(world, session, data)
    elif op == Op.PRESENCE:
        world.store.apply(PresenceSet(data))
    else:
        world.refusals.add("gateway", f"op {op}", f"the gateway opcode {op}")
        connection.close(Close.UNKNOWN_OPCODE)


class Malformed(Exception):
    """A payload lacks what it must have."""


def _id(data: Json, key: str) -> int:
    try:
        return int(data[key])
    except (KeyError, TypeError, ValueError):
        raise Malformed(key) from None


async def _voice_state(world: World, session: Session, data: Json) -> None:
    guild = world.store.guilds.get(_id(data, "guild_id"))
    leave = data.get("channel_id") is None
    channel = None if guild is None or leave else guild.channels.get(_id(data, "channel_id"))
    if guild is None or (channel is None and not leave):
        # Discord says nothing to a bot that asks for a guild or a channel that is gone.
        return
    await world.switchboard.bot_asks(
        guild,
        channel,
        session.id,
        self_mute=bool(data.get("self_mute")),
        self_deaf=bool(data.get("self_deaf")),
    )


def _members(world: World, session: Session, data: Json) -> None:
    guild = world.store.guilds.get(_id(data, "guild_id"))
    if guild is None:
        return
    wanted, missing = _wanted(guild, session, data)
    chunks = [wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK)] or [[]]
    for index, chunk in enumerate(chunks):
        answer: Json = {
            "guild_id": str(guild.id),
            "members": [member.to_json() for member in chunk],
            "chunk_index": index,
            "chunk_count": len(chunks),
            "not_found": missing,
        }
        if data.get("presences"):
            answer["presences"] = []
        if data.get("nonce"):
            answer["nonce"] = data["nonce"]
        session.dispatch("GUILD_MEMBERS_CHUNK", answer)


def _wanted(guild: Guild, session: Session, data: Json) -> tuple[list[Member], list[str]]:
    """The members that are asked for, and the ids that are no members. All of them take an intent."""
    asked: Any = data.get("user_ids")
    if asked is not None:
        ids = [int(each) for each in (asked if isinstance(asked, list) else [asked])]
        found = [guild.members[each] for each in ids if each in guild.members]
        return found, [str(each) for each in ids if each not in guild.members]
    query, limit = str(data.get("query") or "").lower(), int(data.get("limit") or 0)
    if not query and not session.intents & Intent.GUILD_MEMBERS:
        return [], []
    found = [each for each in guild.members.values() if each.name.lower().startswith(query)]
    return (found[:limit] if limit else found), []
