"""What goes wrong, once it is ordered."""

from __future__ import annotations

from sandbox.actions.channel_handle import ChannelHandle
from sandbox.control.request_reader import call_of, within
from sandbox.loopback_discord import Sandbox


class FaultControls:
    """The routes about faults of REST, the gateway and voice."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._discord = sandbox.faults
        self._voice = sandbox.voice.faults

    async def close_voice(self, channel: ChannelHandle, code: int = 4006) -> None:
        """Close the voice connections of a call with this code."""
        await self._voice.close(call_of(channel).channel_id, _close_code(code))

    async def abort_voice(self, channel: ChannelHandle) -> None:
        """Drop the voice connections of a call without a close frame."""
        self._voice.abort(call_of(channel).channel_id)

    async def freeze_voice(self, channel: ChannelHandle) -> None:
        """Read nothing more from the voice connections of a call."""
        self._voice.freeze(call_of(channel).channel_id)

    async def refuse_voice(self, times: int = 2) -> None:
        """Drop the next voice connections before they are websockets."""
        self._voice.refuse_connections(_times(times))

    async def lose_datagrams(self, fraction: float, seed: int = 0) -> None:
        """Lose that part of all UDP, both ways, from now on: 1 is all of it, 0 heals."""
        self._voice.lose_datagrams(fraction, seed)

    async def drop_gateway(self, code: int = 4000, resumable: bool = True) -> None:
        """Close the bot's gateway connections with this code."""
        await self._discord.drop_gateway(_close_code(code), resumable=resumable)

    async def freeze_gateway(self) -> None:
        """Read nothing more from the bot's gateway connections."""
        self._discord.freeze_gateway()

    async def invalidate_session(self) -> None:
        """Tell the bot that its sessions are over (op 9)."""
        await self._discord.invalidate_session()

    async def request_reconnect(self) -> None:
        """Ask the bot to reconnect and resume (op 7)."""
        self._discord.request_reconnect()

    async def delay_event(self, name: str, seconds: float, times: int = 1) -> None:
        """Send the next gateway events of this name late."""
        self._discord.delay_event(name, _seconds(seconds), _times(times))

    async def withhold_event(self, name: str, times: int = 1) -> None:
        """Never send the next gateway events of this name."""
        self._discord.withhold_event(name, _times(times))

    async def fail_route(
        self, method: str, path: str, status: int = 500, times: int = 1, retry_after: float | None = None
    ) -> None:
        """Fail the next requests to a route; in `path`, * stands for one step."""
        self._discord.fail_route(
            method, path, within("status", status, 400, 599), times=_times(times), retry_after=retry_after
        )

    async def delay_route(self, method: str, path: str, seconds: float, times: int = 1) -> None:
        """Let the next requests to a route lie for some seconds."""
        self._discord.delay_route(method, path, _seconds(seconds), _times(times))

    async def mend_routes(self) -> None:
        """Fail and delay no more requests."""
        self._discord.mend_routes()


def _close_code(code: int) -> int:
    """A code that a close frame may have (RFC 6455, 7.4.2)."""
    return within("code", code, 3000, 4999)


def _times(times: int) -> int:
    return within("times", times, 1, 1000)


def _seconds(seconds: float) -> float:
    return within("seconds", seconds, 0, 3600)
