"""The people whom pages play: each has a member of the guild, and is there as long as a page of theirs is open."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Final, Protocol

from sandbox.actions.guild_handle import GuildHandle
from sandbox.actions.member_actor import MemberActor
from sandbox.playground.microphone_feed import MicrophoneFeed
from sandbox.state.channel import Channel
from sandbox.state.errors import NotAllowed
from sandbox.voice import LiveSound

_logger = logging.getLogger(__name__)

RELOAD_SECONDS: Final = 5.0
"""How long somebody without a page stays in the call: reloading one takes less."""
_LONGEST_NAME: Final = 32
_MOST_PEOPLE: Final = 20


class SoundTaker(Protocol):
    """A page, as those see it who are heard there."""

    def take_sound(self, user_id: int, opus: bytes, arrived: float) -> None:
        """Somebody in the person's voice channel said 20 ms; `arrived` is in milliseconds since 1970."""


class Person:
    """Somebody with one or more pages, and one microphone."""

    def __init__(self, actor: MemberActor, reload_seconds: float) -> None:
        self.actor = actor
        """The member."""
        self.feed = MicrophoneFeed()
        """What their microphone hears."""
        self.pages: set[SoundTaker] = set()
        """Their open pages."""
        self._reload_seconds = reload_seconds
        self._leaving: asyncio.TimerHandle | None = None
        self._talking: asyncio.Task[None] | None = None

    @property
    def channel(self) -> Channel | None:
        """The voice channel that they are in; None: none."""
        voice = self.actor.voice
        return voice.channel if voice is not None else None

    def open(self, page: SoundTaker) -> None:
        """A page of theirs is open."""
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        self.pages.add(page)
        if self._talking is None:
            self._talking = asyncio.create_task(self._talk())

    def close(self, page: SoundTaker) -> None:
        """A page of theirs is gone. After the last one they leave the call, unless another one opens soon."""
        self.pages.discard(page)
        if not self.pages:
            self._leaving = asyncio.get_running_loop().call_later(self._reload_seconds, self._leave)

    async def stop(self) -> None:
        """Nothing more is waited for."""
        if self._leaving is not None:
            self._leaving.cancel()
        if self._talking is not None:
            self._talking.cancel()
            await asyncio.gather(self._talking, return_exceptions=True)

    def _leave(self) -> None:
        self.actor.backend.voice_states.human_leaves(self.actor.member)

    async def _talk(self) -> None:
        """Speak what the microphone hears, in whichever call they are."""
        changes = self.actor.backend.store.changes
        while True:
            await changes.wait_for(lambda: self._can_speak() or None, timeout=None)
            try:
                await self.actor.speak(LiveSound(self.feed.frames()))
            except NotAllowed:
                _logger.debug("%s left before they could say anything", self.actor.name)

    def _can_speak(self) -> bool:
        voice = self.actor.voice
        return voice is not None and voice.channel is not None and not voice.suppress


class People:
    """All who are played, by their user id."""

    def __init__(self, guild: GuildHandle, reload_seconds: float) -> None:
        """Whoever has no page for `reload_seconds` leaves their call."""
        self._guild = guild
        self._reload_seconds = reload_seconds
        self._people: dict[int, Person] = {}

    def add(self, who: str | MemberActor) -> Person:
        """Somebody new of this name, or a member who is there.

        Raises:
            ValueError: the name is empty, too long or taken, or there are too many people.
        """
        if isinstance(who, str):
            who = self._join(who.strip())
        return self._people.setdefault(who.id, Person(who, self._reload_seconds))

    def find(self, user_id: int) -> Person | None:
        """Who has this user id."""
        return self._people.get(user_id)

    @property
    def all(self) -> Sequence[Person]:
        """All of them."""
        return tuple(self._people.values())

    @property
    def first(self) -> Person:
        """Who a page plays that names nobody."""
        return next(iter(self._people.values()))

    def say(self, speaker: Person, opus: bytes, arrived: float) -> None:
        """Let everybody else in the speaker's call hear 20 ms of them."""
        channel, voice = speaker.channel, speaker.actor.voice
        if channel is None or voice is None or voice.self_mute or voice.member.mute or voice.suppress:
            return
        for person in self._people.values():
            if person is not speaker and person.channel is channel:
                for page in person.pages:
                    page.take_sound(speaker.actor.id, opus, arrived)

    async def stop(self) -> None:
        """All of them are gone."""
        for person in self._people.values():
            await person.stop()

    def _join(self, name: str) -> MemberActor:
        members = self._guild.backend.store.members_of(self._guild.guild).values()
        if not 1 <= len(name) <= _LONGEST_NAME:
            raise ValueError(f"A name has 1 to {_LONGEST_NAME} characters.")
        if name.casefold() in {member.name.casefold() for member in members}:
            raise ValueError(f"There is a {name} already.")
        if len(self._people) >= _MOST_PEOPLE:
            raise ValueError(f"{_MOST_PEOPLE} people are enough.")
        return self._guild.add_member(name)
