"""What the bot wrote and said."""

from __future__ import annotations

import asyncio
import base64
import tempfile
from collections import deque
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Final

from sandbox.actions.channel_handle import ChannelHandle
from sandbox.actions.reply import Reply
from sandbox.control.json_views import call_view, frame_view, message_view, reply_view
from sandbox.control.request_reader import WrongField, bounded, call_of
from sandbox.loopback_discord import Sandbox
from sandbox.state.json_types import Json
from sandbox.state.message import Message
from sandbox.voice import Call, HeardFrame

_MOST_FRAMES: Final = 500
"""Ten seconds of sound are kept for one who reads slowly; older frames are left out, and said to be."""


class HearingControls:
    """The routes about messages, replies and calls. Those with `wait` answer as soon as there is something."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def show_messages(
        self, channel: ChannelHandle, after: str = "0", from_bot: bool = False, wait: float = 0.0
    ) -> list[Json]:
        """The messages of a channel that are newer than the one with the id `after`, oldest first."""
        if not after.isdecimal():
            raise WrongField(f"after is an id, not {after!r}")

        def find() -> list[Message] | None:
            wanted = [
                each
                for each in channel.messages
                if each.id > int(after) and not each.deleted and (not from_bot or each.author is self._sandbox.bot)
            ]
            return wanted or None

        changes = self._sandbox.backend.store.changes
        found = find() if not wait else await changes.wait_for(find, bounded(wait), lambda: "there is no message")
        return [message_view(each) for each in found or ()]

    async def show_message(self, message: Message) -> Json:
        """A message as it is now."""
        return message_view(message)

    async def show_reply(self, reply: Reply, wait: float = 0.0) -> Json:
        """A reply as it is now; with `wait`, once it has a text."""
        if wait:
            await reply.wait_for_content(bounded(wait))
        return reply_view(reply)

    async def show_call(self, channel: ChannelHandle, speech: int = 0, wait: float = 10.0) -> Json:
        """What was heard in numbers; once so many frames of speech were heard in all."""
        if speech:
            await call_of(channel).wait_for_frames(speech, bounded(wait))
        return call_view(call_of(channel))

    async def write_wav(self, channel: ChannelHandle) -> bytes:
        """What was heard, at most the last 15 minutes, as a WAV file of 48 kHz and one channel."""
        call = call_of(channel)
        with tempfile.TemporaryDirectory(prefix="heard-") as folder:
            path = Path(folder) / "call.wav"
            await asyncio.to_thread(call.write_wav, path)
            return await asyncio.to_thread(path.read_bytes)

    async def stream_frames(self, channel: ChannelHandle, count: int = 0) -> AsyncGenerator[Json, None]:
        """Every frame that is heard from now on, until so many came, or without end; each tells how many it missed."""
        return self._frames(call_of(channel), count)

    @staticmethod
    async def _frames(call: Call, count: int) -> AsyncGenerator[Json, None]:
        waiting: deque[HeardFrame] = deque()
        missed, given, news = 0, 0, asyncio.Event()

        def take(frame: HeardFrame) -> None:
            nonlocal missed
            if len(waiting) == _MOST_FRAMES:
                waiting.popleft()
                missed += 1
            waiting.append(frame)
            news.set()

        stop = call.listen(take)
        try:
            while not count or given < count:
                while not waiting:
                    news.clear()
                    await news.wait()
                frame = waiting.popleft()
                yield frame_view(frame) | {"opus": base64.b64encode(frame.opus).decode(), "missed": missed}
                given, missed = given + 1, 0
        finally:
            stop()
