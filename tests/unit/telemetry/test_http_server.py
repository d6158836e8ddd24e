import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace

import aiohttp
import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from assistant.domain.errors import PortUnavailable
from assistant.telemetry.http_server import TelemetryServer
from assistant.telemetry.metrics import Metrics
from tests.support.telemetry import FakeAssistant


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port at which somebody else listens."""
    with socket.create_server(("0.0.0.0", 0)) as other:
        yield other.getsockname()[1]


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("0.0.0.0", 0)) as nobody:
        port: int = nobody.getsockname()[1]
    return port


async def test_a_port_that_is_in_use_is_told_and_nothing_is_left(taken_port: int) -> None:
    before = asyncio.all_tasks()
    with pytest.raises(PortUnavailable) as caught:
        async with TelemetryServer("", taken_port, FakeAssistant().sources, CollectorRegistry()):
            pass
    assert caught.value.port == taken_port
    assert "in use" in str(caught.value)
    assert asyncio.all_tasks() == before


async def test_who_does_not_speak_http_is_not_logged_and_an_error_of_ours_is(caplog: pytest.LogCaptureFixture) -> None:
    port = free_port()
    sources = replace(FakeAssistant().sources, calls=lambda: 1 / 0)  # type: ignore[arg-type, return-value]
    async with TelemetryServer("", port, sources, CollectorRegistry()):
        for line in (
            b"\0\1\2\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n",
            b"GET /healthz HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(line)
            assert b"400" in await reader.readline()
            writer.close()
        assert not caplog.records
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/healthz") as response:
            assert response.status == 500
    assert "ZeroDivisionError" in caplog.text


async def test_the_status_says_whether_to_restart_and_whether_it_is_ready() -> None:
    assistant, port = FakeAssistant(), free_port()
    async with TelemetryServer("", port, assistant.sources, CollectorRegistry()), aiohttp.ClientSession() as session:

        async def status_of(path: str) -> int:
            async with session.get(f"http://127.0.0.1:{port}{path}") as response:
                return response.status

        assert [await status_of(path) for path in ("/healthz", "/readyz", "/elsewhere")] == [200, 200, 404]
        assistant.blocks, assistant.is_stopping = 100, True
        assert [await status_of(path) for path in ("/healthz", "/readyz", "/metrics")] == [503, 503, 200]


@pytest.mark.parametrize(
    ("accept", "kind"), [("text/plain", "text/plain"), ("application/openmetrics-text", "application/openmetrics-text")]
)
async def test_metrics_come_in_the_form_that_is_asked_for(accept: str, kind: str) -> None:
    metrics, port = Metrics(CollectorRegistry()), free_port()
    async with (
        TelemetryServer("", port, FakeAssistant().sources, metrics.registry),
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/metrics", headers={"Accept": accept}) as response,
    ):
        text = await response.text()
        assert response.content_type == kind
    assert text.endswith("# EOF\n") == (kind != "text/plain")
    names = {family.name for family in text_string_to_metric_families(text)}
    assert {"voice_assistant_turns", "voice_assistant_calls", "process_resident_memory_bytes"} <= names


async def test_after_the_end_nobody_listens() -> None:
    port = free_port()
    async with TelemetryServer("", port, FakeAssistant().sources, CollectorRegistry()):
        pass
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_a_connection_carries_one_request() -> None:
    port = free_port()
    async with TelemetryServer("127.0.0.1", port, FakeAssistant().sources, CollectorRegistry()):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"Connection: close" in answer


async def test_a_request_that_is_not_sent_in_time_ends_its_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.telemetry.http_server._HEADER_SECONDS", 0.1)
    port = free_port()
    async with TelemetryServer("127.0.0.1", port, FakeAssistant().sources, CollectorRegistry()):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: ")
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()
