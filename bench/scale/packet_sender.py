"""A process that sends voice packets at their times, so that nobody who is busy with other things makes them late.

Its argument is the descriptor of the socket. It reads an `Order` a line, as JSON, and answers each with a line when its
last packet has left: when the marked packet did, in seconds of `time.monotonic()`, and how late each one was.
"""

import base64
import heapq
import json
import os
import select
import socket
import sys
import time
from typing import Final

FRAME_SECONDS: Final = 0.02
_READ_BYTES: Final = 1 << 16


class Order:
    """What is sent on end, and how that goes."""

    def __init__(self, line: bytes) -> None:
        """`line` has a number, when the first frame is due, the frame to mark, and the frames' datagrams."""
        order = json.loads(line)
        self.begin: float = order["begin"]
        self._number: int = order["number"]
        self._mark: int = order["mark"]
        self._frames = [
            [(base64.b64decode(each), tuple(address)) for each, address in frame] for frame in order["frames"]
        ]
        self._marked = 0.0
        self._late: list[float] = []

    def due(self, index: int) -> float | None:
        """When a frame is due; None behind the last one."""
        return self.begin + index * FRAME_SECONDS if index < len(self._frames) else None

    def send(self, index: int, udp: socket.socket) -> None:
        """Send a frame's datagrams."""
        for datagram, address in self._frames[index]:
            udp.sendto(datagram, address)
        now = time.monotonic()
        if self._frames[index]:
            self._late.append(now - self.begin - index * FRAME_SECONDS)
        if index == self._mark:
            self._marked = now

    def report(self) -> str:
        """How it went."""
        return json.dumps({"number": self._number, "marked": self._marked, "late": self._late})


def _serve(udp: socket.socket) -> None:
    due: list[tuple[float, int, int, Order]] = []
    unread, orders, source = b"", 0, sys.stdin.fileno()
    while True:
        wait = max(0.0, due[0][0] - time.monotonic()) if due else None
        if select.select([source], [], [], wait)[0]:
            read = os.read(source, _READ_BYTES)
            if not read:
                return
            *lines, unread = (unread + read).split(b"\n")
            for order in map(Order, lines):
                orders += 1
                heapq.heappush(due, (order.begin, orders, 0, order))
        while due and due[0][0] <= time.monotonic():
            _, number, index, order = heapq.heappop(due)
            order.send(index, udp)
            following = order.due(index + 1)
            if following is None:
                print(order.report(), flush=True)
            else:
                heapq.heappush(due, (following, number, index + 1, order))


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
