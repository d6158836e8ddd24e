"""Channels as a bot in them sees them: its own voice state, and what it may do there."""

from types import SimpleNamespace
from typing import Any, cast

import discord

from tests.support.fake_text import response


class Me:
    """Our member, who does on the stage what it may."""

    def __init__(self) -> None:
        self.voice: Any = SimpleNamespace(mute=False, suppress=False, requested_to_speak_at=None)
        self.done: list[str] = []
        self.is_refused = False

    async def edit(self, *, suppress: bool) -> None:
        self.done.append("up")
        if self.is_refused:
            raise discord.Forbidden(response(403), "Missing Permissions")
        self.voice.suppress = suppress

    async def request_to_speak(self) -> None:
        self.done.append("hand")
        self.voice.requested_to_speak_at = "now"


class Place(discord.VoiceChannel):
    """A voice channel, and what we may do there."""

    def __init__(self, **rights: bool) -> None:
        self.name = "Lounge"
        self.id = 7
        self.me = Me()
        self.me.voice.channel = self
        self.guild = cast(Any, SimpleNamespace(me=self.me, afk_channel=None))
        self.rights = SimpleNamespace(
            **{"view_channel": True, "connect": True, "speak": True, "mute_members": False, "request_to_speak": False}
            | rights
        )

    def permissions_for(self, obj: Any, /) -> Any:
        return self.rights


class Stage(discord.StageChannel):
    """A stage; whoever comes in is in its audience."""

    def __init__(self, **rights: bool) -> None:
        Place.__init__(cast(Any, self), **rights)
        self.me: Me = self.guild.me  # type: ignore[assignment] # it is ours
        self.me.voice.suppress = True

    permissions_for = Place.permissions_for
