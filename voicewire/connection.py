"""One voice connection, from its handshake to its end: the face of this package."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

import aiohttp

from voicewire.dave.mls_session import MakeMlsSession
from voicewire.ending import ConnectionEnded, EndCause, Ending
from voicewire.listener import VoiceListener
from voicewire.messages import identify, resume
from voicewire.opcodes import VoiceOp
from voicewire.pacer import Pacer
from voicewire.sender import QueuedFrame
from voicewire.session import VoiceSession
from voicewire.voice_server import VoiceServer

_logger = logging.getLogger(__name__)

_TICK_SECONDS: Final = 0.25
_PROBE_TICKS: Final = 20
"""A probe every five seconds: home routers forget a way that was not used for thirty."""
_CONNECT_SECONDS: Final = 10.0


class VoiceConnection:
    """Joins once, and says how it ended. It never joins again by itself: that is its owner's decision.

        connection = VoiceConnection(server, DaveySession)
        await connection.connect()
        connection.send_frame(opus)  # from any thread, one each 20 ms
        ending = await connection.wait_until_ended()
        await connection.close()

    Whether the bot is in the channel is a matter of Discord's main gateway: `close` does not leave it.
    """

    def __init__(
        self,
        server: VoiceServer,
        make_session: MakeMlsSession,
        *,
        listener: VoiceListener | None = None,
        pacer: Pacer | None = None,
        make_http: Callable[[], aiohttp.ClientSession] = aiohttp.ClientSession,
    ) -> None:
        """`make_session` is the library for DAVE: `DaveySession` or `LibdaveSession`.

        `listener` hears the call; without one nothing that is received is opened. `pacer` sends what `queue_frame` is
        given; somebody has to wait for it. `make_http` makes the session that opens a websocket and is closed with it:
        it knows of a proxy, and whose certificates are trusted.
        """
        self.server = server
        """Where it goes, and as whom."""
        self._make_http = make_http
        self._session = VoiceSession(server, make_session, self._end, pacer)
        self._session.receiver.listener = listener
        self._task: asyncio.Task[None] | None = None
        self.ended: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        """Done as soon as the connection is over, with how it ended. A resume replaces it."""

    async def connect(self, timeout: float = _CONNECT_SECONDS) -> None:
        """Join: from the websocket to the session description, in `timeout` seconds.

        Raises:
            ConnectionEnded: it was not possible.
        """
        try:
            await self._run(VoiceOp.IDENTIFY, identify(self.server), timeout)
        except ConnectionEnded:
            await self.close()
            raise

    async def resume(self, timeout: float = _CONNECT_SECONDS) -> None:
        """Take up a session whose websocket is lost: keys, group and socket stay, and no frame goes elsewhere.

        Worth a try where `Ending.may_resume`; the server may have forgotten the session (4006).

        Raises:
            ConnectionEnded: it was not possible.
        """
        assert self.ended.done(), "only what has ended can be resumed"
        if self._task is not None:
            await asyncio.wait({self._task})
        self.ended = asyncio.get_running_loop().create_future()
        await self._run(VoiceOp.RESUME, resume(self.server, self._session.gateway.sequence), timeout)

    async def wait_until_ended(self) -> Ending:
        """Wait for the end; returns how it came."""
        return await asyncio.shield(self.ended)

    async def close(self) -> None:
        """Close websocket and socket; `ended` is done then. The owner calls this however the connection ended."""
        await self._stop(Ending(cause=EndCause.LEFT))
        self._session.close()

    def send_frame(self, frame: bytes) -> bool:
        """Send one Opus frame of 20 ms now; False if it has not left, and is to be given again. From any thread.

        None leaves while frames are queued.
        """
        return self._session.sender.send(frame)

    def queue_frame(self, frame: bytes) -> QueuedFrame | None:
        """Have the pacer send one Opus frame, 20 ms after the one before; None if none may be queued now.

        From any thread. It is on its way after `Pacer.flush`.
        """
        return self._session.sender.queue(frame)

    @property
    def may_speak(self) -> bool:
        """Whether a frame sent now would leave: connected, and encrypted end to end where the call is."""
        return self._session.sender.may_send

    def announce_speaking(self, is_speaking: bool) -> None:
        """Tell the call whether frames are to be expected; a resume repeats it."""
        self._session.announce_speaking(is_speaking)

    def probe(self) -> None:
        """Ask the voice server for an answer over UDP, beside the probe that is sent every five seconds anyway."""
        if self._session.udp is not None:
            self._session.udp.probe()

    def renew_keys(self) -> None:
        """Ask to be added to the encrypted group anew: for who can't open a member's frames, however long they come."""
        self._session.dave.group.ask_anew()

    @property
    def is_connected(self) -> bool:
        """Whether the handshake is complete, and the connection not over."""
        return self._session.is_ready.is_set()

    @property
    def session(self) -> VoiceSession:
        """The parts, with their counters: `heartbeat`, `udp`, `sender`, `receiver`, `dave`."""
        return self._session

    async def _run(self, op: VoiceOp, greeting: dict[str, Any], timeout: float) -> None:
        self._task = asyncio.create_task(self._serve(op, greeting), name=f"voice of {self.server.server_id}")
        is_ready = asyncio.create_task(self._session.is_ready.wait())
        either: set[asyncio.Future[Any]] = {is_ready, self.ended}
        try:
            await asyncio.wait(either, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            await self.close()
            raise
        finally:
            is_ready.cancel()
        if not self.is_connected:
            awaited = self._session.awaited if op is VoiceOp.IDENTIFY else "RESUMED"
            await self._stop(Ending(cause=EndCause.NO_ANSWER, detail=f"{awaited} has not come in {timeout:g} s"))
        if self.ended.done():
            raise ConnectionEnded(self.ended.result())

    async def _serve(self, op: VoiceOp, greeting: dict[str, Any]) -> None:
        ending = Ending(cause=EndCause.LEFT)
        try:
            async with asyncio.TaskGroup() as tasks:
                jobs = [tasks.create_task(self._tick())]
                if op is VoiceOp.IDENTIFY:
                    jobs.append(tasks.create_task(self._session.select_protocol()))
                ending = await self._session.gateway.serve(self.server.url, self._make_http(), (op, greeting))
                for job in jobs:
                    job.cancel()
        except Exception as error:
            _logger.exception("The voice connection failed")
            ending = Ending(cause=EndCause.FAILED, detail=repr(error))
        finally:
            self._end(ending)

    async def _tick(self) -> None:
        ticks = 0
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            self._session.tick()
            ticks += 1
            if ticks % _PROBE_TICKS == 0:
                self.probe()

    async def _stop(self, ending: Ending) -> None:
        """End what is served; the first ending counts."""
        self._end(ending)
        if self._task is not None:
            if self._session.gateway.is_open:
                self._session.gateway.end(ending)
            else:
                self._task.cancel()
            await asyncio.wait({self._task})

    def _end(self, ending: Ending) -> None:
        self._session.pause()
        if not self.ended.done():
            self.ended.set_result(ending)
