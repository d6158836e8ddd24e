"""What a bot posts besides its answers: the panel and its edits, apologies, goodbyes."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from bench.common.pitch_coded_audio import ANSWERS
from bench.faults.fault_test_bed import FaultTestBed
from sandbox.state.message import Message

_LOOK_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True)
class ChannelNotice:
    """One post or edit."""

    at: float
    """When it appeared, in seconds of `time.monotonic()`."""
    text: str
    """Its text at that moment."""


@dataclass
class ChannelNotices:
    """All notices of a call, in order."""

    written: list[ChannelNotice] = field(default_factory=list)
    """The notices so far."""

    @property
    def end_of_call(self) -> float | None:
        """When a notice said that the call is over; None if none did."""
        return next((notice.at for notice in self.written if "has ended" in notice.text), None)

    @property
    def promises_return(self) -> bool:
        """Whether the latest notice says that the bot is coming back."""
        return any(word in self.written[-1].text for word in ("coming back", "still trying")) if self.written else False

    @property
    def went_mute(self) -> bool:
        """Whether a notice said that the bot can't be heard for a while and answers in text."""
        return any("can't be heard" in notice.text for notice in self.written)

    @property
    def has_voice_again(self) -> bool:
        """Whether a later notice said that the voice is back."""
        texts = [notice.text for notice in self.written]
        mute = next((index for index, text in enumerate(texts) if "can't be heard" in text), len(texts))
        return any("** is in " in text for text in texts[mute:])

    @property
    def declined(self) -> int:
        """How many messages the bot said it will not answer."""
        return sum(_declined(notice.text) for notice in self.written)


@asynccontextmanager
async def watch_notices(bed: FaultTestBed) -> AsyncIterator[ChannelNotices]:
    """Collect what the bot posts from now on, edits included, except its answers."""
    notices = ChannelNotices()
    known = {message.id: message.content for message in bed.bot_messages}

    async def watch() -> None:
        while True:
            for message in bed.bot_messages:
                if known.get(message.id) != message.content:
                    known[message.id] = message.content
                    if not any(answer.text in message.content for answer in ANSWERS):
                        notices.written.append(ChannelNotice(_written_at(message), message.content))
            await asyncio.sleep(_LOOK_SECONDS)

    watching = asyncio.create_task(watch())
    try:
        yield notices
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


def _written_at(message: Message) -> float:
    """When a message got its text, in seconds of `time.monotonic()`. It is seen later, on a busy machine much later."""
    ago = datetime.now(UTC) - (message.edited_at or message.created_at)
    return time.monotonic() - ago.total_seconds()


def _declined(text: str) -> int:
    if not text.startswith("The call ended before I could answer"):
        return 0
    more = re.search(r"the (\d+) messages? after it", text)
    return 1 + (int(more[1]) if more else 0)
