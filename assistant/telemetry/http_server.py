"""The HTTP port: /healthz, /readyz and /metrics."""

import logging
from types import TracebackType
from typing import Final, Self

from aiohttp import web
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.aiohttp import make_aiohttp_handler

from assistant.domain.errors import PortUnavailable
from assistant.telemetry.health_checks import health_of, unreadiness_of
from assistant.telemetry.sources import TelemetrySources
from assistant.telemetry.state_collector import StateCollector

_logger = logging.getLogger(__name__)

_ALL_ADDRESSES: Final = "0.0.0.0"
_GOODBYE_SECONDS: Final = 1.0
"""How long an answer that is being sent may take when the server closes."""


class TelemetryServer:
    """Answers over plain HTTP, to whoever reaches the port, while it is entered."""

    def __init__(self, port: int, sources: TelemetrySources, registry: CollectorRegistry) -> None:
        """Nothing is listened at yet.

        Args:
            port: the TCP port, on all addresses.
            observed: what is looked at.
            registry: what /metrics shows; what is read at each look is added to it.
        """
        self._port = port
        self._sources = sources
        registry.register(StateCollector(sources))
        ProcessCollector(registry=registry)
        app = web.Application()
        app.add_routes(
            [
                web.get("/healthz", self._tell_health),
                web.get("/readyz", self._tell_readiness),
                web.get("/metrics", make_aiohttp_handler(registry)),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_GOODBYE_SECONDS)

    async def __aenter__(self) -> Self:
        """Begin to listen.

        Raises:
            PortUnavailable: the port can't be listened at, mostly since another program does.
        """
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, _ALL_ADDRESSES, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise PortUnavailable(port=self._port, detail=error.strerror or str(error)) from error
        _logger.info("Listening at port %d: /healthz, /readyz, /metrics", self._port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _tell_health(self, _: web.Request) -> web.Response:
        health = health_of(self._sources)
        return web.json_response(health, status=503 if health["trouble"] else 200)

    async def _tell_readiness(self, _: web.Request) -> web.Response:
        obstacles = unreadiness_of(self._sources)
        return web.json_response({"waiting_for": obstacles}, status=503 if obstacles else 200)
