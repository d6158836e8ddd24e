"""All routes of the control API, each with the method that answers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sandbox.control.fault_controls import FaultControls
from sandbox.control.guild_controls import GuildControls
from sandbox.control.hearing_controls import HearingControls
from sandbox.control.member_controls import MemberControls
from sandbox.loopback_discord import Sandbox

_SANDBOX: Final = {
    "GET /": "show_sandbox",
    "GET /ready": "wait_until_ready",
    "GET /guilds": "show_guilds",
    "POST /guilds": "add_guild",
    "POST /guilds/{guild}/channels": "add_channel",
    "POST /guilds/{guild}/members": "add_member",
    "DELETE /channels/{channel}": "delete_channel",
    "POST /channels/{channel}/deny": "deny",
}
_MODERATION: Final = (
    "set_bot_permissions",
    "disconnect_bot",
    "move_bot",
    "mute_bot",
    "deafen_bot",
    "remove_bot",
)
_HEARING: Final = {
    "GET /channels/{channel}/messages": "show_messages",
    "GET /messages/{message}": "show_message",
    "GET /replies/{reply}": "show_reply",
    "GET /channels/{channel}/call": "show_call",
    "GET /channels/{channel}/call.wav": "write_wav",
    "GET /channels/{channel}/frames": "stream_frames",
}


@dataclass(frozen=True)
class ControlRoute:
    """Something that can be asked of the control API."""

    method: str
    """The HTTP method."""
    path: str
    """The path; its parameters, in braces, are fields like those of the body."""
    answer: Callable[..., Awaitable[Any]]
    """Who answers; its docstring says what it does, its parameters which fields it takes."""


def control_routes(sandbox: Sandbox) -> list[ControlRoute]:
    """The routes to a sandbox."""
    guilds, members, faults = GuildControls(sandbox), MemberControls(), FaultControls(sandbox)
    routes = _of(guilds, _SANDBOX)
    routes += _of(guilds, {f"POST /guilds/{{guild}}/{name}": name for name in _MODERATION})
    routes += _of(members, {f"POST /members/{{member}}/{name}": name for name in _public(members)})
    routes += _of(HearingControls(sandbox), _HEARING)
    routes += _of(faults, {f"POST /faults/{name}": name for name in _public(faults)})
    return routes


def _of(controls: object, names: Mapping[str, str]) -> list[ControlRoute]:
    routes = [(*route.split(), getattr(controls, name)) for route, name in names.items()]
    return [ControlRoute(method, path, answer) for method, path, answer in routes]


def _public(controls: object) -> list[str]:
    return [name for name in vars(type(controls)) if not name.startswith("_")]
