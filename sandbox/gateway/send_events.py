"""Send events: what a bot asks of the gateway in a session.

https://discord.com/developers/docs/events/gateway-events#send-events
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sandbox.actions.backend import Backend
from sandbox.gateway.opcodes import GatewayOp
from sandbox.gateway.session import Session
from sandbox.state.changes.presence_changes import PresenceSet
from sandbox.state.intents import Intent
from sandbox.state.json_types import Json
from sandbox.state.member import Member
from sandbox.unimplemented import Unimplemented

_CHUNK: Final = 1000
"""Members in one GUILD_MEMBERS_CHUNK."""


class MalformedPayload(Exception):
    """A payload lacks what it must have."""


async def handle(backend: Backend, session: Session, op: int, data: Json) -> None:
    """Do what a payload of a session asks.

    Raises:
        MalformedPayload: it lacks what it must have.
        Unimplemented: the sandbox lacks the opcode.
    """
    if op == GatewayOp.VOICE_STATE:
        await _voice_state(backend, session, data)
    elif op == GatewayOp.REQUEST_MEMBERS:
        _members(backend, session, data)
    elif op == GatewayOp.PRESENCE:
        backend.store.apply(PresenceSet(data))
    else:
        raise Unimplemented(f"the gateway opcode {op}")


def _id(data: Json, key: str) -> int:
    try:
        return int(data[key])
    except (KeyError, TypeError, ValueError):
        raise MalformedPayload(key) from None


async def _voice_state(backend: Backend, session: Session, data: Json) -> None:
    guild = backend.store.guilds.get(_id(data, "guild_id"))
    leave = data.get("channel_id") is None
    channel = None if guild is None or leave else backend.store.channels_of(guild).get(_id(data, "channel_id"))
    if guild is None or (channel is None and not leave):
        # Discord says nothing to a bot that asks for a guild or a channel that is gone.
        return
    await backend.voice_states.update_bot(
        guild,
        channel,
        session.id,
        self_mute=bool(data.get("self_mute")),
        self_deaf=bool(data.get("self_deaf")),
    )


def _members(backend: Backend, session: Session, data: Json) -> None:
    guild = backend.store.guilds.get(_id(data, "guild_id"))
    if guild is None:
        return
    wanted, missing = _wanted(backend.store.members_of(guild), session, data)
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


def _wanted(members: Mapping[int, Member], session: Session, data: Json) -> tuple[list[Member], list[str]]:
    """The members that are asked for, and the ids that are no members. All of them take an intent."""
    asked: Any = data.get("user_ids")
    if asked is not None:
        ids = [int(each) for each in (asked if isinstance(asked, list) else [asked])]
        found = [members[each] for each in ids if each in members]
        return found, [str(each) for each in ids if each not in members]
    query, limit = str(data.get("query") or "").lower(), int(data.get("limit") or 0)
    if not query and not session.intents & Intent.GUILD_MEMBERS:
        return [], []
    found = [each for each in members.values() if each.name.lower().startswith(query)]
    return (found[:limit] if limit else found), []
