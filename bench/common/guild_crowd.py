"""Many servers in one Discord, each with a voice channel, and a member in it who calls the bot."""

from dataclasses import dataclass

from sandbox import ChannelHandle, GuildHandle, MemberActor, Sandbox


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where one call is."""

    guild: GuildHandle
    """The server."""
    text: ChannelHandle
    """Where commands are used."""
    lounge: ChannelHandle
    """The voice channel."""
    ada: MemberActor
    """Who is in it."""


class Crowd:
    """The places of a Discord. There can be more of them, never fewer."""

    def __init__(self, discord: Sandbox) -> None:
        self.places: list[Place] = []
        """All places, oldest first."""
        self._discord = discord

    async def grow(self, count: int) -> list[Place]:
        """Have `count` places; return those that are new."""
        new = [await self._found(number) for number in range(len(self.places), count)]
        self.places += new
        return new

    async def _found(self, number: int) -> Place:
        guild = self._discord.add_guild(f"Reading club {number}")
        place = Place(
            guild, guild.add_text_channel("general"), guild.add_voice_channel("Lounge"), guild.add_member("Ada")
        )
        await place.ada.join(place.lounge)
        return place
