"""The bot's side of the pacer: starts its process, hands it packets ahead of their time, and hears which have left."""

import logging
import os
import re
import select
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

from voicewire.pacer_worker import COMMAND, REPORT, Command, Report

_logger = logging.getLogger(__name__)

_PROGRAM: Final = Path(__file__).with_name("pacer_worker.py")
_NEEDED: Final = re.compile(r"PATH|LD_LIBRARY_PATH|DYLD_\w+|SYSTEMROOT", re.IGNORECASE)
"""The variables that a Python may need to start. It gets no other, since they may be secrets."""
_LARGEST_READ: Final = 1 << 16
_BUFFER_BYTES: Final = 1 << 20
_HUNG_SECONDS: Final = 0.25
"""So long a pacer that has something to do may say nothing."""
_AGAIN_SECONDS: Final = 0.25
"""One that ends sooner after its start is not followed by another before that."""
_END_SECONDS: Final = 1.0
_CLOSING: Final = 0
"""The number of the request that closes a flow."""


class PacketOwner(Protocol):
    """Whose packets a flow carries. It is called on the thread that waits for the pacer."""

    @property
    def is_waiting(self) -> bool:
        """Whether it expects to be called."""

    def packet_left(self) -> None:
        """The first of the packets that waited has left."""

    def packets_dropped(self, request: int | None) -> None:
        """None of those that waited will leave: it was asked for, with that number, or the pacer is gone (None)."""


class PacedFlow:
    """A UDP socket over which the pacer sends. From any thread."""

    def __init__(self, pacer: "Pacer", number: int, udp: socket.socket, owner: PacketOwner) -> None:
        """Made by `Pacer.open`."""
        self.number = number
        """Which flow of the pacer's."""
        self.udp = udp
        """Its socket, connected."""
        self.owner = owner
        """Whose packets it carries."""
        self.is_closed = False
        """Whether no more packets come."""
        self._pacer = pacer

    def feed(self, packet: bytes) -> bool:
        """Have a packet sent behind those that wait, once `Pacer.flush` is called; False where there is no pacer."""
        return self._pacer.tell(Command.PACKET, self.number, len(packet), packet)

    def take_back(self, request: int) -> None:
        """Have none of those that wait sent. When that is sure, the owner is told, with the number of the request."""
        self._pacer.tell(Command.TAKE_BACK, self.number, request)
        self._pacer.flush()

    def close(self) -> None:
        """Take back what waits, and forget the socket."""
        self._pacer.forget(self)


