"""Routes about guilds, their members, and the bot's place on a stage."""

from __future__ import annotations

from typing import Final

from sandbox.forms.field_rules import moment, refuse, switch
from sandbox.rest.api_request import ApiRequest, Route
from sandbox.state.errors import missing_access, missing_permissions, unknown
from sandbox.state.intents import Intent
from sandbox.state.json_types import Json
from sandbox.state.member import Member
from sandbox.state.permissions import Permission


async def guild(request: ApiRequest) -> Json:
    """The guild, with counts on request."""
    data = request.guild.to_json()
    if request.query.get("with_counts", "").lower() in ("true", "1"):
        data["approximate_member_count"] = len(request.backend.store.members_of(request.guild))
        data["approximate_presence_count"] = len(request.backend.store.members_of(request.guild))
    return data


async def channels(request: ApiRequest) -> list[Json]:
    """The guild's channels."""
    return [channel.to_json() for channel in request.backend.store.channels_of(request.guild).values()]


async def roles(request: ApiRequest) -> list[Json]:
    """The guild's roles."""
    return [role.to_json() for role in request.guild.roles.values()]


async def member(request: ApiRequest) -> Json:
    """One member."""
    found = request.backend.store.members_of(request.guild).get(request.id("user_id"))
    if found is None:
        raise unknown("Member")
    return found.to_json()


async def members(request: ApiRequest) -> list[Json]:
    """A page of members by id; takes the members intent."""
    if not request.backend.application.privileged_intents & Intent.GUILD_MEMBERS:
        raise missing_access()
    after, limit = request.snowflake("after") or 0, request.number("limit", 1, 1, 1000)
    found = sorted(
        (each for each in request.backend.store.members_of(request.guild).values() if each.id > after),
        key=lambda each: each.id,
    )
    return [each.to_json() for each in found[:limit]]


async def my_voice_state(request: ApiRequest) -> Json:
    """Where the bot is in voice."""
    state = request.backend.store.bot_voice_state(request.guild)
    if state is None:
        raise unknown("Voice State")
    return state.to_json()


async def edit_my_voice_state(request: ApiRequest) -> None:
    """The bot steps onto a stage, back into its audience, or raises its hand."""
    fields = request.fields("channel_id", "suppress", "request_to_speak_timestamp")
    refuse([*switch(fields, "suppress"), *moment(fields, "request_to_speak_timestamp")])
    state = request.backend.store.bot_voice_state(request.guild)
    if state is None or state.channel is None:
        raise unknown("Voice State")
    me: Member = state.member
    suppress = fields.get("suppress")
    if suppress is False and not me.may(state.channel, Permission.mute_members):
        raise missing_permissions()
    raised_hand = None
    if "request_to_speak_timestamp" in fields:
        raised_hand = fields["request_to_speak_timestamp"] is not None
        if raised_hand and not me.may(state.channel, Permission.request_to_speak):
            raise missing_permissions()
    request.backend.voice_states.edit_bot(request.guild, suppress=suppress, raised_hand=raised_hand)


_GUILD: Final = "/guilds/{guild_id}"

ROUTES: Final = (
    Route("GET", _GUILD, guild, frozenset({"with_counts"})),
    Route("GET", f"{_GUILD}/channels", channels),
    Route("GET", f"{_GUILD}/roles", roles),
    Route("GET", f"{_GUILD}/members", members, frozenset({"limit", "after"})),
    Route("GET", f"{_GUILD}/members/{{user_id}}", member),
    Route("GET", f"{_GUILD}/voice-states/@me", my_voice_state),
    Route("PATCH", f"{_GUILD}/voice-states/@me", edit_my_voice_state),
)
