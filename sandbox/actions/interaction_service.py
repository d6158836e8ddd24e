"""Brings humans' commands, half typed ones and clicks to the bot, and its answers back."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from typing import Any, Final

from sandbox.actions.message_service import MessageService
from sandbox.actions.offered_commands import offered_command
from sandbox.actions.reply import Reply
from sandbox.forms.autocomplete import read_choices
from sandbox.forms.command_options import CommandUser, autocomplete_data, focused_kind, interaction_data
from sandbox.forms.message_form import MessageForm
from sandbox.state.changes.interaction_changes import (
    FollowupSent,
    InteractionAnswered,
    InteractionGivenUp,
    InteractionStarted,
)
from sandbox.state.channel import Channel
from sandbox.state.choice import Choice
from sandbox.state.errors import (
    NotAllowed,
    already_acknowledged,
    invalid_form,
    invalid_webhook_token,
    unknown,
)
from sandbox.state.interaction import AUTOCOMPLETE, COMMAND, COMPONENT, DEFERRED_MESSAGE, Answer, Interaction
from sandbox.state.json_types import Json
from sandbox.state.member import Member
from sandbox.state.message import EPHEMERAL, LOADING, Message
from sandbox.state.message_parts import MessageBody
from sandbox.state.snowflake import Snowflakes
from sandbox.state.store import Store
from sandbox.unimplemented import Unimplemented

_MESSAGE: Final = 4
_DEFERRED_UPDATE: Final = 6
_UPDATE: Final = 7
CHOICES: Final = 8
"""The callback type of choices for an option that is being typed."""
_LINK: Final = 5


class InteractionService:
    """Starts interactions, takes the answers and keeps the deadlines."""

    def __init__(
        self, store: Store, ids: Snowflakes, messages: MessageService, *, deadline: float, lifetime: float
    ) -> None:
        """`deadline` is the seconds until the bot must have answered, `lifetime` those of an interaction's token."""
        self._store = store
        self._ids = ids
        self._messages = messages
        self._deadline = deadline
        self._lifetime = lifetime

    async def command(
        self, member: Member, name: str, channel: Channel, options: Mapping[str, Any], timeout: float
    ) -> Reply:
        """A human uses a slash command.

        Raises:
            NotOffered: Discord would not show it here.
            ValueError: Discord's client would not let a human send these options.
        """
        first, *path = name.split(" ")
        command = await offered_command(self._store, first, member, channel, timeout)
        data = interaction_data(command, path, options, self._user(member))
        return Reply(await self._start(COMMAND, member, channel, data), self._store.changes)

    async def autocomplete(
        self,
        member: Member,
        name: str,
        channel: Channel,
        options: Mapping[str, Any],
        *,
        option: str,
        typed: str,
        timeout: float,
    ) -> list[Choice]:
        """A human types into an option.

        Raises:
            NotOffered: Discord would not show the command here.
            ValueError: Discord's client would not ask for this option.
            TimeoutError: the bot offers nothing.
        """
        first, *path = name.split(" ")
        command = await offered_command(self._store, first, member, channel, timeout)
        data = autocomplete_data(command, path, options, self._user(member), option=option, typed=typed)
        answer = (await self._start(AUTOCOMPLETE, member, channel, data)).answer
        if answer is None:
            raise TimeoutError(f"the bot did not say what to offer for {option!r} of /{name}")
        return list(answer.choices)

    async def click(self, member: Member, message: Message, button: str) -> Reply:
        """A human clicks a button, by label or custom_id.

        Raises:
            NotAllowed: nobody could click it.
        """
        if message.deleted:
            raise NotAllowed(f"{message!r} is gone, and its buttons with it")
        found = next((each for each in message.buttons if button in (each.get("label"), each.get("custom_id"))), None)
        if found is None:
            raise NotAllowed(f"{message!r} has no button {button!r}")
        if found.get("disabled") or found.get("style") == _LINK:
            raise NotAllowed(f"the button {button!r} is disabled, or a link")
        data = {"custom_id": found["custom_id"], "component_type": found["type"], "id": found["id"]}
        interaction = await self._start(COMPONENT, member, message.channel, data, message)
        return Reply(interaction, self._store.changes)

    async def _start(
        self, kind: int, member: Member, channel: Channel, data: Json, source: Message | None = None
    ) -> Interaction:
        clock = asyncio.get_running_loop().time
        token = secrets.token_urlsafe(48)
        interaction = Interaction(self._ids(), token, kind, member, channel, data, clock(), source)
        self._store.apply(InteractionStarted(interaction))
        try:
            await self._store.changes.wait_for(lambda: interaction.answer, self._deadline)
        except TimeoutError:
            self._store.apply(InteractionGivenUp(interaction))
        return interaction

    def _user(self, member: Member) -> CommandUser:
        return CommandUser(member, self._store.members_of(member.guild))

    def awaiting(self, interaction_id: int, token: str) -> Interaction:
        """The interaction that may be answered for the first time.

        Raises:
            ApiError: 10062, it is unknown or given up; 40060, it has been answered.
        """
        interaction = self._store.interactions.get(token)
        if interaction is None or interaction.id != interaction_id or interaction.given_up:
            raise unknown("interaction")
        if interaction.answer is not None:
            raise already_acknowledged()
        return interaction

    def answered(self, token: str) -> Interaction:
        """The interaction of a webhook's path.

        Raises:
            ApiError: 10015, it is unknown or has no answer; 50027, its token is too old.
        """
        interaction = self._store.interactions.get(token)
        if interaction is None or interaction.answer is None or interaction.kind == AUTOCOMPLETE:
            raise unknown("Webhook")
        age = asyncio.get_running_loop().time() - interaction.time
        if age > self._lifetime:
            raise invalid_webhook_token()
        return interaction

    def answer(self, interaction: Interaction, kind: int, form: MessageForm) -> Answer:
        """The bot's first answer to a command or a click.

        Raises:
            ApiError: Discord would refuse it.
            Unimplemented: the sandbox does not know the `kind` of answer.
        """
        if interaction.kind == AUTOCOMPLETE:
            raise invalid_form(("type", "BASE_TYPE_CHOICES", f"Value must be one of {{{CHOICES}}}."))
        if kind == _MESSAGE:
            message: Message | None = self._post(interaction, self._messages.body(form))
        elif kind == DEFERRED_MESSAGE:
            hidden = int(form.fields.get("flags") or 0) & EPHEMERAL
            message = self._post(interaction, MessageBody(flags=hidden | LOADING))
        elif kind in (_DEFERRED_UPDATE, _UPDATE):
            if interaction.source is None:
                problem = ("type", "BASE_TYPE_CHOICES", "Only a component can update its message")
                raise invalid_form(problem)
            message = self._messages.replace(interaction.source, form) if kind == _UPDATE else None
        else:
            raise Unimplemented(f"interaction callbacks of type {kind}")
        return self._record(interaction, Answer(kind, message, asyncio.get_running_loop().time()))

    def offer(self, interaction: Interaction, data: Json) -> Answer:
        """The bot's choices for an option that is being typed.

        Raises:
            ApiError: Discord would refuse them.
        """
        if interaction.kind != AUTOCOMPLETE:
            raise invalid_form(("type", "BASE_TYPE_CHOICES", "Value must be one of {4, 5, 6, 7, 9}."))
        choices = read_choices(data, focused_kind(interaction.data))
        return self._record(interaction, Answer(CHOICES, None, asyncio.get_running_loop().time(), choices))

    def follow_up(self, interaction: Interaction, form: MessageForm) -> Message:
        """The bot adds a message; the first one after a deferral fills in the deferred message."""
        original = interaction.original
        assert original is not None
        if original.loading:
            return self._messages.replace(original, form)
        message = self._messages.answer(interaction, self._messages.body(form), reply_to=original)
        self._store.apply(FollowupSent(interaction, message))
        return message

    def message(self, interaction: Interaction, which: str) -> Message:
        """A message of the answer: "@original" or an id.

        Raises:
            ApiError: 10008, there is none.
        """
        candidates = [interaction.original, *interaction.followups]
        if which == "@original":
            candidates = candidates[:1]
        for message in candidates:
            if message and not message.deleted and which in ("@original", str(message.id)):
                return message
        raise unknown("Message")

    def _record(self, interaction: Interaction, answer: Answer) -> Answer:
        self._store.apply(InteractionAnswered(interaction, answer))
        return answer

    def _post(self, interaction: Interaction, body: MessageBody) -> Message:
        return self._messages.answer(interaction, body)
