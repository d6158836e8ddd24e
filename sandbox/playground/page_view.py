"""What one person sees of the guild, as JSON for their page. Objects are Discord's own wherever it has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from sandbox.actions.guild_handle import GuildHandle
from sandbox.playground.people import Person
from sandbox.state.channel import Channel
from sandbox.state.command import Command
from sandbox.state.json_types import Json
from sandbox.state.message import Message
from sandbox.state.permissions import Permission
from sandbox.state.voice_state import VoiceState

_MOST_MESSAGES: Final = 200
"""The newest of each channel; a page that is open keeps what it has."""
_MOST_INTERACTIONS: Final = 100


class PageView:
    """The guild through the eyes of one person."""

    def __init__(self, guild: GuildHandle, person: Person, is_online: Callable[[], bool]) -> None:
        """`is_online` tells whether the bot is."""
        self._guild = guild
        self._is_online = is_online
        self._person = person
        self._store = guild.backend.store

    def state(self) -> Json:
        """Everything but messages."""
        guild, member = self._guild.guild, self._person.actor.member
        members = self._store.members_of(guild).values()
        return {
            "me": str(member.id),
            "bot": str(guild.bot.id),
            "guild": {"id": str(guild.id), "name": guild.name},
            "online": self._is_online(),
            "channels": [
                {
                    "id": str(each.id),
                    "name": each.name,
                    "is_voice": each.is_voice,
                    "status": each.status,
                    "may_write": member.may(each, Permission.view_channel | Permission.send_messages),
                }
                for each in self._channels()
            ],
            "members": [
                {"id": str(each.id), "name": each.name, "bot": each.user.bot}
                for each in members
                if each.id != guild.owner_id
            ],
            "roles": [{"id": str(each.id), "name": each.name} for each in guild.roles.values()],
            "voice": [_voice(state) for state in self._store.voice_states_of(guild).values() if state.channel],
            "commands": [command.to_json() for command in self._commands()],
        }

    def messages(self) -> dict[int, Json]:
        """The newest messages of every channel that the person sees, by id; also those that only they see."""
        shown = {message.id: message for channel in self._channels() for message in self._in(channel)}
        shown |= {message.id: message for message in self._ephemeral()}
        return {number: self._message(shown[number]) for number in sorted(shown)}

    def command_form(self, name: str) -> Json:
        """The form of the command of this name; empty where there is none."""
        return next((command.form for command in self._commands() if command.name == name), {})

    def _message(self, message: Message) -> Json:
        me = self._person.actor.id
        return message.to_json() | {"mine": [each.emoji for each in message.reactions if me in each.user_ids]}

    def _channels(self) -> Iterator[Channel]:
        member = self._person.actor.member
        for channel in self._store.channels_of(self._guild.guild).values():
            if member.may(channel, Permission.view_channel):
                yield channel

    def _in(self, channel: Channel) -> Iterator[Message]:
        there = (each for each in reversed(self._store.messages_in(channel)) if not each.deleted)
        return islice(there, _MOST_MESSAGES)

    def _ephemeral(self) -> Iterator[Message]:
        interactions = islice(reversed(self._store.interactions.values()), _MOST_INTERACTIONS)
        for interaction in interactions:
            if interaction.member is self._person.actor.member:
                for message in (interaction.original, *interaction.followups):
                    if message is not None and message.ephemeral and not message.deleted:
                        yield message

    def _commands(self) -> Iterator[Command]:
        commands, seen = self._store.commands, set()
        held = self._person.actor.member.permissions()
        for command in (*commands.of(self._guild.id), *commands.of(None)):
            needed = command.form.get("default_member_permissions")
            hidden = needed is not None and (int(needed) & ~int(held) or not int(needed))
            contexts = command.form.get("contexts")
            if (command.name, command.kind) not in seen and not hidden and (contexts is None or 0 in contexts):
                seen.add((command.name, command.kind))
                yield command


def _voice(state: VoiceState) -> Json:
    return {
        "user": str(state.member.id),
        "channel": str(state.channel.id) if state.channel else None,
        "muted": state.self_mute,
        "silenced": state.member.mute or state.suppress,
        "deaf": state.self_deaf or state.member.deaf,
        "camera": state.self_video,
    }
