"""The HTTP server for /healthz, /readyz and /metrics."""

import logging
from types import TracebackType
from typing import Final, Self

from aiohttp import web
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.aiohttp import make_aiohttp_handler

from assistant.domain.errors import PortUnavailable
from assistant.telemetry.health_checks import health_of, unready_reasons
from assistant.telemetry.sources import TelemetrySources
from assistant.telemetry.state_collector import StateCollector

_logger = logging.getLogger(__name__)

_ALL_ADDRESSES: Final = "0.0.0.0"
_GOODBYE_SECONDS: Final = 1.0
"""How long unfinished responses may take when the server closes."""


class TelemetryServer:
    """Serves plain HTTP, without authentication, inside its `async with`."""

    def __init__(self, port: int, sources: TelemetrySources, registry: CollectorRegistry) -> None:
        """Opens no port yet.

        Args:
            port: the TCP port, on all addresses.
            sources: the parts of the assistant that are shown.
            registry: the metrics of /metrics; those that are read at each scrape are added to it.
        """
        self._port = port
        self._sources = sources
        registry.register(StateCollector(sources))
        ProcessCollector(registry=registry)
        app = web.Application()
        app.add_routes(
            [
                web.get("/healthz", self._serve_health),
                web.get("/readyz", self._serve_readiness),
                web.get("/metrics", make_aiohttp_handler(registry)),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_GOODBYE_SECONDS)

    async def __aenter__(self) -> Self:
        """Open the port.

        Raises:
            PortUnavailable: the port is taken or not allowed.
        """
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, _ALL_ADDRESSES, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise PortUnavailable(port=self._port, detail=error.strerror or str(error)) from error
        _logger.info("Serving /healthz, /readyz and /metrics on port %d", self._port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _serve_health(self, _: web.Request) -> web.Response:
        health = health_of(self._sources)
        return web.json_response(health, status=503 if health["problems"] else 200)

    async def _serve_readiness(self, _: web.Request) -> web.Response:
        reasons = unready_reasons(self._sources)
        return web.json_response({"waiting_for": reasons}, status=503 if reasons else 200)
