"""One voice websocket, from the first byte to its close."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import WSMsgType, web

from sandbox.voice.call import Call
from sandbox.voice.connection_recording import ConnectionRecording
from sandbox.voice.op_handler import ConnectionOptions, OpHandler
from sandbox.voice.session_registry import SessionRegistry
from sandbox.voice.voice_errors import MalformedMlsError, UnsupportedVoiceOperation, VoiceClose
from sandbox.voice.voice_faults import VoiceFaults
from sandbox.voice.voice_opcodes import VoiceCloseCode, VoiceOp

_logger = logging.getLogger(__name__)
_CLIENT_LEAVES: Final = frozenset({VoiceCloseCode.NORMAL, VoiceCloseCode.GOING_AWAY, VoiceCloseCode.DISCONNECTED})


@dataclass(frozen=True, slots=True)
class _Closing:
    code: int
    reason: str


class VoiceConnection:
    """Carries the messages of one websocket; what they mean is the op handler's business."""

    def __init__(
        self,
        request: web.Request,
        socket: web.WebSocketResponse,
        *,
        options: ConnectionOptions,
        registry: SessionRegistry,
        call: Callable[[int], Call],
        faults: VoiceFaults,
        refuse: Callable[[UnsupportedVoiceOperation], None],
        recording: ConnectionRecording | None,
    ) -> None:
        self._transport = request.transport  # the request forgets it once it is answered
        self._socket = socket
        self._options = options
        self._registry = registry
        self._call = call
        self._refuse = refuse
        self._recording = recording
        self._outbox: asyncio.Queue[str | bytes | _Closing] = asyncio.Queue()
        self._closing: _Closing | None = None
        self._aborted = False
        self._hangs_up = False
        self._closed = asyncio.Event()
        self._tasks = asyncio.TaskGroup()
        self._chores: set[asyncio.Task[None]] = set()
        self._handler = OpHandler(self, options=options, registry=registry, call=call, faults=faults, start=self._start)

    @property
    def channel_id(self) -> int | None:
        """Whose call it carries, once that is known."""
        session = self._handler.session
        return session.admission.channel_id if session else None

    async def serve(self) -> None:
        """Speaks with the client until the websocket is closed."""
        self._handler.greet()
        try:
            async with self._tasks:
                writer = self._tasks.create_task(self._write())
                self._start(self._watch_heartbeats())
                try:
                    await self._read()
                finally:
                    for chore in self._chores:
                        chore.cancel()
                    if self._closing is None:
                        writer.cancel()
        finally:
            self._end()

    def post(self, message: str | bytes) -> None:
        """Queues a finished message."""
        if self._recording is not None:
            self._recording.note_message(message, is_from_server=True)
        self._outbox.put_nowait(message)

    def note_packet(self, datagram: bytes, *, is_from_server: bool) -> None:
        """A voice packet of its session was sent."""
        if self._recording is not None:
            self._recording.note_packet(datagram, is_from_server=is_from_server)

    def order_close(self, code: int, reason: str) -> None:
        """Closes after what is queued; the first order counts."""
        if self._closing is None:
            self._closing = _Closing(code, reason)
            self._outbox.put_nowait(self._closing)

    async def close(self, code: int, reason: str) -> None:
        """Closes with a close frame and waits until it is closed."""
        self.order_close(code, reason)
        await self._closed.wait()

    async def hang_up(self, code: int, reason: str) -> None:
        """Closes, and waits for no end of TLS by the client, which may stand still or have been killed."""
        self._hangs_up = True
        await self.close(code, reason)

    def abort(self) -> None:
        """Drops the TCP connection without a close frame."""
        self._aborted = True
        if self._transport is not None:
            self._transport.abort()

    def freeze(self) -> None:
        """Reads nothing more of what is sent to it, so that the client's end is not seen either."""
        self._hangs_up = True
        if self._transport is not None:
            self._transport.pause_reading()

    def send(self, op: VoiceOp, data: Mapping[str, Any] | bytes) -> None:
        """Sends a message that belongs to the session."""
        if self._handler.session is not None:
            self._handler.session.send(op, data)

    def repeat_external_sender(self) -> None:
        """Sends op 25 once more."""
        session = self._handler.session
        if session is not None:
            group = self._call(session.admission.channel_id).group
            session.take_external_sender(group.external_sender_package)

    def _start(self, chore: Coroutine[Any, Any, None]) -> None:
        task = self._tasks.create_task(chore)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    async def _read(self) -> None:
        async for message in self._socket:
            if self._closing is not None:
                continue
            if self._recording is not None and message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                self._recording.note_message(message.data, is_from_server=False)
            try:
                if message.type is WSMsgType.TEXT:
                    self._handler.take_text(message.data)
                elif message.type is WSMsgType.BINARY:
                    self._handler.take_binary(message.data)
            except MalformedMlsError as error:
                _logger.warning("The client sent malformed MLS: %s", error)
                self.order_close(VoiceCloseCode.BAD_REQUEST, str(error))
            except VoiceClose as closing:
                if isinstance(closing, UnsupportedVoiceOperation):
                    self._refuse(closing)
                _logger.warning("Closing a voice websocket: %s", closing)
                self.order_close(closing.code, closing.reason)

    async def _write(self) -> None:
        while True:
            item = await self._outbox.get()
            try:
                if isinstance(item, _Closing):
                    self._note_close(item.code)
                    await self._socket.close(code=item.code, message=item.reason.encode())
                    return
                if isinstance(item, str):
                    await self._socket.send_str(item)
                else:
                    await self._socket.send_bytes(item)
            except ConnectionResetError:
                # The client has gone; the reader notices as well and ends the connection.
                _logger.debug("A message for a client that has gone is dropped")
                return

    async def _watch_heartbeats(self) -> None:
        """Counts intervals, not seconds: an event loop that stood still is not the client's silence."""
        if self._options.missed_heartbeats is None:
            return
        missed = 0
        while missed < self._options.missed_heartbeats:
            before = self._handler.heartbeats
            await asyncio.sleep(self._options.heartbeat_interval)
            missed = 0 if self._handler.heartbeats > before else missed + 1
        self.order_close(VoiceCloseCode.SESSION_TIMEOUT, "Session timed out.")

    def _end(self) -> None:
        by_client = self._socket.close_code
        code = VoiceCloseCode.ABNORMAL if self._aborted or by_client is None else by_client
        if self._closing is not None and not self._aborted:
            code = self._closing.code
        self._note_close(code)
        session = self._handler.session
        if session is not None and session.connection is self:
            if self._closing is not None:
                resumable = code == VoiceCloseCode.VOICE_SERVER_CRASHED
            else:
                resumable = code not in _CLIENT_LEAVES
            self._registry.lose_connection(session, resumable=resumable)
        if self._hangs_up and self._transport is not None:
            # Now, since aiohttp closes the transport once more, after which an abort does nothing in asyncio's TLS.
            self._transport.abort()
        if self._recording is not None:
            self._recording.close()
        self._closed.set()

    def _note_close(self, code: int) -> None:
        record = self._handler.record
        if record is not None and record.closed_at is None:
            record.closed_at = time.monotonic()
            record.close_code = int(code)
            record.closed_by_server = self._aborted or self._closing is not None
