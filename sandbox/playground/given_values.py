"""What a page gives, read strictly: fields of its JSON, and what their ids stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sandbox.actions.channel_handle import ChannelHandle
from sandbox.actions.guild_handle import GuildHandle
from sandbox.actions.member_actor import MemberActor
from sandbox.state.json_types import Json
from sandbox.state.message import Message

_SUBCOMMANDS: Final = (1, 2)
_USER: Final = 6
_CHANNEL: Final = 7
_ROLE: Final = 8
_MENTIONABLE: Final = 9
_USER_SELECT: Final = 5
_ROLE_SELECT: Final = 6
_MENTIONABLE_SELECT: Final = 7
_CHANNEL_SELECT: Final = 8
_OPTION_KINDS: Final = {_USER: "members", _CHANNEL: "channels", _ROLE: "roles", _MENTIONABLE: "members roles"}
_MENU_KINDS: Final = {
    _USER_SELECT: "members",
    _ROLE_SELECT: "roles",
    _MENTIONABLE_SELECT: "members roles",
    _CHANNEL_SELECT: "channels",
}


class WrongWish(ValueError):
    """A page's wish has not the fields that it must have."""


class GivenValues:
    """Finds in a guild what a page names."""

    def __init__(self, guild: GuildHandle) -> None:
        self._guild = guild
        self._store = guild.backend.store

    def channel(self, given: Json, key: str = "channel") -> ChannelHandle:
        """The channel with the id in a field.

        Raises:
            ValueError: there is none.
        """
        return ChannelHandle(self._thing("channels", text_in(given, key)), self._guild.backend)

    def member(self, given: Json, key: str = "member") -> MemberActor:
        """The member with the id in a field.

        Raises:
            ValueError: there is none.
        """
        return MemberActor(self._thing("members", text_in(given, key)), self._guild.backend)

    def message(self, given: Json, key: str = "message") -> Message:
        """The message with the id in a field; one that only a single person sees too.

        Raises:
            ValueError: there is none any more.
        """
        number = text_in(given, key)
        for channel in self._store.channels_of(self._guild.guild).values():
            for message in reversed(self._store.messages_in(channel)):
                if str(message.id) == number and not message.deleted:
                    return message
        for interaction in reversed(self._store.interactions.values()):
            for answer in (interaction.original, *interaction.followups):
                if answer is not None and str(answer.id) == number and not answer.deleted:
                    return answer
        raise ValueError("This message is gone.")

    def options(self, command: Json, path: Sequence[str], given: Mapping[str, Any]) -> dict[str, Any]:
        """Options of a command by name, with what their ids stand for.

        Args:
            command: the form that the bot registered.
            path: the subcommand group and the subcommand, if there are any.
            given: the values as the page has them.

        Raises:
            ValueError: an id is nobody's.
        """
        declared: list[Json] = command.get("options") or []
        for step in path:
            inner = (each for each in declared if each["name"] == step and each["type"] in _SUBCOMMANDS)
            declared = next(inner, {}).get("options") or []
        kinds = {each["name"]: _OPTION_KINDS.get(each["type"]) for each in declared}
        return {name: self._value(kinds.get(name), value) for name, value in given.items()}

    def choices(self, menu: Json, given: Sequence[Any]) -> list[Any]:
        """What was chosen in a menu.

        Raises:
            ValueError: an id is nobody's.
        """
        return [self._value(_MENU_KINDS.get(menu["type"]), each) for each in given]

    def _value(self, kind: str | None, value: Any) -> Any:
        return value if kind is None else self._thing(kind, str(value))

    def _thing(self, kind: str, number: str) -> Any:
        guild = self._guild.guild
        things: dict[str, Mapping[int, Any]] = {
            "members": self._store.members_of(guild),
            "channels": self._store.channels_of(guild),
            "roles": guild.roles,
        }
        for name in kind.split():
            if number.isdecimal() and int(number) in things[name]:
                return things[name][int(number)]
        raise ValueError(f"There is no such one among the {kind.replace(' ', ' and ')}.")


def text_in(given: Json, key: str) -> str:
    """A field that holds text.

    Raises:
        WrongWish: it is missing, or something else.
    """
    value = given.get(key)
    if not isinstance(value, str):
        raise WrongWish(f"{key} is a text, not {value!r}")
    return value


def flag_in(given: Json, key: str) -> bool:
    """A field that says yes or no.

    Raises:
        WrongWish: it is missing, or something else.
    """
    value = given.get(key)
    if not isinstance(value, bool):
        raise WrongWish(f"{key} is true or false, not {value!r}")
    return value


def texts_in(given: Json, key: str) -> list[str]:
    """A field that holds a list of texts.

    Raises:
        WrongWish: it is missing, or something else.
    """
    value = given.get(key)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise WrongWish(f"{key} is a list of texts, not {value!r}")
    return value


def fields_in(given: Json, key: str) -> Json:
    """A field that holds fields; {} where it is missing.

    Raises:
        WrongWish: it is something else.
    """
    value = given.get(key, {})
    if not isinstance(value, dict):
        raise WrongWish(f"{key} has fields, unlike {value!r}")
    return value