class Pacer:
    """One for all calls. Its process begins with the first, or when it is warmed; it is replaced if it dies or hangs.

    Use it as a context manager. One thread has to `wait`, again and again, or nobody hears what has left.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._started_at = 0.0
        self._outgoing: deque[tuple[bytearray, int | None]] = deque()
        """What is to be written, in pieces; a socket of ours, of this number, goes with the piece beside it."""
        self._flows: dict[int, PacedFlow] = {}
        self._last_number = 0
        self._unread = b""
        self._silent_seconds = 0.0
        self._awake, self._wakes = socket.socketpair()
        self._awake.setblocking(False)
        self._wakes.setblocking(False)
        self._is_woken = False
        self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._is_closed = True
            self._flows.clear()
            self._end_process(is_to_be_killed=False)
            self._awake.close()
            self._wakes.close()

    @property
    def process_id(self) -> int | None:
        """The process, if it runs."""
        return None if self._process is None else self._process.pid

    def warm(self) -> None:
        """Start the process, unless it runs. Takes some milliseconds, and the process some more until it is there."""
        with self._lock:
            if not self._started_at:
                self._start()

    def open(self, udp: socket.socket, owner: PacketOwner) -> PacedFlow:
        """A new flow over this socket, which stays ours, too."""
        with self._lock:
            self._last_number += 1
            flow = self._flows[self._last_number] = PacedFlow(self, self._last_number, udp, owner)
            if not self._started_at:
                self._start()  # hands over all flows
            elif self._control is not None:
                self._hand_over(flow)
            self._write()
        return flow

    def forget(self, flow: PacedFlow) -> None:
        """See `PacedFlow.close`."""
        with self._lock:
            if flow.is_closed:
                return
            flow.is_closed = True
            # It is forgotten when the answer comes, or a pacer that is gone is replaced: its owner is told first.
            if self._control is not None:
                self._add(COMMAND.pack(Command.CLOSE, flow.number, _CLOSING))
                self._write()

    def tell(self, command: Command, number: int, value: int, body: bytes = b"") -> bool:
        """Add a command to what is written next; False where there is nobody to tell."""
        with self._lock:
            flow = self._flows.get(number)
            if self._control is None or flow is None or flow.is_closed:
                return False
            self._add(COMMAND.pack(command, number, value) + body)
            return True

    def flush(self) -> None:
        """Write what is to be told. Does not block."""
        with self._lock:
            self._write()

    def wake(self) -> None:
        """Have `wait` return at once. From any thread."""
        if not self._is_woken:
            self._is_woken = True
            try:
                self._wakes.send(b"\0")
            except OSError as error:  # it is full, so it wakes; or closed, and nobody waits
                _logger.debug("The clock is not woken: %s", error)

    def wait(self, seconds: float | None) -> bool:
        """Wait until the pacer tells something, until `wake`, or for so long; None: as long as it takes.

        Owners are called before it returns. Returns whether a tick of the pacer has passed, in which a packet left.
        """
        begun = time.monotonic()
        events = self._poll(seconds)
        if self._awake.fileno() in events:
            self._is_woken = False
            self._awake.recv(_LARGEST_READ)
        has_ticked, is_alive = self._read() if self._control is not None else (False, True)
        if not is_alive:
            self._replace("it has ended")
        elif has_ticked or self._control is None or not any(flow.owner.is_waiting for flow in self._all_flows()):
            self._silent_seconds = 0.0
        elif seconds is not None:
            # No more than was meant to be waited: where we were stopped ourselves, it is not the pacer that hangs.
            self._silent_seconds += min(seconds, time.monotonic() - begun)
            if self._silent_seconds > _HUNG_SECONDS:
                self._replace("it hangs")
        if self._control is None and self._flows:
            self._replace("it could not be started")
        return has_ticked

    def _all_flows(self) -> tuple[PacedFlow, ...]:
        with self._lock:
            return tuple(self._flows.values())

    def _poll(self, seconds: float | None) -> set[int]:
        poll = select.poll()
        poll.register(self._awake, select.POLLIN)
        with self._lock:
            if self._control is not None:
                poll.register(self._control, select.POLLIN | (select.POLLOUT if self._outgoing else 0))
        events = {number for number, _ in poll.poll(None if seconds is None else seconds * 1000)}
        if self._outgoing:
            self.flush()
        return events

    def _read(self) -> tuple[bool, bool]:
        """Take in all that the pacer has told; whether it ticked, and whether it still runs."""
        assert self._control is not None
        has_ticked = False
        while True:
            try:
                data = self._control.recv(_LARGEST_READ)
            except BlockingIOError:
                return has_ticked, True
            except OSError as error:
                _logger.debug("The pacer can't be read: %s", error)
                return has_ticked, False
            if not data:
                return has_ticked, False
            has_ticked |= self._take(self._unread + data)

    def _take(self, data: bytes) -> bool:
        has_ticked = False
        end = len(data) - len(data) % REPORT.size
        self._unread = data[end:]
        for kind, number, value in REPORT.iter_unpack(memoryview(data)[:end]):
            flow = self._flows.get(number)
            if flow is None:
                continue
            if kind == Report.LEFT:
                has_ticked = True
                flow.owner.packet_left()
            elif kind == Report.DROPPED:
                flow.owner.packets_dropped(None if value == _CLOSING else value)
                if value == _CLOSING:
                    with self._lock:
                        del self._flows[number]
            else:
                has_ticked = True
                _logger.debug("A frame has not left: %s", os.strerror(value))
        return has_ticked

    def _replace(self, reason: str) -> None:
        """Another process instead of one that is gone or hangs; what had not left goes back to its owners."""
        now = time.monotonic()
        with self._lock:
            had_one = self._control is not None
            if had_one:
                assert self._process is not None
                self._process.kill()  # also wakes one that was stopped; then nothing of it leaves any more
                self._process.wait()
        if had_one:
            self._read()
            with self._lock:
                self._end_process(is_to_be_killed=True)
        elif now - self._started_at < _AGAIN_SECONDS:
            return
        _logger.warning("The pacer is started anew: %s", reason)
        flows = self._all_flows()
        with self._lock:
            self._flows = {flow.number: flow for flow in flows if not flow.is_closed}
            if now - self._started_at >= _AGAIN_SECONDS:
                self._start()
                self._write()
        for flow in flows:
            flow.owner.packets_dropped(None)

    def _start(self) -> None:
        """Start the process, while there is none, and hand it all sockets. The caller has the lock."""
        if self._is_closed:
            return
        self._started_at = time.monotonic()
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", "-S", str(_PROGRAM), str(theirs.fileno())],
                    pass_fds=(theirs.fileno(),),
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                    env={name: value for name, value in os.environ.items() if _NEEDED.fullmatch(name)},
                )
            except OSError as error:
                _logger.warning("The pacer can't be started: %s", error)
                ours.close()
                return
        ours.setblocking(False)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
        self._control, self._unread, self._silent_seconds = ours, b"", 0.0
        for flow in self._flows.values():
            self._hand_over(flow)

    def _hand_over(self, flow: PacedFlow) -> None:
        self._outgoing.append((bytearray(COMMAND.pack(Command.OPEN, flow.number, 0)), os.dup(flow.udp.fileno())))

    def _add(self, data: bytes) -> None:
        if not self._outgoing or self._outgoing[-1][1] is not None:
            self._outgoing.append((bytearray(), None))
        self._outgoing[-1][0].extend(data)

    def _write(self) -> None:
        """Write as much as it takes now. The caller has the lock."""
        while self._outgoing and self._control is not None:
            data, udp = self._outgoing[0]
            try:
                count = self._control.send(data) if udp is None else socket.send_fds(self._control, [data], [udp])
            except OSError as error:  # it does not read, or it is gone: `wait` finds out
                _logger.debug("The pacer takes nothing now: %s", error)
                return
            if udp is not None:
                os.close(udp)
            if count < len(data):
                self._outgoing[0] = data[count:], None
                return
            self._outgoing.popleft()

    def _end_process(self, *, is_to_be_killed: bool) -> None:
        """The process ends when our socket closes. The caller has the lock."""
        control, self._control = self._control, None
        process, self._process = self._process, None
        for _, udp in self._outgoing:
            if udp is not None:
                os.close(udp)
        self._outgoing.clear()
        if control is not None:
            control.close()
        if process is not None:
            if is_to_be_killed:
                process.kill()
            try:
                process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
