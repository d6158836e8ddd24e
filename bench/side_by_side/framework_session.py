"""A framework for spoken conversation, which makes no calls on Discord: it gets a text and answers with sound.

Between it and this process is a websocket: pipecat's own transport, or one in place of livekit's room.
"""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import aiohttp

from bench.common.process_usage import ProcessUsage, usage_with_children
from bench.side_by_side.contender import Contender
from bench.side_by_side.rival_environment import RivalProcess
from bench.side_by_side.same_services import USUAL_PACE, Encoded, SameServices, open_services
from sandbox.tools.bot_process import BotProcess

_WAIT_SECONDS: Final = 60.0
_QUIET_SECONDS: Final = 1.2
_LOOK_SECONDS: Final = 0.05
_BYTES_A_SECOND: Final = 48_000
"""24,000 samples of 16 bits."""


@dataclass(frozen=True, slots=True)
class SentSound:
    """The sound of one answer, as it came through the websocket."""

    typed: float
    """When the text was sent, in seconds of `time.monotonic`, as are the following."""
    arrivals: list[float] = field(default_factory=list)
    """When each piece of sound came, apart from silence."""
    seconds: list[float] = field(default_factory=list)
    """How long each is."""

    @property
    def first_sound(self) -> float:
        """Seconds from the text to the first sound."""
        return self.arrivals[0] - self.typed


@dataclass(frozen=True, kw_only=True)
class FrameworkSession(SameServices):
    """One session."""

    process: BotProcess
    """Its process."""
    websocket: aiohttp.ClientWebSocketResponse
    """What leads to it."""

    @property
    def usage(self) -> ProcessUsage:
        """What it uses now, with the processes that it has started."""
        return usage_with_children(self.process.process_id)

    async def ask(self) -> SentSound:
        """Send a text; return when the answer was heard to its end.

        Raises:
            TimeoutError: there is none, or it does not end.
        """
        heard = SentSound(time.monotonic())
        await self.websocket.send_str("talk")
        async with asyncio.timeout(_WAIT_SECONDS):
            while not heard.arrivals or time.monotonic() < heard.arrivals[-1] + _QUIET_SECONDS:
                try:
                    async with asyncio.timeout(_QUIET_SECONDS if heard.arrivals else _WAIT_SECONDS):
                        sound = await self.websocket.receive_bytes()
                except TimeoutError:
                    continue
                if any(sound):
                    heard.arrivals.append(time.monotonic())
                    heard.seconds.append(len(sound) / _BYTES_A_SECOND)
        return heard


@asynccontextmanager
async def open_framework_session(
    contender: Contender,
    folder: Path,
    answer: Callable[[int], str],
    encoded: Encoded,
) -> AsyncIterator[FrameworkSession]:
    """Start a framework with a session; the rest is as in `open_contender_test_bed`.

    Raises:
        TimeoutError: it does not start; its log is in a note.
    """
    port = _free_port()
    async with open_services(answer, encoded, USUAL_PACE) as services, aiohttp.ClientSession() as client:
        environment = services.rival_variables | {"PORT": str(port)}
        async with RivalProcess(contender.program, environment, folder / "bot.log") as process:
            try:
                async with asyncio.timeout(_WAIT_SECONDS):
                    websocket = await _connect(client, f"ws://127.0.0.1:{port}/")
            except TimeoutError as error:
                error.add_note(process.log)
                raise
            async with websocket:
                yield FrameworkSession(
                    model=services.model,
                    google=services.google,
                    hosted=services.hosted,
                    process=process,
                    websocket=websocket,
                )


async def _connect(client: aiohttp.ClientSession, url: str) -> aiohttp.ClientWebSocketResponse:
    while True:
        try:
            return await client.ws_connect(url)
        except aiohttp.ClientConnectionError:  # it does not listen yet
            await asyncio.sleep(_LOOK_SECONDS)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
