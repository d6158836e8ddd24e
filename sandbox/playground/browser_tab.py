"""One open page: its websocket, over which it is told what changed, and asks for what its person does."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Any, Final

from aiohttp import WSMsgType, web

from sandbox.actions.guild_handle import GuildHandle
from sandbox.playground.curtain import Curtain, CurtainFeed
from sandbox.playground.given_values import fields_in
from sandbox.playground.page_view import PageView
from sandbox.playground.people import People, Person
from sandbox.playground.sound_packet import OPUS, PCM, pack, unpack
from sandbox.playground.tab_actions import TabActions
from sandbox.state.changes.message_changes import TypingStarted
from sandbox.state.channel import Channel
from sandbox.state.errors import NotAllowed
from sandbox.state.json_types import Json
from sandbox.state.store import Change
from sandbox.voice.opus_codec import OpusDecoder
from sandbox.voice.records import HeardFrame

_logger = logging.getLogger(__name__)

_SETTLE_SECONDS: Final = 0.02
"""What changes within that time is told together."""
_LOOK_SECONDS: Final = 1.0
"""How often a page is told what is no change of the store, such as that the bot went offline."""
_MOST_WAITING: Final = 100
"""A page that reads no more loses sound from here on: two seconds."""


class BrowserTab:
    """Serves a page until it is closed."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        guild: GuildHandle,
        people: People,
        person: Person,
        *,
        curtain: Curtain,
        is_online: Callable[[], bool],
        wants_pcm: bool,
    ) -> None:
        """`wants_pcm`: the browser decodes no Opus, and is sent samples."""
        self._socket = socket
        self._guild = guild
        self._people = people
        self._person = person
        self._view = PageView(guild, person, is_online)
        self._curtain = CurtainFeed(curtain, self._say)
        self._actions = TabActions(
            guild, people, person, self._view, faults=curtain.faults, open_curtain=self._curtain.open
        )
        self._decoders: dict[int, OpusDecoder] | None = {} if wants_pcm else None
        self._outbox: asyncio.Queue[bytes | str] = asyncio.Queue()
        self._news = asyncio.Event()
        self._heard: Channel | None = None
        self._stop_listening: Callable[[], None] = lambda: None
        self._state: Json = {}
        self._messages: dict[int, Json] = {}

    async def serve(self) -> None:
        """Return when the page is closed."""
        stop_watching = self._guild.backend.store.watch(self._changed)
        self._person.open(self)
        self._go_along()
        try:
            async with asyncio.TaskGroup() as tasks:
                owned = [tasks.create_task(each) for each in (self._send(), self._tell(), self._curtain.run())]
                await self._read(tasks)
                for task in owned:
                    task.cancel()
        finally:
            stop_watching()
            self._stop_listening()
            self._person.close(self)

    def take_sound(self, user_id: int, opus: bytes, arrived: float) -> None:
        """Let the page hear 20 ms of somebody; see `SoundTaker`."""
        if self._outbox.qsize() >= _MOST_WAITING:
            return
        if self._decoders is None:
            self._outbox.put_nowait(pack(OPUS, arrived, user_id, opus))
        else:
            decoder = self._decoders.setdefault(user_id, OpusDecoder())
            self._outbox.put_nowait(pack(PCM, arrived, user_id, decoder.decode(opus)))

    async def _read(self, tasks: asyncio.TaskGroup) -> None:
        async for message in self._socket:
            if message.type is WSMsgType.BINARY:
                self._capture(message.data)
            elif message.type is WSMsgType.TEXT:
                tasks.create_task(self._do(message.data))

    def _capture(self, message: bytes) -> None:
        try:
            packet = unpack(message)
        except ValueError as error:
            _logger.warning("a page sent no sound: %s", error)
            return
        opus = self._person.feed.put(packet)
        self._people.say(self._person, opus, time.time() * 1000)

    async def _do(self, text: str) -> None:
        """Do what the page asks for, and tell it what came of it."""
        wish: Json = {}
        try:
            wish = fields_in({"wish": json.loads(text)}, "wish")
            told: Json = {"result": await self._actions.do(wish)}
        except (NotAllowed, ValueError, TimeoutError) as error:
            told = {"error": str(error)}
        self._say(told | {"answers": wish.get("number")})

    async def _send(self) -> None:
        try:
            while True:
                message = await self._outbox.get()
                if isinstance(message, str):
                    await self._socket.send_str(message)
                else:
                    await self._socket.send_bytes(message)
        except ConnectionResetError:
            _logger.debug("a page of %s went away", self._person.actor.name)

    async def _tell(self) -> None:
        """Tell the page what is different from what it was told."""
        while True:
            self._news.clear()
            self._tell_differences()
            try:
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._news.wait()
                await asyncio.sleep(_SETTLE_SECONDS)
            except TimeoutError:
                _logger.debug("nothing changed for %g s", _LOOK_SECONDS)

    def _tell_differences(self) -> None:
        state, messages = self._view.state(), self._view.messages()
        if state != self._state:
            self._state = state
            self._say({"state": state})
        changed = [each for number, each in messages.items() if self._messages.get(number) != each]
        oldest = min(messages, default=0)
        gone = [str(number) for number in self._messages if number not in messages and number >= oldest]
        if changed or gone:
            self._messages = messages
            self._say({"messages": changed, "gone": gone})

    def _go_along(self) -> None:
        """Listen to the call in which the person is now."""
        channel = self._person.channel
        if channel is self._heard:
            return
        self._stop_listening()
        self._heard = channel
        if channel is not None:
            self._stop_listening = self._guild.backend.voice.call(channel.id).listen(self._take_frame)

    def _take_frame(self, frame: HeardFrame) -> None:
        arrived = (time.time() - time.monotonic() + frame.arrival) * 1000
        self.take_sound(self._guild.guild.bot.id, frame.opus, arrived)

    def _changed(self, change: Change) -> None:
        self._news.set()
        self._go_along()
        if isinstance(change, TypingStarted) and change.member is not self._person.actor.member:
            self._say({"typing": {"channel": str(change.channel.id), "user": str(change.member.id)}})

    def _say(self, message: dict[str, Any]) -> None:
        self._outbox.put_nowait(json.dumps(message))
