"""Whom a message pings: what is written in it, less what allowed_mentions forbids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from sandbox.forms.field_rules import Problem, ids, refuse, switch, within
from sandbox.state.channel import Channel
from sandbox.state.errors import invalid_form
from sandbox.state.json_types import Json
from sandbox.state.member import Member
from sandbox.state.message import Message
from sandbox.state.message_parts import Mentions
from sandbox.state.permissions import Permission

_USER: Final = re.compile(r"<@!?(\d+)>")
_ROLE: Final = re.compile(r"<@&(\d+)>")
_EVERYONE: Final = re.compile(r"@(everyone|here)\b")
_MAX_NAMED: Final = 100


def resolve(
    author: Member,
    channel: Channel,
    content: str,
    allowed: Json | None,
    reply_to: Message | None,
    *,
    members: Mapping[int, Member],
) -> Mentions:
    """Whom `author`'s message pings, of a guild's `members` by id.

    https://discord.com/developers/docs/resources/message#allowed-mentions-object. Roles in the sandbox are
    not mentionable, so they and @everyone take the permission to mention everyone.
    """
    parse = set(allowed.get("parse") or ()) if allowed is not None else {"users", "roles", "everyone"}
    named_users = {int(each) for each in (allowed or {}).get("users") or ()}
    named_roles = {int(each) for each in (allowed or {}).get("roles") or ()}
    everyone_may = author.may(channel, Permission.mention_everyone)
    result = Mentions()
    if reply_to is not None and (allowed is None or allowed.get("replied_user")):
        result.users.append(reply_to.author)
    for user_id in map(int, _USER.findall(content)):
        member = members.get(user_id)
        if member and member.user not in result.users and ("users" in parse or user_id in named_users):
            result.users.append(member.user)
    for role_id in map(int, _ROLE.findall(content)):
        role = channel.guild.roles.get(role_id)
        wanted = "roles" in parse or role_id in named_roles
        if role and role not in result.roles and wanted and everyone_may:
            result.roles.append(role)
    result.everyone = "everyone" in parse and everyone_may and bool(_EVERYONE.search(content))
    return result


def check(allowed: object) -> None:
    """Refuse what Discord refuses in an allowed_mentions object.

    Raises:
        ApiError: 50035.
    """
    if allowed is None:
        return
    if not isinstance(allowed, dict):
        raise invalid_form(("allowed_mentions", "MODEL_TYPE_CONVERT", "Only dictionaries may be used"))
    refuse(within("allowed_mentions", _shape_problems(allowed)))
    parse = allowed.get("parse") or []
    for index, kind in enumerate(parse):
        if kind not in ("users", "roles", "everyone"):
            problem = "Value must be one of ('users', 'everyone', 'roles')."
            raise invalid_form((f"allowed_mentions.parse.{index}", "BASE_TYPE_CHOICES", problem))
    for kind in ("users", "roles"):
        if kind in parse and allowed.get(kind):
            problem = f"parse:[{kind!r}] and {kind}: [ids...] are mutually exclusive."
            raise invalid_form(("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", problem))


def _shape_problems(allowed: Json) -> Iterator[Problem]:
    if not isinstance(allowed.get("parse"), list | None):
        yield "parse", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"
    for key in ("users", "roles"):
        yield from ids(allowed, key, 0, _MAX_NAMED)
    yield from switch(allowed, "replied_user")
