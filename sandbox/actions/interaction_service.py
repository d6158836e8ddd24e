"""Takes the bot's answers to what humans want of it."""

from __future__ import annotations

import asyncio
from typing import Final

from sandbox.actions.message_service import MessageService
from sandbox.forms.autocomplete import read_choices
from sandbox.forms.command_options import focused_kind
from sandbox.forms.message_form import MessageForm
from sandbox.forms.modal_form import read_modal
from sandbox.state.changes.interaction_changes import (
    FollowupSent,
    InteractionAnswered,
)
from sandbox.state.errors import (
    already_acknowledged,
    invalid_form,
    invalid_webhook_token,
    unknown,
)
from sandbox.state.interaction import AUTOCOMPLETE, DEFERRED_MESSAGE, MODAL, MODAL_SUBMIT, Answer, Interaction
from sandbox.state.json_types import Json
from sandbox.state.message import EPHEMERAL, LOADING, Message
from sandbox.state.message_parts import MessageBody
from sandbox.state.store import Store
from sandbox.unimplemented import Unimplemented

_MESSAGE: Final = 4
_DEFERRED_UPDATE: Final = 6
_UPDATE: Final = 7
CHOICES: Final = 8
"""The callback type of choices for an option that is being typed."""


class InteractionService:
    """Takes first answers, follow-ups and edits, as long as an interaction's token lives."""

    def __init__(self, store: Store, messages: MessageService, *, lifetime: float) -> None:
        """`lifetime` is the seconds of an interaction's token."""
        self._store = store
        self._messages = messages
        self._lifetime = lifetime

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
        if interaction is None or interaction.answer is None or not interaction.has_webhook:
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

    def open_modal(self, interaction: Interaction, data: Json) -> Answer:
        """The bot's first answer is a window with fields for the human.

        Raises:
            ApiError: Discord would refuse it.
            Unimplemented: it has components that the sandbox does not know.
        """
        if interaction.kind in (AUTOCOMPLETE, MODAL_SUBMIT):
            raise invalid_form(("type", "BASE_TYPE_CHOICES", "A modal cannot answer this interaction"))
        modal = read_modal(data)
        return self._record(interaction, Answer(MODAL, None, asyncio.get_running_loop().time(), modal=modal))

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
