"""What a loudspeaker plays comes back through the microphone beside it."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable
from typing import Final

import numpy as np

from sandbox.voice.opus_codec import OpusDecoder, Samples
from sandbox.voice.records import HeardFrame

_MOST: Final = 500
"""Ten seconds."""


class Loudspeakers:
    """Those that play what the call hears."""

    def __init__(self) -> None:
        self._takers: set[Callable[[HeardFrame], None]] = set()

    def play(self, frame: HeardFrame) -> None:
        """A frame was heard."""
        for take in list(self._takers):
            take(frame)

    def listen(self, take: Callable[[HeardFrame], None]) -> Callable[[], None]:
        """Have every frame that is played given to `take`, until what is returned is called."""
        self._takers.add(take)
        return lambda: self._takers.discard(take)

    async def echo(self, delay: float, gain: float) -> AsyncGenerator[Samples, None]:
        """Everything that is played from now on, `delay` seconds later and `gain` times as loud, without end."""
        frames: deque[HeardFrame] = deque(maxlen=_MOST)
        news = asyncio.Event()

        def take(frame: HeardFrame) -> None:
            frames.append(frame)
            news.set()

        stop = self.listen(take)
        decoder, loop = OpusDecoder(), asyncio.get_running_loop()
        try:
            while True:
                while not frames:
                    news.clear()
                    await news.wait()
                frame = frames.popleft()
                played = np.frombuffer(decoder.decode(frame.opus), np.int16)
                await asyncio.sleep(max(0.0, frame.arrival + delay - loop.time()))
                yield np.clip(played * gain, -32768, 32767).astype(np.int16)
        finally:
            stop()
