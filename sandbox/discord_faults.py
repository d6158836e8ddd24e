"""What a test can break: REST routes, events, the gateway's connections and sessions."""

from __future__ import annotations

from typing import Any

from sandbox.gateway.event_faults import EventFaults
from sandbox.gateway.gateway_server import GatewayServer
from sandbox.gateway.opcodes import GatewayOp
from sandbox.rest.route_faults import RouteFaults


class DiscordFaults:
    """Breaks one thing at a time, as often as it is told."""

    def __init__(self, rest: RouteFaults, events: EventFaults, gateway: GatewayServer) -> None:
        self._rest = rest
        self._events = events
        self._gateway = gateway

    def fail_route(
        self,
        method: str,
        path_pattern: str,
        status: int = 500,
        *,
        times: int = 1,
        retry_after: float | None = None,
        body: Any = None,
    ) -> None:
        """Fail the next requests to a route, before it sees them.

        In the pattern `{anything}` and `*` stand for one step of the path below /api/v10, as in
        "/channels/*/messages"; `method` may be "*". With `retry_after` (seconds) and no other status the
        failure is a 429.
        """
        self._rest.fail_route(method, path_pattern, status, times=times, retry_after=retry_after, body=body)

    def block_route(
        self, method: str, path_pattern: str, status: int = 429, *, times: int = 1, retry_after: float | None = None
    ) -> None:
        """Answer the next requests to a route in Discord's place, as Cloudflare does: with a page for people."""
        self._rest.block_route(method, path_pattern, status, times=times, retry_after=retry_after)

    def set_clock(self, seconds: float) -> None:
        """Let the answers' Date be ahead by some seconds, from now on; nothing else goes by it."""
        self._rest.clock_seconds = seconds

    def delay_route(self, method: str, path_pattern: str, seconds: float, times: int = 1) -> None:
        """Let the next requests to a route lie for some seconds before it sees them."""
        self._rest.delay_route(method, path_pattern, seconds, times)

    @property
    def route_faults_left(self) -> int:
        """How many requests are still to be failed, blocked or delayed."""
        return self._rest.left

    def mend_routes(self) -> None:
        """Fail, block and delay no more requests; limits stay."""
        self._rest.mend()

    def withhold_event(self, name: str, times: int = 1) -> None:
        """Never send the next gateway events of this name, such as VOICE_SERVER_UPDATE.

        Of VOICE_STATE_UPDATE only those about the bot count.
        """
        self._events.withhold_event(name, times)

    def delay_event(self, name: str, seconds: float, times: int = 1) -> None:
        """Send the next gateway events of this name late. Later events overtake them."""
        self._events.delay_event(name, seconds, times)

    def limit_route(self, method: str, path_pattern: str, requests: int, seconds: float) -> None:
        """From now on, take so many requests in so many seconds for each path, and answer 429 to the others.

        Unlike Discord's own limits, no header tells of it: it is for what a bot could not know.
        """
        self._rest.limit_route(method, path_pattern, requests, seconds)

    async def drop_gateway(self, code: int = 4000, *, resumable: bool = True) -> None:
        """Close the bot's gateway connections. Unless `resumable`, its sessions end too."""
        for session in list(self._gateway.sessions.values()):
            if session.connection is not None:
                session.connection.close(code)
            if not resumable:
                await self._gateway.end(session)

    def freeze_gateway(self) -> None:
        """Read nothing more from the bot's gateway connections, as a server that hangs: no close is answered."""
        for session in self._gateway.sessions.values():
            if session.connection is not None:
                session.connection.freeze()

    async def invalidate_session(self) -> None:
        """Tell the bot that its sessions are over (op 9), and end them."""
        for session in list(self._gateway.sessions.values()):
            if session.connection is not None:
                session.connection.send(GatewayOp.INVALID_SESSION, False)
            await self._gateway.end(session)

    async def expire_sessions(self) -> None:
        """Give up on sessions whose connection is lost, as Discord does with a bot that died; it leaves its calls.

        Until then such a session waits to be resumed, however long that takes.
        """
        for session in list(self._gateway.sessions.values()):
            if session.connection is None:
                await self._gateway.end(session)

    def request_reconnect(self) -> None:
        """Ask the bot to reconnect and resume (op 7), as Discord does before it restarts a gateway."""
        for session in self._gateway.sessions.values():
            if session.connection is not None:
                session.connection.send(GatewayOp.RECONNECT)
