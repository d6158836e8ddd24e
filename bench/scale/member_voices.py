"""The voices of hundreds of members, sent by a process of their own."""

import asyncio
import base64
import json
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from bench.scale.packet_sender import FRAME_SECONDS
from sandbox.voice import Call, VoiceServer

_PROGRAM: Final = Path(__file__).with_name("packet_sender.py")
_AHEAD_SECONDS: Final = 0.15
"""How long before the first packet the sender is given all of them."""
_LONGEST_LINE: Final = 1 << 20


class MemberVoices:
    """Sends what members say, from the voice server's own address. Use it as an async context manager."""

    def __init__(self, server: VoiceServer) -> None:
        """`server` is where the calls are."""
        self._server = server
        self._process: Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._numbers = count()
        self._ordered: dict[int, asyncio.Future[float]] = {}
        self._silent_since: dict[int, float] = {}
        self.late: list[float] = []
        """How late each packet left so far, in seconds."""

    async def __aenter__(self) -> Self:
        descriptor = self._server.udp_descriptor
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(_PROGRAM), str(descriptor)),
            stdin=PIPE,
            stdout=PIPE,
            pass_fds=(descriptor,),
            limit=_LONGEST_LINE,
        )
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._reading is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reading

    async def say(self, call: Call, user_id: int, frames: Sequence[bytes | None], mark: int) -> float:
        """A member says something; returns when the frame with the index `mark` left, by `time.monotonic()`.

        Frames that are None are not sent; nothing is behind the last one.

        Raises:
            KeyError: the member is not in the call.
            ConnectionError: the process that sends has ended.
        """
        assert self._process is not None
        assert self._process.stdin is not None
        begin = time.monotonic() + _AHEAD_SECONDS
        pause = round((begin - self._silent_since.get(user_id, begin)) / FRAME_SECONDS)
        self._silent_since[user_id] = begin + len(frames) * FRAME_SECONDS
        sealed = [
            [(base64.b64encode(datagram).decode(), address) for datagram, address in frame]
            for frame in call.seal(user_id, frames, pause=pause)
        ]
        number = next(self._numbers)
        done: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._ordered[number] = done
        order = {"number": number, "begin": begin, "mark": mark, "frames": sealed}
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        await self._process.stdin.drain()
        return await done

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            report = json.loads(line)
            self.late += report["late"]
            self._ordered.pop(report["number"]).set_result(report["marked"])
        for waiting in self._ordered.values():
            waiting.set_exception(ConnectionError("the process that sends voices has ended"))
