"""What the world does to a call, as buttons: some things happen once, others last until they are taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sandbox.actions.channel_handle import ChannelHandle
from sandbox.actions.guild_handle import GuildHandle
from sandbox.loopback_discord import Sandbox
from sandbox.playground.backstage import Backstage
from sandbox.standins.faults import Status
from sandbox.state.channel import Channel
from sandbox.state.json_types import Json

_SESSION_INVALID: Final = 4006
_MODEL_STATUS: Final = 500
_GOOGLE_STATUS: Final = 429


@dataclass(frozen=True, slots=True)
class Fault:
    """One button."""

    label: str
    """What stands on it."""
    hint: str
    """What to look out for."""
    happens: Callable[[bool], Awaitable[None]]
    """Does it; given False, takes it back."""
    lasts: bool = False
    """Whether it is so until it is taken back."""


class FaultPanel:
    """The faults that there are for one guild's call."""

    def __init__(self, discord: Sandbox, guild: GuildHandle, backstage: Backstage) -> None:
        self._voice = discord.voice
        self._guild = guild
        self._backstage = backstage
        self._happening: dict[str, asyncio.Task[None]] = {}
        self._lasting: set[str] = set()
        self._faults: Mapping[str, Fault] = {
            "close_4006": Fault("Close 4006", "Discord drops the voice session. She is back in no time.", self._close),
            "kick": Fault("Kick", "A moderator disconnects her: the call ends, and she says why.", self._kick),
            "move": Fault("Move", "A moderator drags her into another channel. Follow her.", self._move),
            **self._faults_of_bot(),
            "lose_udp": Fault("Lose UDP", "No sound arrives, either way, until it is pressed again.", self._udp, True),
            **self._faults_of_services(),
        }

    def view(self) -> list[Json]:
        """The buttons."""
        return [
            {
                "name": name,
                "label": fault.label,
                "hint": fault.hint,
                "lasts": fault.lasts,
                "on": name in self._lasting,
                "busy": name in self._happening,
            }
            for name, fault in self._faults.items()
        ]

    async def press(self, name: str) -> None:
        """Let something happen, or take back what lasts. It goes on though the page that asked for it is closed.

        Raises:
            ValueError: there is no such fault, it is happening already, or nothing is there for it to happen to.
            NotAllowed: the same, as Discord has it.
        """
        fault = self._faults.get(name)
        if fault is None:
            raise ValueError(f"nothing here is called {name!r}")
        if name in self._happening:
            raise ValueError("That is happening already.")
        self._happening[name] = asyncio.create_task(self._happen(name, fault))
        await asyncio.shield(self._happening[name])

    async def stop(self) -> None:
        """End what is happening."""
        for task in self._happening.values():
            task.cancel()
        await asyncio.gather(*self._happening.values(), return_exceptions=True)

    async def _happen(self, name: str, fault: Fault) -> None:
        begins = name not in self._lasting
        try:
            await fault.happens(begins)
        finally:
            del self._happening[name]
        if fault.lasts:
            (self._lasting.add if begins else self._lasting.discard)(name)

    def _faults_of_bot(self) -> dict[str, Fault]:
        bot = self._backstage.bot
        if bot is None:
            return {}

        async def restart(_: bool) -> None:
            await bot.restart()

        async def kill(_: bool) -> None:
            await bot.restart(kills=True)

        return {
            "restart_bot": Fault(
                "Restart the bot", "As for an update: the next process goes on with the call.", restart
            ),
            "kill_bot": Fault("Kill the bot", "As by a crash, and its host starts it again. The call goes on.", kill),
        }

    def _faults_of_services(self) -> dict[str, Fault]:
        faults: dict[str, Fault] = {}
        if model := self._backstage.model:

            async def fail(begins: bool) -> None:
                model.outage = Status(_MODEL_STATUS) if begins else None

            faults["model_fails"] = Fault("Model fails", "The model answers 500. She says so, and stays.", fail, True)
        if google := self._backstage.google:

            async def refuse(begins: bool) -> None:
                google.outage = Status(_GOOGLE_STATUS) if begins else None

            faults["google_refuses"] = Fault(
                "Google refuses", "Google's speech answers 429. The offline voice speaks.", refuse, True
            )
        return faults

    async def _close(self, _: bool) -> None:
        await self._voice.faults.close(self._channel().id, _SESSION_INVALID)

    async def _kick(self, _: bool) -> None:
        self._channel()
        await self._guild.disconnect_bot()

    async def _move(self, _: bool) -> None:
        here = self._channel()
        channels = [each for each in self._guild.backend.store.channels_of(self._guild.guild).values() if each.is_voice]
        others = [*channels[channels.index(here) + 1 :], *channels[: channels.index(here)]]
        if not others:
            raise ValueError("There is no other voice channel.")
        await self._guild.move_bot(ChannelHandle(others[0], self._guild.backend))

    async def _udp(self, begins: bool) -> None:
        self._voice.faults.lose_datagrams(1.0 if begins else 0.0)

    def _channel(self) -> Channel:
        voice = self._guild.bot_voice
        if voice is None or voice.channel is None:
            raise ValueError("The bot is in no call.")
        return voice.channel
