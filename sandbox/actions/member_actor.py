"""A human member, as a test plays them: they type, click, use commands, join calls and speak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any

from sandbox.actions.backend import Backend
from sandbox.actions.channel_handle import ChannelHandle
from sandbox.actions.reply import Reply
from sandbox.state.channel import Channel
from sandbox.state.choice import Choice
from sandbox.state.member import Member
from sandbox.state.message import SUPPRESS_NOTIFICATIONS, VOICE_MESSAGE, Message
from sandbox.state.message_parts import Attachment, MessageBody, poll_object
from sandbox.state.role import Role
from sandbox.state.user import User
from sandbox.state.voice_state import VoiceState
from sandbox.voice import Microphone, NetworkConditions, OpenMicrophone, Sound, Speaking


@dataclass(frozen=True, repr=False)
class MemberActor:
    """Does what a human member of a guild does. Two actors of one member are equal."""

    member: Member
    """The member's state."""
    backend: Backend
    """The Discord that they are in."""

    def __repr__(self) -> str:
        return repr(self.member)

    @property
    def id(self) -> int:
        """The user's id."""
        return self.member.id

    @property
    def user(self) -> User:
        """The account."""
        return self.member.user

    @property
    def name(self) -> str:
        """The name shown in this guild."""
        return self.member.name

    @property
    def mention(self) -> str:
        """What pings the member in a message."""
        return self.user.mention

    @property
    def roles(self) -> list[Role]:
        """The roles, without @everyone."""
        return self.member.roles

    @property
    def voice(self) -> VoiceState | None:
        """Where the member is in voice; None: nowhere."""
        return self.backend.store.voice_state(self.member)

    @property
    def direct_channel(self) -> ChannelHandle:
        """Their direct messages with the bot. All verbs for text channels work there."""
        return ChannelHandle(self.backend.direct_messages.channel_with(self.user), self.backend)

    def acting_in(self, channel: Channel) -> Member:
        """As which member they act in a channel: in direct messages nothing of a guild counts, such as roles.

        Raises:
            NotAllowed: the channel is for the direct messages of somebody else.
        """
        return self.backend.direct_messages.member_in(channel, self.user) if channel.is_direct else self.member

    async def take_direct_messages(self, take: bool = True) -> None:
        """Let bots write to them directly, or not: a switch of Discord's client. At first they do."""
        self.user.takes_direct_messages = take

    async def type(
        self,
        content: str,
        channel: ChannelHandle,
        *,
        reply_to: Message | None = None,
        pings: bool = True,
        files: Mapping[str, bytes] | None = None,
        descriptions: Mapping[str, str] | None = None,
        silent: bool = False,
    ) -> Message:
        """Write a message in a text channel, or in a voice channel's own chat.

        Args:
            content: the text.
            channel: where.
            reply_to: the message that it replies to.
            pings: whether that mentions its author, as the client's switch beside the reply says.
            files: contents by name.
            descriptions: the texts for those who can't see the files, by name.
            silent: sent as "@silent …", which the client turns into a flag.

        Raises:
            NotAllowed: the member may not write there.
            ValueError: no client would let the text through.
        """
        described = descriptions or {}
        attachments = [
            self.backend.messages.file(name, data, described.get(name)) for name, data in (files or {}).items()
        ]
        flags = SUPPRESS_NOTIFICATIONS if silent else 0
        body = MessageBody(content=content, attachments=attachments, flags=flags)
        return self.backend.messages.by_human(
            self.acting_in(channel.channel), channel.channel, body, reply_to, pings=pings
        )

    async def forward(self, message: Message, channel: ChannelHandle, comment: str = "") -> Message:
        """Forward a message. The comment follows it as a message of its own, as Discord's client sends it.

        Raises:
            NotAllowed: the member may not write there.
        """
        forwarded = self.backend.messages.forward(self.acting_in(channel.channel), channel.channel, message)
        if comment:
            await self.type(comment, channel)
        return forwarded

    async def send_poll(self, channel: ChannelHandle, question: str, answers: Sequence[str]) -> Message:
        """Ask all others a question with answers to choose from.

        Raises:
            NotAllowed: the member may not write there.
        """
        body = MessageBody(poll=poll_object(question, answers))
        return self.backend.messages.by_human(self.acting_in(channel.channel), channel.channel, body)

    async def send_sticker(self, channel: ChannelHandle, name: str) -> Message:
        """Send a sticker.

        Raises:
            NotAllowed: the member may not write there.
        """
        sticker = {"id": str(self.backend.ids()), "name": name, "format_type": 1}
        return self.backend.messages.by_human(
            self.acting_in(channel.channel), channel.channel, MessageBody(stickers=[sticker])
        )

    async def send_voice_message(self, channel: ChannelHandle, ogg: bytes, seconds: float = 2.0) -> Message:
        """Send a voice message.

        Raises:
            NotAllowed: the member may not write there.
        """
        recording = replace(self.backend.messages.file("voice-message.ogg", ogg), duration_secs=seconds)
        body = MessageBody(attachments=[recording], flags=VOICE_MESSAGE)
        return self.backend.messages.by_human(self.acting_in(channel.channel), channel.channel, body)

    async def start_typing(self, channel: ChannelHandle) -> None:
        """Show the typing indicator in a channel."""
        self.backend.messages.typing(self.acting_in(channel.channel), channel.channel)

    async def edit(self, message: Message, content: str) -> None:
        """Change one of the member's own messages.

        Raises:
            NotAllowed: it is someone else's, or gone.
        """
        self.backend.messages.edit_by_human(self.acting_in(message.channel), message, content)

    async def delete(self, message: Message) -> None:
        """Delete one of the member's own messages, or another's where the member manages messages.

        Raises:
            NotAllowed: the member may not, or it is gone.
        """
        self.backend.messages.delete_by_human(self.acting_in(message.channel), message)

    async def pin(self, message: Message, pinned: bool = True) -> None:
        """Pin a message to its channel, or take the pin away; Discord writes of a pin in the channel.

        Raises:
            NotAllowed: the member may not pin there (`guild.add_role("Editors", "pin_messages")` lets them), or the
                message is gone.
        """
        self.backend.messages.pin_by_human(self.acting_in(message.channel), message, pinned)

    async def command(
        self, name: str, channel: ChannelHandle, options: Mapping[str, Any] | None = None, *, timeout: float = 10.0
    ) -> Reply:
        """Use a slash command and wait for the bot's first answer, at most until Discord gives up (3 s).

        A subcommand's name is written with a space ("queue clear"). Options are given by name; a user,
        a role or a channel as the object. `timeout` seconds bound the wait for the bot to register its commands.

        Raises:
            NotOffered: Discord would not show the command here.
            ValueError: Discord's client would not let a human send these options.
        """
        given = states_of(options or {})
        return await self.backend.human_interactions.command(
            self.acting_in(channel.channel), name, channel.channel, given, timeout
        )

    async def autocomplete(
        self, name: str, channel: ChannelHandle, /, *, option: str, typed: str, timeout: float = 10.0, **options: Any
    ) -> list[Choice]:
        """Type into an option of a slash command, and read what the bot offers for it, best first.

        `options` are the others that are filled in already, by name; otherwise it is as in `command`.

        Raises:
            NotOffered: Discord would not show the command here.
            ValueError: Discord's client would not ask for this option.
            TimeoutError: the bot says nothing until Discord gives up (3 s).
        """
        given = states_of(options)
        return await self.backend.human_interactions.autocomplete(
            self.acting_in(channel.channel), name, channel.channel, given, option=option, typed=typed, timeout=timeout
        )

    async def click(self, message: Message, button: str) -> Reply:
        """Click a button, named by its label or its custom_id, on any message that still has it.

        Raises:
            NotAllowed: nobody could click it.
        """
        return await self.backend.human_interactions.click(self.acting_in(message.channel), message, button)

    async def select(self, message: Message, menu: str, *choices: Any) -> Reply:
        """Choose in a menu, named by its custom_id or its placeholder, on any message that still has it.

        Choices are values or labels of options; in the other menus members, roles or channels.

        Raises:
            NotAllowed: nobody could use it.
            ValueError: it does not offer this.
        """
        states = [_state_of(choice) for choice in choices]
        return await self.backend.human_interactions.select(self.acting_in(message.channel), message, menu, states)

    async def submit(self, reply: Reply, answers: Mapping[str, Any]) -> Reply:
        """Fill in the modal that a reply opened (`reply.modal`), and send it; fields go by custom_id or label.

        Fields that are not named keep what the bot wrote into them. A menu takes a choice, or a list of them.

        Raises:
            NotAllowed: the reply opened none for this member.
            ValueError: Discord's client would not let a human send this.
        """
        given = {
            name: [*map(_state_of, _listed(value))] for name, value in answers.items() if not isinstance(value, str)
        }
        return await self.backend.human_interactions.submit(
            self.acting_in(reply.interaction.channel), reply.interaction, {**answers, **given}
        )

    async def member_command(
        self, name: str, target: MemberActor, channel: ChannelHandle, *, timeout: float = 10.0
    ) -> Reply:
        """Use a command of a member's context menu ("Apps"), in a channel. Otherwise it is as in `command`.

        Raises:
            NotOffered: Discord would not show the command here.
        """
        return await self.backend.human_interactions.member_command(
            self.acting_in(channel.channel), name, target.member, channel.channel, timeout
        )

    async def message_command(self, name: str, message: Message, *, timeout: float = 10.0) -> Reply:
        """Use a command of a message's context menu ("Apps"). Otherwise it is as in `command`.

        Raises:
            NotOffered: Discord would not show the command here.
            NotAllowed: the message is gone.
        """
        return await self.backend.human_interactions.message_command(
            self.acting_in(message.channel), name, message, timeout
        )

    def file(self, name: str, content: bytes, description: str | None = None) -> Attachment:
        """A file for an option of a command; `type` takes files by itself."""
        return self.backend.messages.file(name, content, description)

    async def react(self, message: Message, emoji: str) -> None:
        """React to a message; a custom emoji is written as name:id.

        Raises:
            NotAllowed: the member may not, or the message is gone.
        """
        self.backend.messages.react(self.acting_in(message.channel), message, emoji, added=True)

    async def unreact(self, message: Message, emoji: str) -> None:
        """Take a reaction of the member's own back.

        Raises:
            NotAllowed: the member may not, or the message is gone.
        """
        self.backend.messages.react(self.acting_in(message.channel), message, emoji, added=False)

    async def join(self, channel: ChannelHandle) -> None:
        """Enter a voice channel, leaving the present one.

        Raises:
            NotAllowed: it has no call, is full, or is closed to them.
        """
        self.backend.voice_states.human_joins(self.member, channel.channel)

    async def move(self, channel: ChannelHandle) -> None:
        """Go to another voice channel; the same as joining it.

        Raises:
            NotAllowed: it has no call, is full, or is closed to them.
        """
        await self.join(channel)

    async def leave(self) -> None:
        """Leave voice; nothing happens if the member is in no voice channel."""
        self.backend.voice_states.human_leaves(self.member)

    async def speak(
        self,
        sound: Sound,
        *,
        microphone: Microphone = OpenMicrophone(),  # noqa: B008 - it is frozen
        network: NetworkConditions = NetworkConditions(),  # noqa: B008 - it is frozen
        flags: Speaking = Speaking.VOICE,
    ) -> None:
        """Say something in the member's voice channel, in real time, and return when it has arrived at Discord.

        Cancel it to fall silent at once. It ends early when the member leaves the channel.

        Args:
            sound: 16-bit samples at 48 kHz in a numpy array, frames of Opus of 20 ms, or an iterator or an asynchronous
                iterator of either.
            microphone: which of it is sent; five silence frames follow, and then nothing.
            network: what happens to it on its way.
            flags: a voice, or the sound of what is shared.

        Raises:
            NotAllowed: the member is in no call in which they may speak.
            RuntimeError: the member is speaking.
        """
        await self.backend.voice_states.speak(self.member, sound, microphone, network, flags)

    async def mute(self, mute: bool = True) -> None:
        """Turn the own microphone off, or on again, even in the middle of a word.

        Raises:
            NotAllowed: the member is in no voice channel.
        """
        self.backend.voice_states.mute_self(self.member, mute)

    def camera(self) -> AbstractAsyncContextManager[None]:
        """Have the camera on: `async with ada.camera(): …`.

        Raises:
            NotAllowed: when it is entered, if the member is in no voice channel.
        """
        return self.backend.voice_states.camera(self.member)


def states_of(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options of a command whose values are states, not what a test holds."""
    return {name: _state_of(value) for name, value in options.items()}


def _state_of(value: Any) -> Any:
    match value:
        case MemberActor():
            return value.member
        case ChannelHandle():
            return value.channel
        case _:
            return value


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]
