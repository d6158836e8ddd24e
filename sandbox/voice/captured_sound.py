"""What a member says, cut into frames of 20 ms, whatever it comes from."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

import numpy as np

from sandbox.voice.microphone import Captured
from sandbox.voice.opus_codec import FRAME_SAMPLES, FRAME_SECONDS, Samples

_LIVE_PATIENCE: Final = 0.16
"""The same for one on a machine that has much else to do."""


@dataclass(frozen=True, slots=True)
class LiveSound:
    """Sound at the moment at which it is said: each piece is sent as it comes, and several at once after a delay."""

    pieces: AsyncIterable[Captured]
    """Yields nothing while nothing is said."""


Sound = Samples | Iterable[Captured] | AsyncIterable[Captured] | LiveSound
"""Samples of any number, frames of Opus of 20 ms each, or what yields them one after the other."""

_PATIENCE: Final = 0.06
"""Seconds after which a source that yields nothing is taken to be silent: what a sound card has in its buffers."""


async def captured_frames(sound: Sound) -> AsyncGenerator[Captured | None, None]:
    """Frames of 20 ms, the last one filled up with silence; None for every 20 ms in which the source had nothing.

    An asynchronous generator is closed in the end.
    """
    cutter = _Cutter()
    source = sound.pieces if isinstance(sound, LiveSound) else sound
    if isinstance(source, AsyncIterable):
        patience = _LIVE_PATIENCE if isinstance(sound, LiveSound) else _PATIENCE
        async with aclosing(_with_pauses(source, patience)) as pieces:
            async for piece in pieces:
                if piece is None:
                    yield None
                else:
                    for frame in cutter.cut(piece):
                        yield frame
    else:
        for piece in [source] if isinstance(source, np.ndarray) else source:
            for frame in cutter.cut(piece):
                yield frame
    for frame in cutter.rest():
        yield frame


class _Cutter:
    """Cuts samples into frames, and lets frames of Opus pass."""

    def __init__(self) -> None:
        self._left: Samples = np.zeros(0, np.int16)

    def cut(self, piece: Captured) -> Iterator[Captured]:
        if isinstance(piece, bytes):
            yield from self.rest()
            yield piece
            return
        samples = np.concatenate((self._left, piece))
        whole = len(samples) // FRAME_SAMPLES * FRAME_SAMPLES
        self._left = samples[whole:]
        for start in range(0, whole, FRAME_SAMPLES):
            yield samples[start : start + FRAME_SAMPLES]

    def rest(self) -> Iterator[Samples]:
        if len(self._left):
            yield np.pad(self._left, (0, FRAME_SAMPLES - len(self._left)))
            self._left = self._left[:0]


async def _with_pauses(source: AsyncIterable[Captured], patience: float) -> AsyncGenerator[Captured | None, None]:
    pieces = aiter(source)
    coming = asyncio.ensure_future(anext(pieces))
    try:
        while True:
            await asyncio.wait({coming}, timeout=patience)
            for _ in range(0 if coming.done() else round(patience / FRAME_SECONDS)):
                yield None
            while not coming.done():
                await asyncio.wait({coming}, timeout=FRAME_SECONDS)
                if not coming.done():
                    yield None
            try:
                piece = coming.result()
            except StopAsyncIteration:
                return
            yield piece
            coming = asyncio.ensure_future(anext(pieces))
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        if isinstance(pieces, AsyncGenerator):
            await pieces.aclose()
