"""What a bot writes besides its answers: the panel and its edits, apologies, goodbyes."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from bench.common.pitch_coded_audio import ANSWERS
from bench.faults.fault_test_bed import Stage

_LOOK_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that the channel was told."""

    at: float
    """When, in seconds of `time.monotonic()`."""
    text: str
    """What, as it stood then."""


@dataclass
class Notes:
    """All of them, in order."""

    written: list[Note] = field(default_factory=list)
    """The notes so far."""

    @property
    def end_of_call(self) -> float | None:
        """When the channel was told that the call is over; None if it was not."""
        return next((note.at for note in self.written if "has ended" in note.text), None)

    @property
    def promises_return(self) -> bool:
        """Whether the channel was last told that the bot is coming back."""
        return any(word in self.written[-1].text for word in ("coming back", "still trying")) if self.written else False

    @property
    def went_mute(self) -> bool:
        """Whether the channel was told that for a while it has to do with writing."""
        return any("can't be heard" in note.text for note in self.written)

    @property
    def has_voice_again(self) -> bool:
        """Whether it was told after that that the voice is back."""
        texts = [note.text for note in self.written]
        mute = next((index for index, text in enumerate(texts) if "can't be heard" in text), len(texts))
        return any("** is in " in text for text in texts[mute:])

    @property
    def declined(self) -> int:
        """How many messages were named that will not be answered."""
        return sum(_declined(note.text) for note in self.written)


@asynccontextmanager
async def watch_notes(stage: Stage) -> AsyncIterator[Notes]:
    """Note what the bot writes from now on, edits included, and that is no answer."""
    notes = Notes()
    known = {message.id: message.content for message in stage.bot_messages}

    async def watch() -> None:
        while True:
            for message in stage.bot_messages:
                if known.get(message.id) != message.content:
                    known[message.id] = message.content
                    if not any(answer.text in message.content for answer in ANSWERS):
                        notes.written.append(Note(time.monotonic(), message.content))
            await asyncio.sleep(_LOOK_SECONDS)

    watching = asyncio.create_task(watch())
    try:
        yield notes
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


def _declined(text: str) -> int:
    if not text.startswith("The call ended before I could answer"):
        return 0
    more = re.search(r"the (\d+) after it", text)
    return 1 + (int(more[1]) if more else 0)
