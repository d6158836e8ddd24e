"""Many servers in one Discord, each with a voice channel and a member in it who can call the bot."""

from dataclasses import dataclass

from sandbox import ChannelHandle, GuildHandle, MemberActor, Sandbox


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where one call takes place."""

    guild: GuildHandle
    """The server."""
    text: ChannelHandle
    """Where commands are used."""
    lounge: ChannelHandle
    """The voice channel."""
    ada: MemberActor
    """The member in it."""


class GuildCrowd:
    """The servers of one Discord. Their number can grow, never shrink."""

    def __init__(self, discord: Sandbox) -> None:
        self.places: list[Place] = []
        """All places, oldest first."""
        self._discord = discord

    async def grow(self, count: int) -> list[Place]:
        """Add servers until there are `count`; return the new places."""
        new = [await self._add_guild(number) for number in range(len(self.places), count)]
        self.places += new
        return new

    async def _add_guild(self, number: int) -> Place:
        guild = self._discord.add_guild(f"Reading club {number}")
        place = Place(
            guild, guild.add_text_channel("general"), guild.add_voice_channel("Lounge"), guild.add_member("Ada")
        )
        await place.ada.join(place.lounge)
        return place
