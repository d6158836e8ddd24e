"""The HTTP server for /healthz, /readyz and /metrics."""

import logging
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Final, Self

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.aiohttp import make_aiohttp_handler

from assistant.domain.errors import PortUnavailable
from assistant.telemetry.bounded_listener import BoundedListener
from assistant.telemetry.health_checks import health_of, unready_reasons
from assistant.telemetry.sources import TelemetrySources
from assistant.telemetry.state_collector import StateCollector

_logger = logging.getLogger(__name__)

_HEADER_SECONDS: Final = 5.0
"""How long a client may take to send a request."""
_GOODBYE_SECONDS: Final = 1.0
"""How long unfinished responses may take when the server closes."""


class TelemetryServer:
    """Serves plain HTTP, without authentication, inside its `async with`. A connection carries one request."""

    def __init__(self, address: str, port: int, sources: TelemetrySources, registry: CollectorRegistry) -> None:
        """Opens no port yet.

        Args:
            address: an IP address of this machine; empty for all of them, IPv4 and IPv6.
            port: the TCP port.
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
        app.on_response_prepare.append(_close_after)
        self._runner = web.AppRunner(
            app,
            access_log=None,
            logger=_request_logger(),
            shutdown_timeout=_GOODBYE_SECONDS,
            keepalive_timeout=_HEADER_SECONDS,
        )
        self._open = AsyncExitStack()
        self._address = address

    async def __aenter__(self) -> Self:
        """Open the port.

        Raises:
            PortUnavailable: the port is taken or not allowed.
        """
        async with AsyncExitStack() as opening:
            await self._runner.setup()
            opening.push_async_callback(self._runner.cleanup)
            server = self._runner.server
            assert server is not None  # it is set up
            try:
                await opening.enter_async_context(BoundedListener(self._address, self._port, server))
            except OSError as error:
                raise PortUnavailable(port=self._port, detail=error.strerror or str(error)) from error
            self._open = opening.pop_all()
        _logger.info("Serving /healthz, /readyz and /metrics on port %d", self._port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    async def _serve_health(self, _: web.Request) -> web.Response:
        health = health_of(self._sources)
        return web.json_response(health, status=503 if health["problems"] else 200)

    async def _serve_readiness(self, _: web.Request) -> web.Response:
        reasons = unready_reasons(self._sources)
        return web.json_response({"waiting_for": reasons}, status=503 if reasons else 200)


def _request_logger() -> logging.Logger:
    """Logs what goes wrong in our handlers, but not that a stranger speaks no HTTP, which is answered with 400."""
    logger = logging.getLogger(f"{__name__}.requests")
    logger.addFilter(_is_ours)
    return logger


def _is_ours(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


async def _close_after(_: web.Request, response: web.StreamResponse) -> None:
    response.headers["Connection"] = "close"
    response.force_close()
