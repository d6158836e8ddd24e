"""The names of a guild's members, roles and channels."""

import discord

from assistant.text.normalization.discord_markup import Kind, Names


def mention_names(guild: discord.Guild | None) -> Names:
    """Return a lookup of the names that Discord shows in `guild`; None for unknown ids, and without a guild."""

    def name_of(kind: Kind, number: int) -> str | None:
        if guild is None:
            return None
        if kind == "user":
            member = guild.get_member(number)
            return member.display_name if member else None
        found = guild.get_role(number) if kind == "role" else guild.get_channel_or_thread(number)
        return found.name if found else None

    return name_of
