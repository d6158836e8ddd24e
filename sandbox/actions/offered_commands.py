"""The command that a human finds under a name."""

from __future__ import annotations

from sandbox.state.channel import Channel
from sandbox.state.command import Command
from sandbox.state.errors import NotOffered
from sandbox.state.member import Member
from sandbox.state.permissions import Permission
from sandbox.state.store import Store


async def offered_command(
    store: Store, name: str, kind: int, member: Member, channel: Channel, *, timeout: float
) -> Command:
    """The command of a kind that Discord would offer here; the bot has `timeout` seconds to register it.

    Raises:
        NotOffered: there is none, or not for this member in this place.
    """
    guild = channel.guild
    try:
        command = await store.changes.wait_for(lambda: store.commands.offered(guild.id, name, kind), timeout)
    except TimeoutError:
        raise NotOffered(f"the bot has registered no command /{name} for {guild.name!r}") from None
    if store.bot_member(guild) is None:
        raise NotOffered(f"the bot is not in {guild.name!r} any more")
    _check(command, member, channel)
    return command


def _check(command: Command, member: Member, channel: Channel) -> None:
    held = member.permissions_in(channel)
    if not held & Permission.use_application_commands:
        raise NotOffered(f"{member.name} may not use commands in #{channel.name}")
    needed = None if channel.is_direct else command.form.get("default_member_permissions")
    if needed is not None and (int(needed) & ~int(held) or not int(needed)):
        raise NotOffered(f"/{command.name} is hidden from {member.name}: it needs the permissions {needed}")
    contexts = command.form.get("contexts")
    if contexts is None and command.form.get("dm_permission") is False:
        contexts = [0]
    if contexts is not None and channel.interaction_context not in contexts:
        raise NotOffered(f"/{command.name} is not offered in {'direct messages' if channel.is_direct else 'guilds'}")
