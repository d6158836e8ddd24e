"""A microphone that is always open, and a loudspeaker: between them a rival listens and speaks."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.conversation.rivals.rival_order import RivalTurn

RATE: Final = 16_000
"""Samples a second of what is spoken."""
PIECE_SECONDS: Final = 0.02
_PIECE_BYTES: Final = round(RATE * PIECE_SECONDS) * 2
_QUIET_SECONDS: Final = 1.0
"""After so long an answer is over."""
_ANSWER_SECONDS: Final = 15.0
_LOOK_SECONDS: Final = 0.05


@dataclass
class OpenMicrophone:
    """Someone speaks into it, and is silent otherwise, for ever."""

    waiting: bytearray = field(default_factory=bytearray)
    """What is still to be said."""

    async def pieces(self) -> AsyncIterator[bytes]:
        """20 ms at a time, when they are over."""
        due = time.monotonic()
        while True:
            due += PIECE_SECONDS
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            piece = bytes(self.waiting[:_PIECE_BYTES])
            del self.waiting[:_PIECE_BYTES]
            yield piece.ljust(_PIECE_BYTES, b"\0")


@dataclass
class Loudspeaker:
    """Remembers when something was heard."""

    sounding: list[float] = field(default_factory=list)

    def play(self, pcm: bytes) -> None:
        """Some sound begins now."""
        if any(pcm):
            self.sounding.append(time.monotonic())


async def converse(
    microphone: OpenMicrophone, loudspeaker: Loudspeaker, texts: Sequence[str], sounds: Sequence[str]
) -> AsyncIterator[RivalTurn]:
    """Say these, one after the other, and hear what is answered to each until it is silent.

    Args:
        microphone: into which it is said.
        loudspeaker: from which the answers come.
        texts: grows by what is recognized.
        sounds: the files.
    """
    for path in sounds:
        pcm = await asyncio.to_thread(Path(path).read_bytes)
        loudspeaker.sounding.clear()
        known, begun, length = len(texts), time.monotonic(), len(pcm) / 2 / RATE
        microphone.waiting += pcm
        await asyncio.sleep(length)
        while not _is_over(loudspeaker, begun + length):  # noqa: ASYNC110 - a rival does not tell when it is done
            await asyncio.sleep(_LOOK_SECONDS)
        yield RivalTurn(" ".join(texts[known:]), [each - begun for each in loudspeaker.sounding])


def _is_over(loudspeaker: Loudspeaker, spoken: float) -> bool:
    answer = [each for each in loudspeaker.sounding if each > spoken - 1.0]
    now = time.monotonic()
    return now > (answer[-1] + _QUIET_SECONDS if answer else spoken + _ANSWER_SECONDS)
