"""Routes about guilds, their members, and the bot's place on a stage."""

from __future__ import annotations

from sandbox.rest.call import Call, Route
from sandbox.state.errors import missing_access, missing_permissions, unknown
from sandbox.state.intents import Intent
from sandbox.state.json_types import Json
from sandbox.state.member import Member
from sandbox.state.permissions import Permission


async def guild(call: Call) -> Json:
    """The guild, with counts on request."""
    data = call.guild.to_json()
    if call.query.get("with_counts", "").lower() in ("true", "1"):
        data["approximate_member_count"] = len(call.guild.members)
        data["approximate_presence_count"] = len(call.guild.members)
    return data


async def channels(call: Call) -> list[Json]:
    """The guild's channels."""
    return [channel.to_json() for channel in call.guild.channels.values()]


async def roles(call: Call) -> list[Json]:
    """The guild's roles."""
    return [role.to_json() for role in call.guild.roles.values()]


async def member(call: Call) -> Json:
    """One member."""
    found = call.guild.members.get(call.id("user_id"))
    if found is None:
        raise unknown("Member")
    return found.to_json()


async def members(call: Call) -> list[Json]:
    """A page of members by id; takes the members intent."""
    if not call.world.config.privileged_intents & Intent.GUILD_MEMBERS:
        raise missing_access()
    after, limit = int(call.query.get("after", 0)), int(call.query.get("limit", 1))
    found = sorted((each for each in call.guild.members.values() if each.id > after), key=lambda each: each.id)
    return [each.to_json() for each in found[:limit]]


async def my_voice_state(call: Call) -> Json:
    """Where the bot is in voice."""
    state = call.guild.bot_voice
    if state is None:
        raise unknown("Voice State")
    return state.to_json()


async def edit_my_voice_state(call: Call) -> None:
    """The bot steps onto a stage, back into its audience, or raises its hand."""
    fields = call.fields("channel_id", "suppress", "request_to_speak_timestamp")
    state = call.guild.bot_voice
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
    call.world.switchboard.suppress_bot(call.guild, suppress=suppress, raised_hand=raised_hand)


_GUILD = "/guilds/{guild_id}"

ROUTES = (
    Route("GET", _GUILD, guild, frozenset({"with_counts"})),
    Route("GET", f"{_GUILD}/channels", channels),
    Route("GET", f"{_GUILD}/roles", roles),
    Route("GET", f"{_GUILD}/members", members, frozenset({"limit", "after"})),
    Route("GET", f"{_GUILD}/members/{{user_id}}", member),
    Route("GET", f"{_GUILD}/voice-states/@me", my_voice_state),
    Route("PATCH", f"{_GUILD}/voice-states/@me", edit_my_voice_state),
)
