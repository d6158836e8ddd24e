"""The sandbox's voice server in a process of its own, with a listener in each call; it reads headers only.

{"open": 50} admits the bot to fifty calls and answers with where they are; {"mark": true} begins a measurement, and
{"measure": true} answers with how the frames came since.
"""

import asyncio
from collections.abc import Set
from typing import Any, Final

from bench.common.frame_pacing import pacing_of
from bench.media_process.json_process import reply, requests
from bench.media_process.spoken_turns import Distances, turns_in
from sandbox.voice import Listening, VoiceServer

_BOT: Final = 900
_MEMBER: Final = 101


class Calls:
    """The calls of all measurements: each has new ones."""

    def __init__(self, server: VoiceServer) -> None:
        self._server = server
        self._opened = 0
        self._channels: list[int] = []
        self._starts: list[int] = []

    def open(self, count: int) -> dict[str, Any]:
        """Admit the bot to new calls, in each of which a member sits."""
        first, self._opened = self._opened + 1, self._opened + count
        self._channels = [*range(first, first + count)]
        self.mark()
        return {"ca_file": str(self._server.ca_file), "servers": [self._admit(channel) for channel in self._channels]}

    def mark(self) -> dict[str, Any]:
        """Measure from now on."""
        self._starts = [len(self._server.call(channel).headers) for channel in self._channels]
        return {}

    def measure(self, busy_seconds: Set[int]) -> dict[str, Any]:
        """How the frames came since the mark: all of them, and those of the other seconds; and how many are missing."""
        logs = [self._server.call(channel).headers for channel in self._channels]
        turns = [turn for log, start in zip(logs, self._starts, strict=True) for turn in turns_in(log, start)]
        return {
            "all": Distances.of(turns).counts,
            "quiet": Distances.of(turns, busy_seconds).counts,
            "lost": pacing_of(turns).lost,
        }

    def _admit(self, channel: int) -> dict[str, Any]:
        guild = 1_000_000 + channel
        self._server.member_joined(channel, _MEMBER)
        token = self._server.expect(guild_id=guild, channel_id=channel, user_id=_BOT, session_id="session")
        return {
            "user_id": _BOT,
            "server_id": guild,
            "channel_id": channel,
            "session_id": "session",
            "token": token,
            "endpoint": self._server.endpoint,
        }


async def _main() -> None:
    async with VoiceServer(listening=Listening.HEADERS, missed_heartbeats=None) as server:
        calls = Calls(server)
        async for request in requests():
            match request:
                case {"open": count}:
                    reply(calls.open(count))
                case {"mark": True}:
                    reply(calls.mark())
                case {"measure": busy_seconds}:
                    reply(calls.measure({*busy_seconds}))


if __name__ == "__main__":
    asyncio.run(_main())
