"""The recognizer that everybody has: moonshine, in a process of its own."""

import asyncio
import json
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class RecognizerProcess:
    """Recognizes one piece of speech after the other."""

    process: asyncio.subprocess.Process
    texts: list[str] = field(default_factory=list)
    """What it has recognized so far."""
    _free: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def recognize(self, pcm: bytes) -> str:
        """The text of 16-bit samples, 16,000 a second.

        Raises:
            asyncio.IncompleteReadError: the process has ended.
        """
        source, sink = self.process.stdout, self.process.stdin
        assert source is not None
        assert sink is not None
        async with self._free:
            sink.write(json.dumps({"bytes": len(pcm)}).encode() + b"\n" + pcm)
            await sink.drain()
            (length,) = struct.unpack(">I", await source.readexactly(4))
            text = (await source.readexactly(length)).decode()
        if text:
            self.texts.append(text)
        return text


@asynccontextmanager
async def open_recognizer(command: Sequence[str]) -> AsyncIterator[RecognizerProcess]:
    """Start it, with its model loaded; it ends with the block."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        recognizer = RecognizerProcess(process)
        await recognizer.recognize(bytes(32_000))
        yield recognizer
    finally:
        process.kill()
        await process.wait()
