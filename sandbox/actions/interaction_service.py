"""The desk: where humans' commands, half typed ones and clicks go to the bot, and its answers come back."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sandbox.actions.offered_commands import offered_command
from sandbox.actions.reply import Reply
from sandbox.forms.autocomplete import Choice, read_choices
from sandbox.forms.command_options import autocomplete_data, focused_kind, interaction_data
from sandbox.forms.message_form import MessageForm
from sandbox.state.changes.interaction_changes import (
    FollowupSent,
    InteractionAnswered,
    InteractionGivenUp,
    InteractionStarted,
)
from sandbox.state.channel import Channel
from sandbox.state.errors import (
    NotAllowed,
    Unimplemented,
    already_acknowledged,
    invalid_form,
    invalid_webhook_token,
    unknown,
)
from sandbox.state.interaction import AUTOCOMPLETE, COMMAND, COMPONENT, Answer, Interaction
from sandbox.state.json_types import Json
from sandbox.state.member import Member
from sandbox.state.message import EPHEMERAL, LOADING, Message
from sandbox.state.message_parts import Body

if TYPE_CHECKING:
    from sandbox.actions.backend import World

MESSAGE = 4
DEFERRED_MESSAGE = 5
DEFERRED_UPDATE = 6
UPDATE = 7
CHOICES = 8
_LINK = 5


class InteractionService:
    """Starts interactions, takes the answers and keeps the deadlines."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def command(
        self, member: Member, name: str, channel: Channel, options: Mapping[str, Any], timeout: float
    ) -> Reply:
        """A human uses a slash command. Raises NotOffered, and ValueError for wrong options."""
        first, *path = name.split(" ")
        command = await offered_command(self._world.store, first, member, channel, timeout)
        data = interaction_data(command, path, options, member)
        return Reply(await self._start(COMMAND, member, channel, data), self._world.store)

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
        """A human types into an option. Raises as `command` does, and TimeoutError if the bot offers nothing."""
        first, *path = name.split(" ")
        command = await offered_command(self._world.store, first, member, channel, timeout)
        data = autocomplete_data(command, path, options, member, option=option, typed=typed)
        answer = (await self._start(AUTOCOMPLETE, member, channel, data)).answer
        if answer is None:
            raise TimeoutError(f"the bot did not say what to offer for {option!r} of /{name}")
        return list(answer.choices)

    async def click(self, member: Member, message: Message, button: str) -> Reply:
        """A human clicks a button, by label or custom_id. Raises NotAllowed if nobody could click it."""
        if message.deleted:
            raise NotAllowed(f"{message!r} is gone, and its buttons with it")
        found = next((each for each in message.buttons if button in (each.get("label"), each.get("custom_id"))), None)
        if found is None:
            raise NotAllowed(f"{message!r} has no button {button!r}")
        if found.get("disabled") or found.get("style") == _LINK:
            raise NotAllowed(f"the button {button!r} is disabled, or a link")
        data = {"custom_id": found["custom_id"], "component_type": found["type"], "id": found["id"]}
        interaction = await self._start(COMPONENT, member, message.channel, data, message)
        return Reply(interaction, self._world.store)

    async def _start(
        self, kind: int, member: Member, channel: Channel, data: Json, source: Message | None = None
    ) -> Interaction:
        clock = asyncio.get_running_loop().time
        token = secrets.token_urlsafe(48)
        interaction = Interaction(self._world.ids(), token, kind, member, channel, data, clock(), source)
        store = self._world.store
        store.apply(InteractionStarted(interaction))
        try:
            await store.wait_for(lambda: interaction.answer, self._world.config.interaction_deadline)
        except TimeoutError:
            store.apply(InteractionGivenUp(interaction))
        return interaction

    def awaiting(self, interaction_id: int, token: str) -> Interaction:
        """The interaction that may be answered for the first time. Raises ApiError 10062 or 40060."""
        interaction = self._world.store.interactions.get(token)
        if interaction is None or interaction.id != interaction_id or interaction.given_up:
            raise unknown("interaction")
        if interaction.answer is not None:
            raise already_acknowledged()
        return interaction

    def answered(self, token: str) -> Interaction:
        """The interaction of a webhook's path. Raises ApiError 10015 or 50027."""
        interaction = self._world.store.interactions.get(token)
        if interaction is None or interaction.answer is None or interaction.kind == AUTOCOMPLETE:
            raise unknown("Webhook")
        age = asyncio.get_running_loop().time() - interaction.time
        if age > self._world.config.interaction_lifetime:
            raise invalid_webhook_token()
        return interaction

    def answer(self, interaction: Interaction, kind: int, form: MessageForm) -> Answer:
        """The bot's first answer to a command or a click. Raises ApiError."""
        if interaction.kind == AUTOCOMPLETE:
            raise invalid_form(("type", "BASE_TYPE_CHOICES", f"Value must be one of {{{CHOICES}}}."))
        if kind == MESSAGE:
            message: Message | None = self._put_up(interaction, self._body(form))
        elif kind == DEFERRED_MESSAGE:
            hidden = int(form.fields.get("flags") or 0) & EPHEMERAL
            message = self._put_up(interaction, Body(flags=hidden | LOADING))
        elif kind in (DEFERRED_UPDATE, UPDATE):
            if interaction.source is None:
                problem = ("type", "BASE_TYPE_CHOICES", "Only a component can update its message")
                raise invalid_form(problem)
            message = self._world.posting.replace(interaction.source, form) if kind == UPDATE else None
        else:
            raise Unimplemented(f"interaction callbacks of type {kind}")
        return self._note(interaction, Answer(kind, message, asyncio.get_running_loop().time()))

    def offer(self, interaction: Interaction, data: Json) -> Answer:
        """The bot's choices for an option that is being typed. Raises ApiError."""
        if interaction.kind != AUTOCOMPLETE:
            raise invalid_form(("type", "BASE_TYPE_CHOICES", "Value must be one of {4, 5, 6, 7, 9}."))
        choices = read_choices(data, focused_kind(interaction.data))
        return self._note(interaction, Answer(CHOICES, None, asyncio.get_running_loop().time(), choices))

    def follow_up(self, interaction: Interaction, form: MessageForm) -> Message:
        """The bot adds a message; the first one after a deferral fills in the deferred message."""
        original = interaction.original
        assert original is not None
        if original.loading:
            return self._world.posting.replace(original, form)
        message = self._world.posting.answer(interaction, self._body(form), reply_to=original)
        self._world.store.apply(FollowupSent(interaction, message))
        return message

    def message(self, interaction: Interaction, which: str) -> Message:
        """A message of the answer: "@original" or an id. Raises ApiError 10008."""
        candidates = [interaction.original, *interaction.followups]
        if which == "@original":
            candidates = candidates[:1]
        for message in candidates:
            if message and not message.deleted and which in ("@original", str(message.id)):
                return message
        raise unknown("Message")

    def _note(self, interaction: Interaction, answer: Answer) -> Answer:
        self._world.store.apply(InteractionAnswered(interaction, answer))
        return answer

    def _put_up(self, interaction: Interaction, body: Body) -> Message:
        return self._world.posting.answer(interaction, body)

    def _body(self, form: MessageForm) -> Body:
        return form.body(self._world.ids, f"{self._world.http_url}/attachments")
