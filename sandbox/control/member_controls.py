"""What members do."""

from __future__ import annotations

from typing import Any, Final

from sandbox.actions.channel_handle import ChannelHandle
from sandbox.actions.member_actor import MemberActor, states_of
from sandbox.actions.reply import Reply
from sandbox.control.json_views import channel_view, message_view, reply_view
from sandbox.control.sound_file import samples_in
from sandbox.state.json_types import Json
from sandbox.state.message import Message

_COMMAND_SECONDS: Final = 10.0
"""How long the bot may take to register a command."""


class MemberControls:
    """The routes about one member. Where a bot is asked, they return with its first answer, or after 3 s without."""

    async def type(
        self,
        member: MemberActor,
        channel: ChannelHandle,
        content: str = "",
        *,
        reply_to: Message | None = None,
        files: dict[str, bytes] | None = None,
        silent: bool = False,
    ) -> Json:
        """Write a message; `files` are contents by name."""
        return message_view(await member.type(content, channel, reply_to=reply_to, files=files, silent=silent))

    async def open_direct_messages(self, member: MemberActor) -> Json:
        """The channel of their direct messages with the bot."""
        return channel_view(member.direct_channel)

    async def take_direct_messages(self, member: MemberActor, take: bool = True) -> None:
        """Let bots write to them directly, or not."""
        await member.take_direct_messages(take)

    async def edit(self, member: MemberActor, message: Message, content: str) -> Json:
        """Change an own message."""
        await member.edit(message, content)
        return message_view(message)

    async def delete(self, member: MemberActor, message: Message) -> None:
        """Delete a message."""
        await member.delete(message)

    async def start_typing(self, member: MemberActor, channel: ChannelHandle) -> None:
        """Show the typing indicator."""
        await member.start_typing(channel)

    async def react(self, member: MemberActor, message: Message, emoji: str) -> None:
        """React to a message; a custom emoji is written as name:id."""
        await member.react(message, emoji)

    async def unreact(self, member: MemberActor, message: Message, emoji: str) -> None:
        """Take a reaction back."""
        await member.unreact(message, emoji)

    async def pin(self, member: MemberActor, message: Message, pinned: bool = True) -> None:
        """Pin a message, or take the pin away."""
        await member.pin(message, pinned)

    async def command(
        self, member: MemberActor, name: str, channel: ChannelHandle, options: dict[str, Any] | None = None
    ) -> Json:
        """Use a slash command; a subcommand's name is written with a space."""
        return reply_view(await member.command(name, channel, options))

    async def autocomplete(
        self,
        member: MemberActor,
        name: str,
        channel: ChannelHandle,
        *,
        option: str,
        typed: str,
        options: dict[str, Any] | None = None,
    ) -> list[Json]:
        """Type into an option of a slash command; what the bot offers for it, best first."""
        # Not by the actor: it takes the other options by keyword, and one of them may be called "typed".
        choices = await member.backend.human_interactions.autocomplete(
            member.acting_in(channel.channel),
            name,
            channel.channel,
            states_of(options or {}),
            option=option,
            typed=typed,
            timeout=_COMMAND_SECONDS,
        )
        return [{"name": each.name, "value": each.value} for each in choices]

    async def member_command(self, member: MemberActor, name: str, target: MemberActor, channel: ChannelHandle) -> Json:
        """Use a command of a member's context menu."""
        return reply_view(await member.member_command(name, target, channel))

    async def message_command(self, member: MemberActor, name: str, message: Message) -> Json:
        """Use a command of a message's context menu."""
        return reply_view(await member.message_command(name, message))

    async def click(self, member: MemberActor, message: Message, button: str) -> Json:
        """Click a button, by its label or custom_id."""
        return reply_view(await member.click(message, button))

    async def select(self, member: MemberActor, message: Message, menu: str, choices: list[Any]) -> Json:
        """Choose in a menu, named by its custom_id or placeholder."""
        return reply_view(await member.select(message, menu, *choices))

    async def submit(self, member: MemberActor, reply: Reply, answers: dict[str, Any]) -> Json:
        """Fill in the modal that a reply opened, and send it; fields go by custom_id or label."""
        return reply_view(await member.submit(reply, answers))

    async def join(self, member: MemberActor, channel: ChannelHandle) -> None:
        """Enter a voice channel, leaving the present one."""
        await member.join(channel)

    async def leave(self, member: MemberActor) -> None:
        """Leave voice."""
        await member.leave()

    async def mute(self, member: MemberActor, mute: bool = True) -> None:
        """Turn the own microphone off, or on again."""
        await member.mute(mute)

    async def speak(self, member: MemberActor, sound: bytes) -> None:
        """Say what is in a sound file, in real time; it has arrived when this returns. Hang up to fall silent."""
        await member.speak(await samples_in(sound))
