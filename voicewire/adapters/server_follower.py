"""A voice connection that goes from one voice server to the next, as the main gateway assigns them."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

from voicewire.adapters.assignment import Assignment
from voicewire.connection import VoiceConnection
from voicewire.ending import DISCONNECTED, ConnectionEnded, EndCause, Ending
from voicewire.voice_server import VoiceServer

_logger = logging.getLogger(__name__)

_NEWS_SECONDS: Final = 3.0
"""How long after a 4014 the name of another server may take to arrive, or the news that we were removed."""
_FOLLOW_SECONDS: Final = 10.0
"""How long it may take to join another server."""


class ServerFollower:
    """Joins the server that is assigned, and each that is assigned after it. Any other loss ends it."""

    def __init__(
        self,
        assignment: Assignment,
        make_connection: Callable[[VoiceServer], VoiceConnection],
        *,
        expects_news: Callable[[], bool],
        on_end: Callable[[Ending], None],
    ) -> None:
        """`expects_news` is asked after a 4014: whether the main gateway can say what it means.

        `on_end` is called as soon as the connection is over for good, when nothing is sent any more.
        """
        self._assignment = assignment
        self._make_connection = make_connection
        self._expects_news = expects_news
        self._on_end = on_end
        self._task: asyncio.Task[None] | None = None
        self._is_speaking = False
        self.connection: VoiceConnection | None = None
        """The present connection; None before the first, and while another server is joined."""
        self.ended: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        """Done as soon as it is over for good, with how it ended. A resume replaces it."""

    async def join(self, timeout: float) -> None:
        """Join the server that is assigned, in `timeout` seconds.

        Raises:
            ConnectionEnded: none was assigned, or it could not be joined.
        """
        self._follow_from(await self._join(None, timeout))

    async def resume(self, timeout: float) -> None:
        """Take up the session that was lost, in `timeout` seconds, where `may_resume`. It can be tried once.

        Raises:
            ConnectionEnded: it was not possible, or we have been removed.
        """
        assert self.connection is not None and self.may_resume, "only what has ended can be resumed"
        if self._assignment.over is not None:
            raise ConnectionEnded(self._assignment.over)
        await self.connection.resume(timeout)
        self.ended = asyncio.get_running_loop().create_future()
        self._follow_from(self.connection)

    @property
    def may_resume(self) -> bool:
        """Whether it has ended in a way that the server may still hold the session."""
        return self.connection is not None and self.ended.done() and self.ended.result().may_resume

    def announce_speaking(self, is_speaking: bool) -> None:
        """Tell the call whether frames are to be expected; the next servers are told, too."""
        self._is_speaking = is_speaking
        if self.connection is not None:
            self.connection.announce_speaking(is_speaking)

    def end(self, ending: Ending) -> None:
        """Send nothing more, and say that it is over. The first ending counts."""
        if self.connection is not None:
            self.connection.session.sender.close()
        if not self.ended.done():
            self.ended.set_result(ending)
            self._on_end(ending)

    async def close(self) -> None:
        """Close the connection. May be called twice, and while it is joined."""
        left = Ending(cause=EndCause.LEFT)
        self._assignment.end(left)
        self.end(left)
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        if self.connection is not None:
            await self.connection.close()

    def _follow_from(self, connection: VoiceConnection) -> None:
        self.connection = connection
        self._task = asyncio.create_task(self._follow(connection), name=f"voice of {connection.server.server_id}")

    async def _follow(self, connection: VoiceConnection) -> None:
        try:
            while True:
                joined = connection.server
                if await self._assigned_before(connection.ended, connection, _is_after(joined)) is None:
                    self.end(connection.ended.result())
                    return
                self.connection = None
                await connection.close()
                self.connection = connection = await self._join(joined, _FOLLOW_SECONDS)
        except ConnectionEnded as error:
            ending = error.ending
            if ending.cause is EndCause.CLOSED:  # what a server means that was never joined is not what ends a call
                ending = Ending(cause=EndCause.NO_ANSWER, detail=f"the new voice server: {ending}")
            self.end(ending)

    async def _join(self, last: VoiceServer | None, timeout: float) -> VoiceConnection:
        """Join the server that is assigned after that one; if yet another is meanwhile, or we are moved, join that."""
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + timeout
        try:
            async with asyncio.timeout_at(give_up_at):
                server = await self._assignment.wait_for(_is_after(last))
        except TimeoutError:
            detail = f"no voice server was named in {timeout:g} s"
            raise ConnectionEnded(Ending(cause=EndCause.NO_ANSWER, detail=detail)) from None
        while True:
            connection = self._make_connection(server)
            connection.announce_speaking(self._is_speaking)
            newer = await self._connect(connection, round(give_up_at - loop.time(), 2))
            if newer is None:
                return connection
            _logger.info("Another voice server was named while one was joined")
            server = newer

    async def _connect(self, connection: VoiceConnection, timeout: float) -> VoiceServer | None:
        """Make the connection; or return the server that was assigned in place of its own, and then it is closed."""
        joining = asyncio.create_task(connection.connect(timeout))
        is_joined = False
        try:
            newer = await self._assigned_before(joining, connection, lambda server: server != connection.server)
            if newer is None:
                await joining
                is_joined = True
            return newer
        finally:
            await _cancel(joining)
            if not is_joined:
                await connection.close()

    async def _assigned_before(
        self, event: asyncio.Future[Any], connection: VoiceConnection, is_wanted: Callable[[VoiceServer], bool]
    ) -> VoiceServer | None:
        """The wanted server if it is assigned before `event`, or soon after a 4014; else None."""
        news = asyncio.create_task(self._assignment.wait_for(is_wanted))
        try:
            await asyncio.wait({news, event}, return_when=asyncio.FIRST_COMPLETED)
            if not news.done() and _is_disconnected(connection) and self._expects_news():
                await asyncio.wait({news}, timeout=_NEWS_SECONDS)
            return await news if news.done() else None
        finally:
            await _cancel(news)


def _is_after(last: VoiceServer | None) -> Callable[[VoiceServer], bool]:
    """Whether a server is another one: each assignment has a token of its own."""
    return lambda server: last is None or server.token != last.token


def _is_disconnected(connection: VoiceConnection) -> bool:
    return connection.ended.done() and connection.ended.result().close_code == DISCONNECTED


async def _cancel(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)  # whatever came of it, nobody asks any more
