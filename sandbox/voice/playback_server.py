"""Plays what was recorded of one voice connection to a client, as the voice server said it and when it did."""

import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from aiohttp import WSMsgType, web

from sandbox.loopback_runner import close_runner
from sandbox.loopback_tls import make_loopback_tls
from sandbox.voice.connection_recording import RecordedItem
from sandbox.voice.udp import Address, VoiceSocket
from sandbox.voice.voice_faults import DatagramFaults
from sandbox.voice.voice_opcodes import VoiceOp

_AWAITED: Final = {
    VoiceOp.READY: VoiceOp.IDENTIFY,
    VoiceOp.SESSION_DESCRIPTION: VoiceOp.SELECT_PROTOCOL,
    VoiceOp.RESUMED: VoiceOp.RESUME,
}
"""What the server says only once the client has said something."""


class PlaybackServer:
    """Serves one recording on 127.0.0.1, to one client.

    Messages and voice packets come when they came, counted from the step of the handshake before them: READY, the
    session description and RESUMED wait for the client. Heartbeats and IP discovery are answered as they come. What
    else the client says is noted, and answered by nothing but what was recorded: keys of the end-to-end encryption are
    made afresh by each client, so what was sealed for another one stays sealed.
    """

    def __init__(self, items: Sequence[RecordedItem]) -> None:
        self._items = [item for item in items if item.is_from_server and item.op != VoiceOp.HEARTBEAT_ACK]
        self._clock_began = 0.0
        self._said: dict[int, asyncio.Event] = {op: asyncio.Event() for op in _AWAITED.values()}
        self._stack = AsyncExitStack()
        self.address: Address | None = None
        """Where the client's voice packets come from, known from IP discovery on."""
        self.endpoint = ""
        """"127.0.0.1:PORT", as VOICE_SERVER_UPDATE gives it; known once the server is entered."""
        self.ca_file = Path()
        """The certificate that a client has to trust, PEM; lasts as long as the server."""
        self.is_over = asyncio.Event()
        """Set when all has been played; the websocket stays open until the client closes it."""
        self.heard: list[RecordedItem] = []
        """What the client said."""

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            tls = make_loopback_tls(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="voice-playback-"))))
            self.ca_file = tls.ca_file
            self._udp = VoiceSocket(DatagramFaults())
            stack.callback(self._udp.close)
            app = web.Application()
            app.router.add_get("/", self._serve)
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            stack.push_async_callback(close_runner, runner)
            await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls.server).start()
            self.endpoint = f"127.0.0.1:{runner.addresses[0][1]}"
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def receive_datagram(self, datagram: bytes, arrival: float) -> None:
        """See `DatagramSink`."""
        self.heard.append(RecordedItem(arrival - self._clock_began, False, datagram, is_packet=True))

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        self._clock_began = time.monotonic()
        playing = asyncio.create_task(self._play(socket))
        try:
            async for message in socket:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    await self._take(socket, RecordedItem(self._now(), False, message.data))
        finally:
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)
        return socket

    async def _take(self, socket: web.WebSocketResponse, item: RecordedItem) -> None:
        self.heard.append(item)
        if item.op in self._said:
            self._said[item.op].set()
        elif item.op == VoiceOp.HEARTBEAT:
            answer = {"op": VoiceOp.HEARTBEAT_ACK, "d": {"t": json.loads(item.content)["d"]["t"]}}
            await socket.send_json(answer)

    async def _play(self, socket: web.WebSocketResponse) -> None:
        for item in self._items:
            if item.op in _AWAITED:
                await self._said[_AWAITED[VoiceOp(item.op)]].wait()
                self._clock_began = time.monotonic() - item.at
            await asyncio.sleep(max(0.0, item.at - self._now()))
            await self._say(socket, item)
        self.is_over.set()

    async def _say(self, socket: web.WebSocketResponse, item: RecordedItem) -> None:
        if isinstance(item.content, str):
            await socket.send_str(self._with_our_address(item.content) if item.op == VoiceOp.READY else item.content)
        elif not item.is_packet:
            await socket.send_bytes(item.content)
        elif self.address is not None:
            self._udp.send(item.content, self.address)

    def _with_our_address(self, ready: str) -> str:
        message = json.loads(ready)
        message["d"] |= {"ip": "127.0.0.1", "port": self._udp.port}
        self._udp.sinks[message["d"]["ssrc"]] = self
        return json.dumps(message)

    def _now(self) -> float:
        return time.monotonic() - self._clock_began
