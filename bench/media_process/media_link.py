"""The bot's side of the media process: starts it, watches it, and says what to play."""

import asyncio
import json
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bench.media_process.media_messages import REPORT, MediaKind, MediaMessage, pack_frames, read_message
from voicewire import VoiceServer

_START_SECONDS: Final = 10.0
_LOOK_SECONDS: Final = 0.02
_FRAMES_A_MESSAGE: Final = 10
"""As many as the encoder makes at a time."""


class MediaProcessLost(Exception):
    """The media process has ended, and all calls with it."""


class RemoteCall:
    """A call whose connection is in the media process. One track is played at a time."""

    def __init__(self, number: int, send: Callable[[bytes], None]) -> None:
        self._number = number
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._held: list[bytes] = []
        self._over: asyncio.Future[None] = self._loop.create_future()
        self.is_joined: asyncio.Future[None] = self._loop.create_future()
        """Done when the call may speak; fails if it never will."""
        self.heard = 0
        """How many frames of the track were heard, as last reported."""
        self.starved = 0.0
        """How long the track was silent within, in seconds."""

    def join(self, server: VoiceServer) -> None:
        """Ask for the connection; see `is_joined`."""
        self._tell(MediaKind.JOIN, json.dumps(asdict(server)).encode())

    def leave(self) -> None:
        """Close the connection."""
        self._tell(MediaKind.LEAVE)

    def begin(self) -> None:
        """A new track."""
        self._over = self._loop.create_future()
        self.heard, self.starved = 0, 0.0
        self._tell(MediaKind.PLAY)

    def append(self, frame: bytes) -> None:
        """More of it. From a worker thread."""
        self._held.append(frame)
        if len(self._held) == _FRAMES_A_MESSAGE:
            self._tell(MediaKind.FRAMES, self._take_held())

    def finish(self) -> None:
        """The track is complete."""
        self._tell(MediaKind.FRAMES, self._take_held())
        self._tell(MediaKind.FINISH)

    def stop(self) -> None:
        """Silence, at once."""
        self._tell(MediaKind.STOP)

    async def wait_until_over(self) -> None:
        """Wait for the track's end.

        Raises:
            MediaProcessLost: it will not come.
        """
        await asyncio.shield(self._over)

    def take(self, message: MediaMessage) -> None:
        """What the media process says of this call."""
        match message.kind:
            case MediaKind.JOINED:
                self.is_joined.set_result(None)
            case MediaKind.ENDED:
                self.fail(MediaProcessLost(message.body.decode()))
            case MediaKind.PROGRESS | MediaKind.OVER:
                self.heard, self.starved = REPORT.unpack(message.body)
                if message.kind is MediaKind.OVER:
                    self._over.set_result(None)

    def fail(self, error: MediaProcessLost) -> None:
        """Nothing more will be heard in this call."""
        for awaited in (self.is_joined, self._over):
            if not awaited.done():
                awaited.set_exception(error)
                awaited.exception()  # nobody may be waiting

    def _take_held(self) -> bytes:
        body = pack_frames(self._held)
        self._held.clear()
        return body

    def _tell(self, kind: MediaKind, body: bytes = b"") -> None:
        """From any thread, and in the order of the calls."""
        self._loop.call_soon_threadsafe(self._send, MediaMessage(kind, self._number, body).packed())


class MediaLink:
    """A running media process, and its calls."""

    def __init__(self, process: Process, writer: asyncio.StreamWriter) -> None:
        self._process = process
        self._writer = writer
        self._is_open = True
        self._calls: dict[int, RemoteCall] = {}

    @property
    def process_id(self) -> int:
        """The process's id."""
        return self._process.pid

    def call(self, number: int) -> RemoteCall:
        """A new call."""
        self._calls[number] = RemoteCall(number, self._send)
        return self._calls[number]

    def close(self) -> None:
        """Tell it to end. What an encoder still makes goes nowhere."""
        self._is_open = False
        self._writer.write_eof()

    async def watch(self, reader: asyncio.StreamReader) -> None:
        """Hand out what it says, until it ends; then every call fails."""
        while (message := await read_message(reader)) is not None:
            self._calls[message.call].take(message)
        for call in self._calls.values():
            call.fail(MediaProcessLost(f"it ended with {await self._process.wait()}"))

    def _send(self, data: bytes) -> None:
        if self._is_open and not self._writer.is_closing():
            self._writer.write(data)


@asynccontextmanager
async def open_media_process() -> AsyncIterator[MediaLink]:
    """Start a media process; at the end, it closes its connections and ends.

    Raises:
        MediaProcessLost: it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="media-") as folder:  # only we may enter it
        path = Path(folder) / "socket"
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.media_process.media_worker", str(path), stdin=asyncio.subprocess.DEVNULL
        )
        try:
            reader, writer = await _connect(path, process)
            link = MediaLink(process, writer)
            watching = asyncio.create_task(link.watch(reader))
            try:
                yield link
            finally:
                link.close()
                await asyncio.wait({watching})
                writer.close()
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _connect(path: Path, process: Process) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    async with asyncio.timeout(_START_SECONDS):
        while True:
            if process.returncode is not None:
                raise MediaProcessLost(f"it ended with {process.returncode} before it began")
            try:
                return await asyncio.open_unix_connection(path)
            except (FileNotFoundError, ConnectionRefusedError):
                await asyncio.sleep(_LOOK_SECONDS)
