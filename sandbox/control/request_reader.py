"""From a request's fields to the arguments of the method that answers it: its parameters say what is wanted."""

from __future__ import annotations

import base64
import binascii
import inspect
import math
from collections.abc import Callable, Mapping
from types import NoneType, UnionType
from typing import Any, Final, TypeVar, get_args, get_origin

from sandbox.actions.channel_handle import ChannelHandle
from sandbox.actions.guild_handle import GuildHandle
from sandbox.actions.member_actor import MemberActor
from sandbox.actions.reply import Reply
from sandbox.control.lookup import Lookup
from sandbox.state.guild import Guild
from sandbox.state.message import Message
from sandbox.voice import Call

_LONGEST_WAIT: Final = 60.0
"""Seconds for which one request may wait: less than what clients take for a dead server."""

Number = TypeVar("Number", int, float)


class WrongField(ValueError):
    """A request has not the fields that it must have."""


class RequestReader:
    """Reads fields strictly: one that is missing, unknown or of another type is refused by name."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._readers: dict[Any, Callable[[Any], Any]] = {
            GuildHandle: lambda value: lookup.guild(_id(value)),
            ChannelHandle: lambda value: lookup.channel(_id(value)),
            MemberActor: lambda value: lookup.member(_id(value)),
            Message: lambda value: lookup.message(_id(value)),
            Reply: lambda value: lookup.reply(_id(value)),
            str: _text,
            int: _integer,
            float: _number,
            bool: _flag,
            bytes: _bytes,
            Any: self._value,
        }

    def arguments(self, method: Callable[..., Any], given: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments for a method.

        Raises:
            WrongField: a field is missing, unknown, or of another type.
            NotFound: an id is nobody's.
        """
        parameters = inspect.signature(method, eval_str=True).parameters
        if unknown := sorted(given.keys() - parameters.keys()):
            raise WrongField(f"unknown fields: {', '.join(unknown)}; known are {', '.join(parameters) or 'none'}")
        missing = [name for name, each in parameters.items() if each.default is each.empty and name not in given]
        if missing:
            raise WrongField(f"missing fields: {', '.join(missing)}")
        arguments = {name: self._read(name, parameters[name].annotation, value) for name, value in given.items()}
        if len({guild for value in arguments.values() if (guild := _guild_of(value))}) > 1:
            raise WrongField("what is named is in different guilds")
        actor = arguments.get("member")
        if isinstance(actor, MemberActor) and actor.user is actor.member.guild.bot:
            raise WrongField("member is the bot, which acts by itself")
        return arguments

    def _read(self, name: str, wanted: Any, value: Any) -> Any:
        if isinstance(wanted, UnionType):
            if value is None:
                return None
            [wanted] = [each for each in get_args(wanted) if each is not NoneType]
        origin, inner = get_origin(wanted), get_args(wanted)
        if origin is list:
            if not isinstance(value, list):
                raise WrongField(f"{name} is a list, not {value!r}")
            return [self._read(name, inner[0], each) for each in value]
        if origin is dict:
            if not isinstance(value, dict):
                raise WrongField(f"{name} is an object, not {value!r}")
            return {key: self._read(name, inner[1], each) for key, each in value.items()}
        try:
            return self._readers[wanted](value)
        except WrongField as error:
            raise WrongField(f"{name} {error}") from None

    def _value(self, value: Any) -> Any:
        """What a command's option or a menu takes: as it is, or {"member": id} and its like for what has an id."""
        match value:
            case {"member": one, **rest} if not rest:
                return self._lookup.member(_id(one))
            case {"channel": one, **rest} if not rest:
                return self._lookup.channel(_id(one))
            case {"role": one, **rest} if not rest:
                return self._lookup.role(_id(one))
            case {"file": name, "content": content, **rest} if not rest:
                return self._lookup.file(_text(name), _bytes(content))
            case dict():
                raise WrongField(
                    """has an object that is none of {"member": id}, {"channel": id}, {"role": id}, """
                    """{"file": name, "content": base64}"""
                )
            case list():
                return [self._value(each) for each in value]
        return value


def _guild_of(value: Any) -> Guild | None:
    match value:
        case GuildHandle() | ChannelHandle():
            guild = value.guild
        case MemberActor():
            guild = value.member.guild
        case Message():
            guild = value.channel.guild
        case _:
            return None
    return None if guild.is_direct else guild


def _id(value: Any) -> int:
    """Ids are texts in JSON, since JavaScript's numbers are too small for them; numbers are taken too."""
    if isinstance(value, bool) or not (isinstance(value, int) or (isinstance(value, str) and value.isdecimal())):
        raise WrongField(f"is an id, not {value!r}")
    return int(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise WrongField(f"is a text, not {value!r}")
    return value


def _integer(value: Any) -> int:
    number = _number(value)
    if number != int(number):
        raise WrongField(f"is a whole number, not {value!r}")
    return int(number)


def _number(value: Any) -> float:
    """A number; as text too, since a query has no other."""
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise WrongField(f"is a number, not {value!r}")
    return number


def _flag(value: Any) -> bool:
    """Yes or no; as text too, since a query has no other."""
    match value:
        case True | "true":
            return True
        case False | "false":
            return False
    raise WrongField(f"is true or false, not {value!r}")


def _bytes(value: Any) -> bytes:
    """A sound file is the body itself; in JSON it is base64."""
    if isinstance(value, bytes):
        return value
    try:
        return base64.b64decode(_text(value), validate=True)
    except binascii.Error:
        raise WrongField("is no base64") from None


def call_of(channel: ChannelHandle) -> Call:
    """The call of a channel.

    Raises:
        WrongField: it is a text channel.
    """
    if not channel.channel.is_voice:
        raise WrongField(f"#{channel.name} is no voice channel")
    return channel.call


def bounded(wait: float) -> float:
    """How long a request waits, in seconds.

    Raises:
        WrongField: it is too long.
    """
    return within("wait", wait, 0, _LONGEST_WAIT)


def within(name: str, value: Number, low: float, high: float) -> Number:
    """A field's number.

    Raises:
        WrongField: it is out of bounds.
    """
    if not low <= value <= high:
        raise WrongField(f"{name} is between {low:g} and {high:g}, not {value:g}")
    return value
