"""What a program is shown: ids as texts, messages as Discord's message objects with some fields more."""

from __future__ import annotations

from sandbox.actions.channel_handle import ChannelHandle
from sandbox.actions.guild_handle import GuildHandle
from sandbox.actions.member_actor import MemberActor
from sandbox.actions.reply import Reply
from sandbox.state.channel import DIRECT, STAGE, VOICE
from sandbox.state.json_types import Json
from sandbox.state.message import Message
from sandbox.voice import Call, HeardFrame

_KINDS = {DIRECT: "direct", VOICE: "voice", STAGE: "stage"}


def guild_view(guild: GuildHandle) -> Json:
    """A guild, and what is in it."""
    store = guild.backend.store
    channels = [ChannelHandle(each, guild.backend) for each in store.channels_of(guild.guild).values()]
    members = [MemberActor(each, guild.backend) for each in store.members_of(guild.guild).values()]
    return {
        "id": str(guild.id),
        "name": guild.name,
        "channels": [channel_view(each) for each in channels if not each.channel.deleted],
        "members": [member_view(each) for each in members],
        "roles": [{"id": str(role.id), "name": role.name} for role in guild.roles.values()],
    }


def channel_view(channel: ChannelHandle) -> Json:
    """A channel; of one with a call also who is in it."""
    view: Json = {"id": str(channel.id), "name": channel.name, "kind": _KINDS.get(channel.channel.kind, "text")}
    if channel.channel.is_voice:
        view |= {"occupants": [str(user.id) for user in channel.occupants], "status": channel.status}
    return view


def member_view(member: MemberActor) -> Json:
    """A member."""
    return {"id": str(member.id), "name": member.name, "bot": member.user.bot}


def message_view(message: Message) -> Json:
    """A message, with whether it is deleted, ephemeral, or says "thinking"."""
    more = {"deleted": message.deleted, "ephemeral": message.ephemeral, "loading": message.loading}
    return message.to_json() | more


def reply_view(reply: Reply) -> Json:
    """What came of a command, a click, a choice or a filled in modal, so far."""
    return {
        "id": str(reply.interaction.id),
        "failed": reply.failed,
        "kind": reply.kind,
        "deferred": reply.deferred,
        "ephemeral": reply.ephemeral,
        "message": message_view(reply.message) if reply.message else None,
        "modal": reply.modal,
        "followups": [message_view(each) for each in reply.followups],
    }


def call_view(call: Call) -> Json:
    """What was heard in a call, in numbers, and its voice connections."""
    return {
        "frames": len(call.frames),
        "speech": len(call.speech()),
        "undecryptable": call.undecryptable,
        "plaintext_with_dave": call.plaintext_with_dave,
        "not_opus": call.not_opus,
        "modes": [session.cipher.mode for session in call.sessions],
        "connections": [
            {"resumed": each.resumed, "open": each.closed_at is None, "close_code": each.close_code}
            for each in call.connections
        ],
    }


def frame_view(frame: HeardFrame) -> Json:
    """A frame without its sound."""
    return {
        "arrival": frame.arrival,
        "sequence": frame.sequence,
        "timestamp": frame.timestamp,
        "ssrc": frame.ssrc,
        "end_to_end": frame.end_to_end,
        "is_silence": frame.is_silence,
    }
