"""Routes about the application: itself, and its commands."""

from __future__ import annotations

import re
from typing import Any, Final

from sandbox.rest.api_request import ApiRequest, Route, RouteAnswer
from sandbox.state.changes.interaction_changes import CommandsRegistered
from sandbox.state.command import SLASH, Command
from sandbox.state.errors import ApiError, invalid_form, invalid_json, unknown
from sandbox.state.json_types import Json
from sandbox.unimplemented import Unimplemented

_SLASH_NAME: Final = re.compile(r"[-_'\w]{1,32}")
_MAX_COMMANDS: Final = 100
_KNOWN: Final = {
    "id",
    "name",
    "name_localizations",
    "type",
    "description",
    "description_localizations",
    "options",
    "default_member_permissions",
    "default_permission",
    "dm_permission",
    "contexts",
    "integration_types",
    "nsfw",
}


async def application(request: ApiRequest) -> Json:
    """The application that owns the bot."""
    backend = request.backend
    return {
        "id": str(backend.bot.id),
        "name": backend.bot.name,
        "icon": None,
        "description": "",
        "summary": "",
        "type": None,
        "bot": backend.bot.to_json(),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": backend.application.flags,
        "flags_new": str(backend.application.flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": backend.application.owner.to_json(),
        "approximate_guild_count": len(backend.store.guilds),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
        "integration_types_config": {"0": {}},
    }


async def list_commands(request: ApiRequest) -> list[Json]:
    """The commands of a scope."""
    return [command.to_json() for command in request.backend.store.commands.of(_scope(request))]


async def replace_commands(request: ApiRequest) -> list[Json]:
    """Register all commands of a scope at once."""
    if not isinstance(request.body, list):
        raise invalid_json()
    scope = _scope(request)
    if len(request.body) > _MAX_COMMANDS:
        raise ApiError(400, 30032, f"Maximum number of application commands reached ({_MAX_COMMANDS}).")
    commands = [_made(request, scope, form, f"{index}.") for index, form in enumerate(request.body)]
    request.backend.store.apply(CommandsRegistered(scope, commands))
    return [command.to_json() for command in commands]


async def create_command(request: ApiRequest) -> RouteAnswer:
    """Register one command; one of the same name is replaced."""
    scope = _scope(request)
    existed = request.backend.store.commands.find(
        scope, str(request.fields().get("name")), request.fields().get("type") or SLASH
    )
    command = _made(request, scope, request.fields())
    others = [each for each in request.backend.store.commands.of(scope) if each is not existed]
    request.backend.store.apply(CommandsRegistered(scope, [*others, command]))
    return RouteAnswer(200 if existed else 201, command.to_json())


async def get_command(request: ApiRequest) -> Json:
    """One command."""
    return _found(request).to_json()


async def edit_command(request: ApiRequest) -> Json:
    """Change one command."""
    before = _found(request)
    command = _made(request, before.guild_id, before.form | request.fields(), id_=before.id)
    _replace(request, before, command)
    return command.to_json()


async def delete_command(request: ApiRequest) -> None:
    """Take one command away."""
    _replace(request, _found(request))


def _scope(request: ApiRequest) -> int | None:
    if request.id("application_id") != request.backend.bot.id:
        raise unknown("Application")
    return request.guild.id if "guild_id" in request.path else None


def _found(request: ApiRequest) -> Command:
    wanted = request.id("command_id")
    for command in request.backend.store.commands.of(_scope(request)):
        if command.id == wanted:
            return command
    raise unknown("application command")


def _replace(request: ApiRequest, before: Command, *after: Command) -> None:
    others = [each for each in request.backend.store.commands.of(before.guild_id) if each is not before]
    request.backend.store.apply(CommandsRegistered(before.guild_id, [*others, *after]))


def _made(request: ApiRequest, scope: int | None, form: Json, path: str = "", id_: int | None = None) -> Command:
    for key in form:
        if key not in _KNOWN:
            raise Unimplemented(f"the command field {key!r}")
    _check(form, path)
    backend = request.backend
    before = backend.store.commands.find(scope, form["name"], form.get("type") or SLASH)
    if before is not None and before.form == form:
        return before
    number = id_ or (before.id if before else backend.ids())
    return Command(number, backend.ids(), backend.bot.id, scope, form)


def _check(form: Json, path: str) -> None:
    name, kind = form.get("name"), form.get("type") or SLASH
    if not isinstance(name, str) or not name:
        raise invalid_form((f"{path}name", "BASE_TYPE_REQUIRED", "This field is required"))
    if kind == SLASH and (not _SLASH_NAME.fullmatch(name) or name != name.lower()):
        message = "Command name is invalid"
        raise invalid_form((f"{path}name", "APPLICATION_COMMAND_INVALID_NAME", message))
    description: Any = form.get("description") or ""
    if kind == SLASH and not 1 <= len(description) <= 100:
        message = "Must be between 1 and 100 in length."
        raise invalid_form((f"{path}description", "BASE_TYPE_BAD_LENGTH", message))
    if len(form.get("options") or ()) > 25:
        message = "Must be 25 or fewer in length."
        raise invalid_form((f"{path}options", "BASE_TYPE_MAX_LENGTH", message))


_COMMANDS: Final = "/applications/{application_id}/commands"
_GUILD_COMMANDS: Final = "/applications/{application_id}/guilds/{guild_id}/commands"
_LOCALIZED: Final = frozenset({"with_localizations"})

ROUTES: Final = (
    Route("GET", "/applications/@me", application),
    Route("GET", "/oauth2/applications/@me", application),
    *(
        route
        for base in (_COMMANDS, _GUILD_COMMANDS)
        for route in (
            Route("GET", base, list_commands, _LOCALIZED),
            Route("PUT", base, replace_commands),
            Route("POST", base, create_command),
            Route("GET", base + "/{command_id}", get_command),
            Route("PATCH", base + "/{command_id}", edit_command),
            Route("DELETE", base + "/{command_id}", delete_command),
        )
    ),
)
