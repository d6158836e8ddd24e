"""Routes about the application: itself, and its commands."""

from __future__ import annotations

from typing import Final

from sandbox.forms.command_form import (
    command_list_problems,
    command_problems,
    duplicate_problems,
    over_the_limit,
)
from sandbox.forms.field_rules import refuse
from sandbox.forms.option_form import shown_options
from sandbox.rest.api_request import ApiRequest, Route, RouteAnswer
from sandbox.state.changes.interaction_changes import CommandsRegistered
from sandbox.state.command import SLASH, Command
from sandbox.state.errors import ApiError, invalid_form, invalid_json, unknown
from sandbox.state.json_types import Json


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
    refuse(command_list_problems(request.body))
    _check_limit([form.get("type") or SLASH for form in request.body])
    commands = [_made(request, scope, form) for form in request.body]
    request.backend.store.apply(CommandsRegistered(scope, commands))
    return [command.to_json() for command in commands]


async def create_command(request: ApiRequest) -> RouteAnswer:
    """Register one command; one of the same name is replaced."""
    scope = _scope(request)
    refuse(command_problems(request.fields()))
    existed = request.backend.store.commands.find(
        scope, str(request.fields().get("name")), request.fields().get("type") or SLASH
    )
    command = _made(request, scope, request.fields())
    others = [each for each in request.backend.store.commands.of(scope) if each is not existed]
    _check_limit([each.kind for each in (*others, command)])
    request.backend.store.apply(CommandsRegistered(scope, [*others, command]))
    return RouteAnswer(200 if existed else 201, command.to_json())


async def get_command(request: ApiRequest) -> Json:
    """One command."""
    return _found(request).to_json()


async def edit_command(request: ApiRequest) -> Json:
    """Change one command."""
    before = _found(request)
    form = before.form | request.fields()
    others = [each.form for each in request.backend.store.commands.of(before.guild_id) if each is not before]
    refuse(command_problems(form))
    if any(duplicate_problems([*others, form])):
        raise invalid_form(("name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"))
    command = _made(request, before.guild_id, form, id_=before.id)
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


def _made(request: ApiRequest, scope: int | None, form: Json, id_: int | None = None) -> Command:
    backend = request.backend
    if form.get("options"):
        form = form | {"options": shown_options(form["options"])}
    before = backend.store.commands.find(scope, form["name"], form.get("type") or SLASH)
    if before is not None and before.form == form:
        return before
    number = id_ or (before.id if before else backend.ids())
    return Command(number, backend.ids(), backend.bot.id, scope, form)


def _check_limit(kinds: list[int]) -> None:
    limit = over_the_limit(kinds)
    if limit is not None:
        raise ApiError(400, 30032, f"Maximum number of application commands reached ({limit}).")


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
