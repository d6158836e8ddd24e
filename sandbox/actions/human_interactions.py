"""What humans want of the bot: commands, half typed ones, clicks, choices in menus and filled in modals."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.actions.offered_commands import offered_command
from sandbox.actions.reply import Reply
from sandbox.forms.command_options import autocomplete_data, interaction_data
from sandbox.forms.components import LINK, SELECTS
from sandbox.forms.menu_choice import chosen_values
from sandbox.forms.modal_form import submitted_data
from sandbox.forms.resolved import CommandUser, resolve
from sandbox.state.changes.interaction_changes import InteractionGivenUp, InteractionStarted
from sandbox.state.channel import Channel
from sandbox.state.choice import Choice
from sandbox.state.command import MESSAGE, SLASH, USER, Command
from sandbox.state.errors import NotAllowed
from sandbox.state.interaction import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Interaction
from sandbox.state.json_types import Json
from sandbox.state.member import Member
from sandbox.state.message import Message
from sandbox.state.snowflake import Snowflakes
from sandbox.state.store import Store


class HumanInteractions:
    """Starts interactions, and gives up on those that get no answer in time."""

    def __init__(self, store: Store, ids: Snowflakes, *, deadline: float) -> None:
        """`deadline` is the seconds until the bot must have answered."""
        self._store = store
        self._ids = ids
        self._deadline = deadline

    async def command(
        self, member: Member, name: str, channel: Channel, options: Mapping[str, Any], timeout: float
    ) -> Reply:
        """A human uses a slash command.

        Raises:
            NotOffered: Discord would not show it here.
            ValueError: Discord's client would not let a human send these options.
        """
        first, *path = name.split(" ")
        command = await offered_command(self._store, first, SLASH, member, channel, timeout=timeout)
        data = interaction_data(command, path, options, self._user(member))
        return await self._ask(COMMAND, member, channel, data)

    async def member_command(
        self, member: Member, name: str, target: Member, channel: Channel, timeout: float
    ) -> Reply:
        """A human uses a command of a member's context menu.

        Raises:
            NotOffered: Discord would not show it here.
        """
        command = await offered_command(self._store, name, USER, member, channel, timeout=timeout)
        resolved: Json = {}
        resolve(target, self._user(member), resolved)
        return await self._ask(COMMAND, member, channel, _menu_data(command, target.id, resolved))

    async def message_command(self, member: Member, name: str, target: Message, timeout: float) -> Reply:
        """A human uses a command of a message's context menu.

        Raises:
            NotOffered: Discord would not show it here.
            NotAllowed: the message is gone.
        """
        if target.deleted:
            raise NotAllowed(f"{target!r} is gone, and its menu with it")
        command = await offered_command(self._store, name, MESSAGE, member, target.channel, timeout=timeout)
        resolved = {"messages": {str(target.id): target.to_json()}}
        return await self._ask(COMMAND, member, target.channel, _menu_data(command, target.id, resolved))

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
        command = await offered_command(self._store, first, SLASH, member, channel, timeout=timeout)
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
        found = _component(message, message.buttons, "button", button, "label")
        if found.get("style") == LINK:
            raise NotAllowed(f"the button {button!r} is a link")
        data = {"custom_id": found["custom_id"], "component_type": found["type"], "id": found["id"]}
        return await self._ask(COMPONENT, member, message.channel, data, message)

    async def select(self, member: Member, message: Message, menu: str, choices: Sequence[Any]) -> Reply:
        """A human chooses in a menu, by custom_id or placeholder.

        Raises:
            NotAllowed: nobody could use it.
            ValueError: it does not offer this.
        """
        menus = [each for row in message.components for each in row["components"] if each["type"] in SELECTS]
        found = _component(message, menus, "menu", menu, "placeholder")
        resolved: Json = {}
        values = chosen_values(found, choices, self._user(member), resolved)
        data = {"custom_id": found["custom_id"], "component_type": found["type"], "id": found["id"], "values": values}
        if resolved:
            data["resolved"] = resolved
        return await self._ask(COMPONENT, member, message.channel, data, message)

    async def submit(self, member: Member, opened_by: Interaction, answers: Mapping[str, Any]) -> Reply:
        """A human fills in the modal that an answer opened, and sends it.

        Raises:
            NotAllowed: there is no such modal for this human.
            ValueError: Discord's client would not let a human send this.
        """
        modal = opened_by.answer.modal if opened_by.answer else None
        if modal is None or opened_by.member is not member:
            raise NotAllowed(f"no modal is open for {member.name}")
        data = submitted_data(modal, answers, self._user(member))
        return await self._ask(MODAL_SUBMIT, member, opened_by.channel, data, opened_by.source)

    async def _ask(
        self, kind: int, member: Member, channel: Channel, data: Json, source: Message | None = None
    ) -> Reply:
        return Reply(await self._start(kind, member, channel, data, source), self._store.changes)

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
        return CommandUser(member, {} if member.guild.is_direct else self._store.members_of(member.guild))


def _menu_data(command: Command, target_id: int, resolved: Json) -> Json:
    data: Json = {"id": str(command.id), "name": command.name, "type": command.kind}
    if command.guild_id is not None:
        data["guild_id"] = str(command.guild_id)
    return data | {"target_id": str(target_id), "resolved": resolved}


def _component(message: Message, offered: Sequence[Json], noun: str, name: str, shown_as: str) -> Json:
    if message.deleted:
        raise NotAllowed(f"{message!r} is gone, and its {noun}s with it")
    found = next((each for each in offered if name in (each.get(shown_as), each.get("custom_id"))), None)
    if found is None:
        raise NotAllowed(f"{message!r} has no {noun} {name!r}")
    if found.get("disabled"):
        raise NotAllowed(f"the {noun} {name!r} is disabled")
    return found
