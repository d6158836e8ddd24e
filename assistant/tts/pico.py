"""Five languages without a network: SVOX Pico, in a process of its own."""

import asyncio
import json
import logging
import struct
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from assistant.audio.decoders import Decoder, PcmDecoder
from assistant.domain.errors import SpeechEmpty, SpeechTimeout, SpeechUnreachable
from assistant.tts.voice import Voice
from assistant.util.timeouts import lenient_timeout

_logger = logging.getLogger(__name__)

_NAME: Final = "pico"
_TIMEOUT: Final = 10.0
"""Seconds; 100 characters take less than 0.1 s, and the first ones 0.2 s more for the process."""
_RATE: Final = 16_000
_PROCESS: Final = Path(__file__).with_name("pico_worker.py")
_TAGS: Final = str.maketrans("<>", "  ")
"""Pico takes what stands in angle brackets for orders."""
_VOICES: Final = (
    Voice(engine=_NAME, name="de-DE", label="Pico, German", languages=frozenset({"de"}), loudness=-17.0),
    Voice(engine=_NAME, name="es-ES", label="Pico, Spanish", languages=frozenset({"es"}), loudness=-15.3),
    Voice(engine=_NAME, name="fr-FR", label="Pico, French", languages=frozenset({"fr"}), loudness=-18.4),
    Voice(engine=_NAME, name="it-IT", label="Pico, Italian", languages=frozenset({"it"}), loudness=-19.4),
    Voice(engine=_NAME, name="en-US", label="Pico, American", languages=frozenset({"en"}), loudness=-18.2),
    Voice(engine=_NAME, name="en-GB", label="Pico, British", languages=frozenset({"en"}), loudness=-18.2),
)
"""Their loudness is in LUFS, as measured at the volume of `pico_worker`."""
_SPEEDS: Final = {"en-US": 0.8, "en-GB": 0.8}
"""Where a voice is understood better at less than its own pace: with 170 words a minute instead of 215, a listening
program errs in 5.5 and 6.2 % of the words of 80 sentences instead of in 6.6 and 7.9 %."""


class PicoEngine:
    """py-nanotts 0.1. Its process is started with the first sentence, and anew after it hung or died."""

    name = _NAME

    def __init__(self) -> None:
        """There are no voices where the package has no wheel, as on macOS."""
        self.timeout = _TIMEOUT
        is_there = find_spec("py_nanotts") is not None
        self.voices = _VOICES if is_there else ()
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._kill()

    @staticmethod
    def form() -> Decoder:
        """See `SpeechEngine.form`."""
        return PcmDecoder(_RATE)

    async def warm(self) -> None:
        """Start the process, which takes 0.2 s."""
        try:
            async with self._turn:
                await self._start()
        except OSError as error:
            _logger.warning("Pico's process could not be started: %s", error)

    async def speak(self, text: str, voice: Voice, language: str) -> AsyncGenerator[bytes, None]:  # noqa: ARG002 - voice says it
        """See `SpeechEngine.speak`. One sentence is spoken at a time, in some thousandths of its length."""
        speed = _SPEEDS.get(voice.name, 1.0)
        order = json.dumps({"text": text.translate(_TAGS), "voice": voice.name, "speed": speed}).encode() + b"\n"
        async with self._turn:
            pcm = await self._ask(order)
        if not pcm:
            raise SpeechEmpty(engine=_NAME, detail="no sound for this text")
        yield pcm

    async def _ask(self, order: bytes) -> bytes:
        answered = False
        try:
            async with lenient_timeout(self.timeout):
                pcm = await self._exchange(order)
            answered = True
        except TimeoutError:
            raise SpeechTimeout(engine=_NAME, detail="its process hangs", seconds=self.timeout) from None
        except (OSError, asyncio.IncompleteReadError) as error:
            raise SpeechUnreachable(engine=_NAME, detail=f"its process died: {error}") from error
        finally:
            if not answered:  # also when we are cancelled: the next one would get this one's answer
                await self._kill()
        return pcm

    async def _exchange(self, order: bytes) -> bytes:
        process = await self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(order)
        await process.stdin.drain()
        (length,) = struct.unpack(">I", await process.stdout.readexactly(4))
        return await process.stdout.readexactly(length)

    async def _start(self) -> Process:
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", str(_PROCESS), stdin=PIPE, stdout=PIPE, start_new_session=True
            )
        return self._process

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            if process.returncode is None:
                process.kill()
            await process.communicate()  # closes its pipes, too
