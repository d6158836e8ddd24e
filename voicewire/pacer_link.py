"""One pacer, from its start to its end: its process, and the Unix socket to it."""

import os
import re
import socket
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path
from typing import Final

from voicewire.pacer_worker import COMMAND, Command, serve

CAN_BE_A_PROCESS: Final = hasattr(socket, "send_fds")
"""Whether sockets can be handed to another process (https://docs.python.org/3/library/socket.html#socket.send_fds: on
Unix). Elsewhere the pacer is a thread, and late whenever the interpreter is held."""

_PROGRAM: Final = Path(__file__).with_name("pacer_worker.py")
_NEEDED: Final = re.compile(r"PATH|LD_LIBRARY_PATH|DYLD_\w+|SYSTEMROOT", re.IGNORECASE)
"""The variables that a Python may need to start. It gets no other, since they may be secrets."""
_LARGEST_READ: Final = 1 << 16
_BUFFER_BYTES: Final = 1 << 20
_END_SECONDS: Final = 1.0


class PacerLink:
    """Whoever uses it has a lock, but for `read`."""

    def __init__(self, *, is_process: bool) -> None:
        """Start the pacer.

        Raises:
            OSError: it can't be started.
        """
        self._outgoing: deque[tuple[bytearray, socket.socket | None]] = deque()
        """What is to be written, in pieces; a socket goes with the piece beside it."""
        self._handed: deque[socket.socket] | None = None if is_process else deque()
        self.process: subprocess.Popen[bytes] | None = None
        """None where it is a thread."""
        self.control, theirs = socket.socketpair()
        """Our end of the socket. It can be read when the pacer tells something, and when it has ended."""
        self.control.setblocking(False)
        self.control.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
        try:
            if is_process:
                with theirs:
                    self.process = _start_process(theirs)
            else:
                threading.Thread(
                    target=_serve_in_thread, args=(theirs, self._handed), name="pacer", daemon=True
                ).start()
        except OSError:
            self.control.close()
            raise

    def hand_over(self, flow: int, udp: socket.socket) -> None:
        """Have a flow begin over this socket, which stays ours, too."""
        if udp.fileno() >= 0:
            self._outgoing.append((bytearray(COMMAND.pack(Command.OPEN, flow, 0)), udp.dup()))

    def add(self, command: Command, flow: int, value: int, body: bytes = b"") -> None:
        """Add a command to what is written next."""
        if not self._outgoing or self._outgoing[-1][1] is not None:
            self._outgoing.append((bytearray(), None))
        self._outgoing[-1][0].extend(COMMAND.pack(command, flow, value) + body)

    def write(self) -> bool:
        """Write as much as it takes now; whether that was all. Does not block.

        Raises:
            OSError: it has ended.
        """
        while self._outgoing:
            data, udp = self._outgoing[0]
            if udp is not None and self._handed is not None:  # before it hears of it
                self._handed.append(udp)
                udp = None
                self._outgoing[0] = data, None
            try:
                count = self.control.send(data) if udp is None else self._send_socket(data, udp)
            except BlockingIOError:
                return False
            if count < len(data):
                self._outgoing[0] = data[count:], None
                return False
            self._outgoing.popleft()
        return True

    def read(self) -> tuple[bytes, bool]:
        """All that it has told, and whether it still runs."""
        told = bytearray()
        while True:
            try:
                data = self.control.recv(_LARGEST_READ)
            except BlockingIOError:
                return bytes(told), True
            except OSError:  # a connection that was reset: it had not read all that we wrote
                return bytes(told), False
            if not data:
                return bytes(told), False
            told += data

    def kill(self) -> None:
        """End it at once, also if it hangs: when this returns, nothing leaves any more, and `read` has the rest."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def close(self) -> None:
        """End it, and release what is held for it."""
        self.control.close()
        for _, udp in self._outgoing:
            if udp is not None:
                udp.close()
        if self.process is not None:
            try:
                self.process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()

    def _send_socket(self, data: bytearray, udp: socket.socket) -> int:
        count = socket.send_fds(self.control, [data], [udp.fileno()])
        udp.close()
        return count


def _start_process(control: socket.socket) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(_PROGRAM), str(control.fileno())],
        pass_fds=(control.fileno(),),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        env={name: value for name, value in os.environ.items() if _NEEDED.fullmatch(name)},
    )


def _serve_in_thread(control: socket.socket, handed: deque[socket.socket]) -> None:
    with control:
        serve(control, handed)
