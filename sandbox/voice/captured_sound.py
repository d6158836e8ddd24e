"""What a member says, cut into frames of 20 ms, whatever it comes from."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Iterator
from contextlib import aclosing
from typing import Final

import numpy as np

from sandbox.voice.microphone import Captured
from sandbox.voice.opus_codec import FRAME_SAMPLES, FRAME_SECONDS, Samples

Sound = Samples | Iterable[Captured] | AsyncIterable[Captured]
"""Samples of any number, frames of Opus of 20 ms each, or what yields them one after the other."""

_PATIENCE: Final = 0.06
"""Seconds after which a source that yields nothing is taken to be silent: what a sound card has in its buffers."""


async def captured_frames(sound: Sound) -> AsyncGenerator[Captured | None, None]:
    """Frames of 20 ms, the last one filled up with silence; None for every 20 ms in which the source had nothing.

    An asynchronous generator is closed in the end.
    """
    cutter = _Cutter()
    if isinstance(sound, AsyncIterable):
        async with aclosing(_with_pauses(sound)) as pieces:
            async for piece in pieces:
                if piece is None:
                    yield None
                else:
                    for frame in cutter.cut(piece):
                        yield frame
    else:
        for piece in [sound] if isinstance(sound, np.ndarray) else sound:
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


async def _with_pauses(source: AsyncIterable[Captured]) -> AsyncGenerator[Captured | None, None]:
    pieces = aiter(source)
    coming = asyncio.ensure_future(anext(pieces))
    try:
        while True:
            await asyncio.wait({coming}, timeout=_PATIENCE)
            for _ in range(0 if coming.done() else round(_PATIENCE / FRAME_SECONDS)):
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
