"""The media process: voice connections and the frame clock, told by the bot over a Unix socket what to play.

Its argument is the socket's path. It serves one bot, and ends when that closes.
"""

import asyncio
import json
import ssl
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from assistant.audio.frame_clock import FrameClock
from assistant.audio.player import Player
from assistant.audio.track import Track, Utterance
from assistant.runtime.interpreter import prepare_interpreter
from bench.media_process.media_messages import REPORT, MediaKind, MediaMessage, read_message, unpack_frames
from bench.media_process.wire_line import WireLine
from voicewire import ConnectionEnded, VoiceServer

_PROGRESS_SECONDS: Final = 0.5
_LOOK_SECONDS: Final = 0.01


class ServedCall:
    """One call: its connection, its player, and the track that is played."""

    def __init__(self, number: int, line: WireLine, clock: FrameClock, writer: asyncio.StreamWriter) -> None:
        self._number = number
        self._line = line
        self._player = Player(clock, line)
        self._writer = writer
        self._track = Track()
        self._utterance: Utterance | None = None

    async def connect(self) -> None:
        """Join, tell when the call may speak, and tell how the connection ends."""
        connection = self._line.connection
        try:
            await connection.connect()
            while not connection.may_speak and not connection.ended.done():  # noqa: ASYNC110 - no event says so
                await asyncio.sleep(_LOOK_SECONDS)
            self._tell(MediaKind.JOINED)
            ending = await connection.wait_until_ended()
        except ConnectionEnded as error:
            ending = error.ending
        finally:
            self._player.close()
            await connection.close()
        self._tell(MediaKind.ENDED, str(ending).encode())

    def begin(self) -> Track:
        """A new track; the former one is over."""
        self.stop()
        self._track = Track()
        self._utterance = self._track.begin()
        return self._track

    async def play(self, track: Track) -> None:
        """Play it to its end, and report."""
        reporting = asyncio.create_task(self._report(track))
        try:
            await self._player.play(track)
        finally:
            reporting.cancel()
        self._tell(MediaKind.OVER, _report_of(track))

    def append(self, body: bytes) -> None:
        """More of the track."""
        if self._utterance is not None:
            for frame in unpack_frames(body):
                self._utterance.append(frame)

    def finish(self) -> None:
        """The track is complete."""
        if self._utterance is not None:
            self._utterance.finish()
        self._track.finish()

    def stop(self) -> None:
        """Silence."""
        self._track.stop()

    async def _report(self, track: Track) -> None:
        while True:
            await asyncio.sleep(_PROGRESS_SECONDS)
            self._tell(MediaKind.PROGRESS, _report_of(track))

    def _tell(self, kind: MediaKind, body: bytes = b"") -> None:
        self._writer.write(MediaMessage(kind, self._number, body).packed())


class MediaService:
    """Does what one bot says."""

    def __init__(self, clock: FrameClock, writer: asyncio.StreamWriter) -> None:
        self._clock = clock
        self._writer = writer
        self._trusted = ssl.create_default_context()
        self._calls: dict[int, ServedCall] = {}
        self._connections: dict[int, asyncio.Task[None]] = {}

    async def serve(self, reader: asyncio.StreamReader) -> None:
        """Obey until the bot closes; then all its calls end."""
        async with asyncio.TaskGroup() as tasks:
            while (message := await read_message(reader)) is not None:
                self._take(message, tasks)
            for call in self._calls.values():
                call.stop()
            for connection in self._connections.values():
                connection.cancel()

    def _take(self, message: MediaMessage, tasks: asyncio.TaskGroup) -> None:
        if message.kind is MediaKind.JOIN:
            line = WireLine(VoiceServer(**json.loads(message.body)), self._trusted)
            call = self._calls[message.call] = ServedCall(message.call, line, self._clock, self._writer)
            self._connections[message.call] = tasks.create_task(call.connect())
            return
        call = self._calls[message.call]
        match message.kind:
            case MediaKind.LEAVE:
                self._connections.pop(message.call).cancel()
                del self._calls[message.call]
            case MediaKind.PLAY:
                tasks.create_task(call.play(call.begin()))
            case MediaKind.FRAMES:
                call.append(message.body)
            case MediaKind.FINISH:
                call.finish()
            case MediaKind.STOP:
                call.stop()


def _report_of(track: Track) -> bytes:
    return REPORT.pack(track.cursor, sum(track.holes))


async def _main(path: Path) -> None:
    over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await MediaService(clock, writer).serve(reader)
        finally:
            writer.close()
            over.set_result(None)

    with FrameClock() as clock:
        async with await asyncio.start_unix_server(serve, path):
            await over


if __name__ == "__main__":
    prepare_interpreter()
    with suppress(KeyboardInterrupt):
        asyncio.run(_main(Path(sys.argv[1])))
