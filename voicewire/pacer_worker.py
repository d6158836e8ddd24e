"""The pacer's process: sends packets that were made elsewhere, one of each flow every 20 ms, whatever the bot does.

A flow is a UDP socket and the packets that wait to leave over it. They come, with the sockets, over a Unix socket whose
number is the program's argument; what has left goes back the same way. It ends when that closes. It imports little, so
that it is there at once and takes 5 MB of its own, and nothing of this package: it runs without its libraries.
"""

import gc
import select
import signal
import socket
import struct
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Final

INTERVAL_SECONDS: Final = 0.02
"""From one packet of a flow to the next: what a frame of Opus takes."""
SHORTEST_SECONDS: Final = 0.015
"""The least time between two packets of a flow, however late the first was, or this process while it sends."""

COMMAND: Final = struct.Struct(">BIH")
"""Before what the pacer is told: a `Command`, the flow's number, and how many bytes follow, or the number of a request
that is answered with it."""
REPORT: Final = struct.Struct(">BIH")
"""What it tells: a `Report`, the flow's number, and an `errno` or the number of the request."""

_LARGEST_READ: Final = 1 << 18
_MOST_SOCKETS: Final = 16
"""A message has one."""


class Command(IntEnum):
    """What the pacer is told."""

    OPEN = 1
    """A flow begins. Its socket comes with the message."""
    PACKET = 2
    """A packet, to be sent behind those that wait."""
    TAKE_BACK = 3
    """What waits is not to leave. It is answered with `DROPPED`."""
    CLOSE = 4
    """The same, and the flow is over."""


class Report(IntEnum):
    """What the pacer tells."""

    LEFT = 1
    """The first packet that waited has left."""
    FAILED = 2
    """The system did not take it. It is tried again 20 ms later."""
    DROPPED = 3
    """All packets that waited are gone, and none of them has left."""


class PacketQueues:
    """What waits in each flow, and when it is due."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is in seconds."""
        self._now = now
        self.due = 0.0
        """When the next packets are due; it counts only if some wait."""
        self.waiting = 0
        """How many packets wait in all."""
        # Flows keep their order, and so each has a steady place in the 20 ms while others come and go.
        self._flows: dict[int, tuple[socket.socket, deque[bytes]]] = {}
        self._unread = b""
        self._sockets: deque[socket.socket] = deque()

    def take(self, data: bytes, sockets: Sequence[socket.socket]) -> bytes:
        """Do what a piece of the stream of commands says; returns the reports that answer it."""
        self._sockets += sockets
        if not self.waiting:
            self.due = max(self.due, self._now())
        data = self._unread + data
        place, end, reports = 0, len(data), bytearray()
        while end - place >= COMMAND.size:
            kind, number, value = COMMAND.unpack_from(data, place)
            body = place + COMMAND.size
            if kind == Command.PACKET:
                if end - body < value:
                    break
                place = body + value
                self._flows[number][1].append(data[body:place])
                self.waiting += 1
                continue
            place = body
            if kind == Command.OPEN:
                self._flows[number] = (self._sockets.popleft(), deque())
                continue
            udp, packets = self._flows[number]
            self.waiting -= len(packets)
            packets.clear()
            reports += REPORT.pack(Report.DROPPED, number, value)
            if kind == Command.CLOSE:
                del self._flows[number]
                udp.close()
        self._unread = data[place:]
        return bytes(reports)

    def close(self) -> None:
        """Send nothing more, and close the sockets."""
        for udp, _ in self._flows.values():
            udp.close()
        self._flows.clear()

    def send(self) -> bytes:
        """Send one packet of each flow, if they are due; returns the reports. What is late is not made up for."""
        if not self.waiting or self._now() < self.due:
            return b""
        reports = bytearray()
        for number, (udp, packets) in self._flows.items():
            if packets:
                try:
                    udp.send(packets[0])
                except OSError as error:
                    reports += REPORT.pack(Report.FAILED, number, error.errno or 0)
                else:
                    packets.popleft()
                    self.waiting -= 1
                    reports += REPORT.pack(Report.LEFT, number, 0)
        self.due = max(self.due + INTERVAL_SECONDS, self._now() + SHORTEST_SECONDS)
        return bytes(reports)


def serve(control: socket.socket, handed: deque[socket.socket] | None = None) -> None:
    """Do what is said over a socket until that closes.

    The sockets of flows come with it, or, in a process with whoever speaks, are found in `handed`.
    """
    queues = PacketQueues()
    while True:
        wait = max(0.0, queues.due - time.monotonic()) if queues.waiting else None
        reports = b""
        if select.select([control], [], [], wait)[0]:
            data, sockets = _read(control, handed)
            if not data:
                queues.close()
                return
            reports = queues.take(data, sockets)
        reports += queues.send()
        if reports:
            control.sendall(reports)


def _read(control: socket.socket, handed: deque[socket.socket] | None) -> tuple[bytes, list[socket.socket]]:
    if handed is None:
        data, numbers, _, _ = socket.recv_fds(control, _LARGEST_READ, _MOST_SOCKETS)
        return data, [socket.socket(fileno=number) for number in numbers]
    data = control.recv(_LARGEST_READ)
    return data, [handed.popleft() for _ in range(len(handed))]


def _main() -> None:
    # Whoever ends all processes of a service ends the bot, too, and it still has frames to send.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    gc.disable()
    with socket.socket(fileno=int(sys.argv[1])) as control:
        try:
            serve(control)
        except ConnectionError:
            return  # the bot has died


if __name__ == "__main__":
    _main()
