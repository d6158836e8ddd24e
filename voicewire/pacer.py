"""The bot's side of the pacer: hands it packets ahead of time, hears which have left, and replaces one that is gone."""

import logging
import os
import selectors
import socket
import threading
import time
from types import TracebackType
from typing import Final, Protocol, Self

from voicewire.pacer_link import CAN_BE_A_PROCESS, PacerLink
from voicewire.pacer_worker import REPORT, Command, Report

_logger = logging.getLogger(__name__)

_LARGEST_READ: Final = 1 << 16
_HUNG_SECONDS: Final = 1.0
"""So long a pacer that has something to do may say nothing. On a machine short of CPU, a healthy one is silent for a
quarter of a second, and another in its place would wait, too."""
_START_SECONDS: Final = 5.0
"""The same before it has told anything: its process may have to wait for a CPU."""
_AGAIN_SECONDS: Final = 0.25
"""One that ends sooner after its start is not followed by another before that."""
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
    """One for all calls. It begins with the first, or when it is warmed, and is replaced if it dies or hangs.

    Use it as a context manager. One thread has to `wait`, again and again, or nobody hears what has left.
    """

    def __init__(self, *, is_process: bool = CAN_BE_A_PROCESS) -> None:
        """Start nothing yet."""
        self._is_process = is_process
        self._lock = threading.Lock()
        self._link: PacerLink | None = None
        self._started_at = 0.0
        self._flows: dict[int, PacedFlow] = {}
        self._last_number = 0
        self._unread = b""
        self._silent_seconds = 0.0
        self._has_told = False
        self._selector: selectors.BaseSelector
        self._awake: socket.socket
        self._wakes: socket.socket
        self._is_woken = False
        self._is_open = False

    def __enter__(self) -> Self:
        self._selector = selectors.DefaultSelector()
        self._awake, self._wakes = socket.socketpair()
        self._awake.setblocking(False)
        self._wakes.setblocking(False)
        self._selector.register(self._awake, selectors.EVENT_READ)
        self._is_open = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._is_open = False
            self._flows.clear()
            self._unlink()
            self._selector.close()
            self._awake.close()
            self._wakes.close()

    @property
    def process_id(self) -> int | None:
        """The process, if it runs."""
        link = self._link
        return None if link is None or link.process is None else link.process.pid

    def warm(self) -> None:
        """Start it, unless that was done. Takes some milliseconds, and a process some more until it is there."""
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
            elif self._link is not None:
                self._link.hand_over(flow.number, udp)
            self._write()
        return flow

    def forget(self, flow: PacedFlow) -> None:
        """See `PacedFlow.close`."""
        with self._lock:
            if flow.is_closed:
                return
            flow.is_closed = True
            # It is forgotten when the answer comes, or a pacer that is gone is replaced: its owner is told first.
            if self._link is not None:
                self._link.add(Command.CLOSE, flow.number, _CLOSING)
                self._write()

    def tell(self, command: Command, number: int, value: int, body: bytes = b"") -> bool:
        """Add a command to what is written next; False where there is nobody to tell."""
        with self._lock:
            flow = self._flows.get(number)
            if self._link is None or flow is None or flow.is_closed:
                return False
            self._link.add(command, number, value, body)
            return True

    def flush(self) -> None:
        """Write what is to be told. Does not block."""
        with self._lock:
            self._write()

    def wake(self) -> None:
        """Have `wait` return at once. From any thread."""
        if self._is_open and not self._is_woken:
            self._is_woken = True
            try:
                self._wakes.send(b"\0")
            except OSError as error:  # closed: nobody waits
                _logger.debug("The clock is not woken: %s", error)

    def wait(self, seconds: float | None) -> bool:
        """Wait until the pacer tells something, until `wake`, or for so long; None: as long as it takes.

        Owners are called before it returns. Returns whether a tick of the pacer has passed, in which a packet was due.
        """
        begun = time.monotonic()
        events = {key.fileobj for key, _ in self._selector.select(seconds)}
        if self._awake in events:
            # In this order: a `wake` in between that was read here and left the flag set would be the last one heard.
            self._awake.recv(_LARGEST_READ)
            self._is_woken = False
        if self._link is None:
            if self._flows:
                self._replace("it could not be started")
            return False
        told, is_alive = self._link.read()
        self._has_told = self._has_told or bool(told)
        has_ticked = self._take(told)
        if not is_alive:
            self._replace("it has ended")
        elif has_ticked or not any(flow.owner.is_waiting for flow in self._all_flows()):
            self._silent_seconds = 0.0
        elif seconds is not None:
            # No more than was meant to be waited: where we were stopped ourselves, it is not the pacer that hangs.
            self._silent_seconds += min(seconds, time.monotonic() - begun)
            if self._silent_seconds > (_HUNG_SECONDS if self._has_told else _START_SECONDS):
                self._replace("it hangs")
        self.flush()
        return has_ticked

    def _all_flows(self) -> tuple[PacedFlow, ...]:
        with self._lock:
            return tuple(self._flows.values())

    def _take(self, told: bytes) -> bool:
        """Tell owners what was told; whether a packet was due."""
        has_ticked = False
        data = self._unread + told
        end = len(data) - len(data) % REPORT.size
        self._unread = data[end:]
        for kind, number, value in REPORT.iter_unpack(data[:end]):
            flow = self._flows[number]
            if kind == Report.LEFT:
                has_ticked = True
                flow.owner.packet_left()
            elif kind == Report.FAILED:
                has_ticked = True
                _logger.debug("A frame has not left: %s", os.strerror(value))
            elif value == _CLOSING:
                flow.owner.packets_dropped(None)
                with self._lock:
                    del self._flows[number]
            else:
                flow.owner.packets_dropped(value)
        return has_ticked

    def _replace(self, reason: str) -> None:
        """Another one instead of one that is gone or hangs; what had not left goes back to its owners."""
        if self._link is None and time.monotonic() - self._started_at < _AGAIN_SECONDS:
            return
        if self._link is not None:
            _logger.warning("The pacer is started anew: %s", reason)
            with self._lock:
                self._link.kill()
            told, _ = self._link.read()
            self._take(told)
        flows = self._all_flows()
        with self._lock:
            self._unlink()
            self._flows = {flow.number: flow for flow in flows if not flow.is_closed}
            if time.monotonic() - self._started_at >= _AGAIN_SECONDS:
                self._start()
                self._write()
        for flow in flows:
            flow.owner.packets_dropped(None)

    def _start(self) -> None:
        """Start one, while there is none, and hand it all sockets. The caller has the lock."""
        if not self._is_open:
            return
        self._started_at = time.monotonic()
        try:
            self._link = PacerLink(is_process=self._is_process)
        except OSError as error:
            _logger.warning("The pacer can't be started: %s", error)
            return
        self._unread, self._silent_seconds, self._has_told = b"", 0.0, False
        self._selector.register(self._link.control, selectors.EVENT_READ)
        for flow in self._flows.values():
            self._link.hand_over(flow.number, flow.udp)

    def _unlink(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            self._selector.unregister(link.control)
            link.close()

    def _write(self) -> None:
        """Write as much as it takes now; the rest goes with the next `wait`. The caller has the lock."""
        if self._link is not None:
            try:
                self._link.write()
            except OSError as error:  # `wait` finds out
                _logger.debug("The pacer takes nothing any more: %s", error)
