"""What a person does in their page, by the names that the page gives it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from sandbox.actions.guild_handle import GuildHandle
from sandbox.actions.reply import Reply
from sandbox.playground.fault_panel import FaultPanel
from sandbox.playground.given_values import GivenValues, fields_in, flag_in, text_in, texts_in
from sandbox.playground.page_view import PageView
from sandbox.playground.people import People, Person
from sandbox.state.json_types import Json
from sandbox.state.message import Message

_MOST_MODALS: Final = 10

Action = Callable[[Json], Awaitable[Json]]
"""Takes the fields of a page's wish, and returns what the page is told."""


class TabActions:
    """Everything that one person can do, each like Discord's client does it."""

    def __init__(
        self,
        guild: GuildHandle,
        people: People,
        person: Person,
        view: PageView,
        *,
        faults: FaultPanel,
        open_curtain: Callable[[bool], None],
    ) -> None:
        """`open_curtain` is told whether the page wants to see behind the curtain."""
        self._guild = guild
        self._people = people
        self._person = person
        self._actor = person.actor
        self._view = view
        self._faults = faults
        self._opens_curtain = open_curtain
        self._given = GivenValues(guild)
        self._modals: dict[str, Reply] = {}
        self._actions: Mapping[str, Action] = {
            "type": self._type,
            "typing": self._start_typing,
            "edit": self._edit,
            "delete": self._delete,
            "react": self._react,
            "command": self._command,
            "message_command": self._message_command,
            "member_command": self._member_command,
            "autocomplete": self._autocomplete,
            "click": self._click,
            "select": self._select,
            "submit": self._submit,
            "join": self._join,
            "leave": self._leave,
            "mute": self._mute,
            "add_person": self._add_person,
            "curtain": self._open_curtain,
            "fault": self._fault,
        }

    async def do(self, wish: Json) -> Json:
        """Do what a page wants.

        Raises:
            ValueError: it wants nothing that there is, or Discord's client would not let it.
            NotAllowed: the person may not.
            TimeoutError: the bot offers nothing for an option.
        """
        action = self._actions.get(text_in(wish, "do"))
        if action is None:
            raise ValueError(f"nobody can {wish['do']!r}")
        return await action(wish)

    async def _type(self, wish: Json) -> Json:
        reply_to = self._given.message(wish, "reply_to") if wish.get("reply_to") else None
        message = await self._actor.type(text_in(wish, "content"), self._given.channel(wish), reply_to=reply_to)
        return {"message": str(message.id)}

    async def _start_typing(self, wish: Json) -> Json:
        await self._actor.start_typing(self._given.channel(wish))
        return {}

    async def _edit(self, wish: Json) -> Json:
        await self._actor.edit(self._given.message(wish), text_in(wish, "content"))
        return {}

    async def _delete(self, wish: Json) -> Json:
        await self._actor.delete(self._given.message(wish))
        return {}

    async def _react(self, wish: Json) -> Json:
        change = self._actor.react if flag_in(wish, "on") else self._actor.unreact
        await change(self._given.message(wish), text_in(wish, "emoji"))
        return {}

    async def _command(self, wish: Json) -> Json:
        name = text_in(wish, "name")
        options = self._options(name, fields_in(wish, "options"))
        return self._told(await self._actor.command(name, self._given.channel(wish), options, timeout=0))

    async def _message_command(self, wish: Json) -> Json:
        target = self._given.message(wish)
        return self._told(await self._actor.message_command(text_in(wish, "name"), target, timeout=0))

    async def _member_command(self, wish: Json) -> Json:
        target = self._given.member(wish)
        channel = self._given.channel(wish)
        return self._told(await self._actor.member_command(text_in(wish, "name"), target, channel, timeout=0))

    async def _autocomplete(self, wish: Json) -> Json:
        name = text_in(wish, "name")
        choices = await self._guild.backend.human_interactions.autocomplete(
            self._actor.member,
            name,
            self._given.channel(wish).channel,
            self._options(name, fields_in(wish, "options")),
            option=text_in(wish, "option"),
            typed=text_in(wish, "typed"),
            timeout=0,
        )
        return {"choices": [{"name": each.name, "value": each.value} for each in choices]}

    async def _click(self, wish: Json) -> Json:
        return self._told(await self._actor.click(self._given.message(wish), text_in(wish, "custom_id")))

    async def _select(self, wish: Json) -> Json:
        message, custom_id = self._given.message(wish), text_in(wish, "custom_id")
        menu = _component(message, custom_id)
        choices = self._given.choices(menu, texts_in(wish, "values"))
        return self._told(await self._actor.select(message, custom_id, *choices))

    async def _submit(self, wish: Json) -> Json:
        opened = self._modals.pop(text_in(wish, "modal"), None)
        if opened is None:
            raise ValueError("This window is no longer open.")
        return self._told(await self._actor.submit(opened, fields_in(wish, "answers")))

    async def _join(self, wish: Json) -> Json:
        await self._actor.join(self._given.channel(wish))
        return {}

    async def _leave(self, _: Json) -> Json:
        await self._actor.leave()
        return {}

    async def _mute(self, wish: Json) -> Json:
        await self._actor.mute(flag_in(wish, "on"))
        return {}

    async def _add_person(self, wish: Json) -> Json:
        return {"person": str(self._people.add(text_in(wish, "name")).actor.id)}

    async def _open_curtain(self, wish: Json) -> Json:
        self._opens_curtain(flag_in(wish, "open"))
        return {}

    async def _fault(self, wish: Json) -> Json:
        await self._faults.press(text_in(wish, "name"))
        return {}

    def _options(self, name: str, given: Json) -> Json:
        first, *path = name.split(" ")
        return self._given.options(self._view.command_form(first), path, given)

    def _told(self, reply: Reply) -> Json:
        """What the page is told of an answer; its messages reach it by themselves."""
        if reply.failed:
            return {"failed": "The application did not respond"}
        if reply.modal is None:
            return {}
        number = str(reply.interaction.id)
        self._modals[number] = reply
        while len(self._modals) > _MOST_MODALS:
            del self._modals[next(iter(self._modals))]
        return {"modal": reply.modal, "number": number}


def _component(message: Message, custom_id: str) -> Json:
    for row in message.components:
        for component in row.get("components", []):
            if component.get("custom_id") == custom_id:
                found: Json = component
                return found
    raise ValueError("This menu is gone.")
