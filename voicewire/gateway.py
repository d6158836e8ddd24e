"""The websocket of a voice connection: reads, writes and keeps it alive, and says how it ended.

Source: https://discord.com/developers/docs/topics/voice-connections. What messages mean is the session's business.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

import aiohttp

from voicewire.ending import BROKEN, EndCause, Ending
from voicewire.heartbeat import Heartbeat
from voicewire.messages import (
    GatewayMessage,
    MalformedMessage,
    build_binary,
    build_text,
    parse_binary,
    parse_text,
)
from voicewire.opcodes import VoiceOp

_logger = logging.getLogger(__name__)

_MOST_UNSENT: Final = 256
"""So many messages wait at most to be written; a server that takes none is lost."""
_CLOSE_SECONDS: Final = 0.5
"""How long the closing handshake may take. Nothing depends on it but the code that the server notes."""
_LARGEST_MESSAGE: Final = 1 << 20
_ENDED: Final = (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)


class VoiceGateway:
    """One websocket after the other; what outlives a websocket is the number of the last message that came."""

    def __init__(
        self, heartbeat: Heartbeat, handle: Callable[[GatewayMessage], None], on_end: Callable[[Ending], None]
    ) -> None:
        """`handle` is called with each message but answers to heartbeats. When it raises, the websocket ends.

        `on_end` is called as soon as a websocket is over, before it is closed.
        """
        self._heartbeat = heartbeat
        self._handle = handle
        self._on_end = on_end
        self._unsent: asyncio.Queue[str | bytes] = asyncio.Queue()
        self._over: asyncio.Future[Ending] | None = None
        self._greeted = asyncio.Event()
        self.is_open = False
        """Whether there is a websocket, which `end` ends."""
        self.sequence = -1
        """The number of the last numbered message that came; -1 before the first."""
        self.malformed = 0
        """How many messages were not as documented, and ignored."""

    async def serve(self, url: str, http: aiohttp.ClientSession, greeting: tuple[VoiceOp, Mapping[str, Any]]) -> Ending:
        """Open a websocket, say the greeting, and serve it until it is over; returns how it ended.

        The session is closed, too.
        """
        self._over = asyncio.get_running_loop().create_future()
        self._unsent = asyncio.Queue(_MOST_UNSENT)
        self._greeted.clear()
        self.post(*greeting)
        try:
            async with http:
                websocket = await http.ws_connect(url, autoclose=False, max_msg_size=_LARGEST_MESSAGE, compress=0)
                self.is_open = True
                return await self._serve(websocket, self._over)
        except (OSError, aiohttp.ClientError) as error:
            return Ending(cause=EndCause.NO_ANSWER, detail=str(error) or repr(error))
        finally:
            self.is_open = False

    def post(self, op: VoiceOp, data: Mapping[str, Any]) -> None:
        """Send a message of JSON."""
        self._post(build_text(op, data))

    def post_binary(self, op: VoiceOp, data: bytes) -> None:
        """Send a binary message."""
        self._post(build_binary(op, data))

    def end(self, ending: Ending) -> None:
        """End the websocket; the first ending counts."""
        if self._over is not None and not self._over.done():
            self._over.set_result(ending)
            self._on_end(ending)

    def greeted(self, interval: float) -> None:
        """Op 8: the server wants a heartbeat every `interval` seconds."""
        self._heartbeat.begin(interval)
        self._greeted.set()

    def _post(self, message: str | bytes) -> None:
        try:
            self._unsent.put_nowait(message)
        except asyncio.QueueFull:
            self.end(Ending(cause=EndCause.HEARTBEATS_UNANSWERED, detail="the server reads nothing"))

    async def _serve(self, websocket: aiohttp.ClientWebSocketResponse, over: asyncio.Future[Ending]) -> Ending:
        async with asyncio.TaskGroup() as tasks:
            jobs = [
                tasks.create_task(self._read(websocket)),
                tasks.create_task(self._write(websocket)),
                tasks.create_task(self._beat()),
            ]
            try:
                return await asyncio.shield(over)
            finally:
                # Closed while it is still read: a reader that is cancelled first keeps aiohttp from closing in order.
                await _close(websocket)
                for job in jobs:
                    job.cancel()

    async def _read(self, websocket: aiohttp.ClientWebSocketResponse) -> None:
        while True:
            message = await websocket.receive()
            if message.type in _ENDED:
                # The code is in the close frame: aiohttp's own `close_code` is 1006 where its reply fails.
                code = message.data if message.type is aiohttp.WSMsgType.CLOSE else BROKEN
                detail = message.extra or "" if message.type is aiohttp.WSMsgType.CLOSE else ""
                self.end(Ending(cause=EndCause.CLOSED, close_code=code or BROKEN, detail=detail))
                return
            try:
                is_text = message.type is aiohttp.WSMsgType.TEXT
                self._take(parse_text(message.data) if is_text else parse_binary(message.data))
            except MalformedMessage as error:
                self.malformed += 1
                _logger.warning("A message of the voice gateway is ignored: %s", error)
            except Exception as error:
                _logger.exception("A message of the voice gateway could not be taken")
                self.end(Ending(cause=EndCause.FAILED, detail=repr(error)))
                return

    def _take(self, message: GatewayMessage) -> None:
        if message.sequence is not None:
            self.sequence = message.sequence
        if message.op != VoiceOp.HEARTBEAT_ACK:
            self._handle(message)
        elif not self._heartbeat.acknowledge(message.data.get("t") if isinstance(message.data, dict) else None):
            raise MalformedMessage("an answer to no heartbeat of ours")

    async def _write(self, websocket: aiohttp.ClientWebSocketResponse) -> None:
        while True:
            message = await self._unsent.get()
            try:
                if isinstance(message, str):
                    await websocket.send_str(message)
                else:
                    await websocket.send_bytes(message)
            except (OSError, aiohttp.ClientError) as error:
                # It is closing. Why stands in what is still to be read.
                _logger.debug("A message has not left: %s", error)
                return

    async def _beat(self) -> None:
        await self._greeted.wait()
        while not self._heartbeat.is_lost:
            self.post(VoiceOp.HEARTBEAT, self._heartbeat.next(self.sequence))
            await asyncio.sleep(self._heartbeat.interval)
        self.end(Ending(cause=EndCause.HEARTBEATS_UNANSWERED))


async def _close(websocket: aiohttp.ClientWebSocketResponse) -> None:
    try:
        async with asyncio.timeout(_CLOSE_SECONDS):
            await websocket.close()
    except (OSError, TimeoutError, aiohttp.ClientError) as error:
        _logger.debug("The voice websocket was not closed in order: %s", error)
