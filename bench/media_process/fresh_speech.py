"""Speech that is encoded while it plays: MP3 as Google sends it, through the assistant's encoder."""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import Final, Protocol

from assistant.audio.decoders import Mp3Decoder
from assistant.audio.loudness import VoiceLevel
from assistant.audio.speech_encoder import SpeechEncoder
from sandbox.standins.google.ready_made import ReadyMadeSpeech, babble

SENTENCE_SECONDS: Final = 5.0
TYPICAL_LUFS: Final = -23.8
"""What Google's voice has in docs/measured.md: it is made louder by 6 dB."""

Append = Callable[[bytes], None]
"""Takes the next frame; it is called from any thread."""


class SpeechMaker(Protocol):
    """Makes frames of a sentence."""

    async def speak(self, mp3: bytes, append: Append) -> None:
        """Give all frames of a sentence, as early as possible."""


class TimedSpeech:
    """Notes how long each sentence waits for its first frame."""

    def __init__(self, maker: SpeechMaker) -> None:
        self._maker = maker
        self.waits: list[float] = []
        """One for each sentence, in seconds."""

    async def speak(self, mp3: bytes, append: Append) -> None:
        """See `SpeechMaker`."""
        asked, has_begun = time.monotonic(), False

        def note(frame: bytes) -> None:
            nonlocal has_begun
            if not has_begun:
                has_begun = True
                self.waits.append(time.monotonic() - asked)
            append(frame)

        await self._maker.speak(mp3, note)


class ThreadedSpeech:
    """As the bot does it: in threads of its own process."""

    def __init__(self, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="opus")
        self._level = VoiceLevel(TYPICAL_LUFS)

    async def speak(self, mp3: bytes, append: Append) -> None:
        """See `SpeechMaker`."""
        encoder = SpeechEncoder(Mp3Decoder, self._level)

        def give(made: Iterator[bytes]) -> None:
            for frame in made:
                append(frame)

        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._threads, give, encoder.encode(mp3))
        await loop.run_in_executor(self._threads, give, encoder.finish())

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()


class SpeechInProcess:
    """In a process of its own, which gives a sentence whole."""

    def __init__(self) -> None:
        self._process: Executor = ProcessPoolExecutor(1, mp_context=get_context("spawn"))

    async def speak(self, mp3: bytes, append: Append) -> None:
        """See `SpeechMaker`."""
        for frame in await asyncio.get_running_loop().run_in_executor(self._process, frames_of, mp3):
            append(frame)

    def close(self) -> None:
        """End the process."""
        self._process.shutdown()


def frames_of(mp3: bytes) -> list[bytes]:
    """All frames of a sentence."""
    encoder = SpeechEncoder(Mp3Decoder, VoiceLevel(TYPICAL_LUFS))
    return [*encoder.encode(mp3), *encoder.finish()]


def sentence() -> bytes:
    """The MP3 of one sentence of `SENTENCE_SECONDS`."""
    return ReadyMadeSpeech(babble(SENTENCE_SECONDS), 1.0)("x" * round(SENTENCE_SECONDS), "en")
