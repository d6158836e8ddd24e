"""Many servers in one Discord, each with a voice channel and a member in it who can call the bot."""

import asyncio
from dataclasses import dataclass
from typing import Final

from sandbox import ChannelHandle, GuildHandle, MemberActor, Sandbox
from sandbox.state.message import Message

_AT_ONCE: Final = 8
"""How many members call the bot at a time."""
_JOIN_SECONDS: Final = 120.0


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

    async def start_calls(self, count: int) -> None:
        """Start calls until there are `count`, each in a server of its own.

        Raises:
            ExceptionGroup: the bot does not join one of them in time.
        """
        free = asyncio.Semaphore(_AT_ONCE)

        async def call(place: Place) -> None:
            async with free:
                await place.ada.command("voice_chat", place.text)
                await place.text.wait_for_message(_says_it_has_joined, _JOIN_SECONDS)

        async with asyncio.TaskGroup() as calling:
            for place in await self.grow(count):
                calling.create_task(call(place))

    async def _add_guild(self, number: int) -> Place:
        guild = self._discord.add_guild(f"Reading club {number}")
        place = Place(
            guild, guild.add_text_channel("general"), guild.add_voice_channel("Lounge"), guild.add_member("Ada")
        )
        await place.ada.join(place.lounge)
        return place


def _says_it_has_joined(message: Message) -> bool:
    return message.author.bot and ("** is in " in message.content or "I am in the call" in message.content)
