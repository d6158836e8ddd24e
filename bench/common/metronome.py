"""An idle process that wakes up each 20 ms: how late the machine alone makes it, since others use it, too."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from types import TracebackType
from typing import Final, Self

_PROGRAM: Final = """
import json, select, sys, time
due = last = time.monotonic()
longest, late = 0.0, []
while True:
    due += 0.02
    if select.select([sys.stdin], [], [], max(0.0, due - time.monotonic()))[0]:
        break
    now = time.monotonic()
    if now - due > 0.003:
        late.append(now)
    longest, last = max(longest, now - last), now
    due = max(due, now - 0.1)
print(json.dumps([longest, late]))
"""


class Metronome:
    """Beats while it is entered."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self.longest = 0.0
        """The longest time between two beats, in seconds; known at the end."""
        self.late: list[float] = []
        """The beats that were late by over 3 ms, in seconds of `time.monotonic()`; known at the end."""

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-c", _PROGRAM, stdin=PIPE, stdout=PIPE
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        printed, _ = await self._process.communicate(b"\n")
        self.longest, self.late = json.loads(printed)
