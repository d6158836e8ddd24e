"""The UDP socket of the voice server: arrival times, IP discovery, which session a datagram belongs to."""

import asyncio
import logging
import socket
import struct
import sys
import time
from collections.abc import Callable
from typing import Final, Protocol

from sandbox.voice.rtp import TransportError, read_ssrc
from sandbox.voice.voice_faults import DatagramFaults

Address = tuple[str, int]

_logger = logging.getLogger(__name__)
_DISCOVERY: Final = struct.Struct(">HHI64sH")
_DISCOVERY_REQUEST: Final = 1
_DISCOVERY_ANSWER: Final = 2
_DISCOVERY_LENGTH: Final = 70
_LARGEST_DATAGRAM: Final = 2048
_RECEIVE_BUFFER_BYTES: Final = 4 * 1024 * 1024
_SO_TIMESTAMPNS: Final = 35
"""Linux's option of that name, which Python does not name."""
_TIMESPEC: Final = struct.Struct("@ll")
_STAMP_SPACE: Final = socket.CMSG_SPACE(_TIMESPEC.size)


class DatagramSink(Protocol):
    """A voice session, as the socket sees it."""

    address: Address | None
    """Where the client's voice packets come from, once it is known."""

    def receive_datagram(self, datagram: bytes, arrival: float) -> None:
        """Takes a voice packet that reached the socket at `arrival`, in seconds of `time.monotonic()`."""


class VoiceSocket:
    """One UDP socket on 127.0.0.1 for all sessions; packets are told apart by their SSRC."""

    def __init__(self, faults: DatagramFaults, *, pause: float = 0.0) -> None:
        """`pause` is the seconds for which datagrams may lie unread after a reading, where the kernel stamps them.

        Many calls send their frames one by one within a few milliseconds, and to wake for each costs most.
        """
        self.strays = 0
        """Datagrams that were neither IP discovery nor a voice packet of a known session."""
        self.sinks: dict[int, DatagramSink] = {}
        """Who gets the packets of which SSRC."""
        self._faults = faults
        self._loop = asyncio.get_running_loop()
        self._pause = pause if sys.platform == "linux" else 0.0
        self._resting: asyncio.TimerHandle | None = None
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
        self._read = self._choose_reader()
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        """The port that READY names."""
        self._listen()

    def fileno(self) -> int:
        """The socket's file descriptor, for a process that sends from the same address."""
        return self._socket.fileno()

    def send(self, datagram: bytes, address: Address) -> None:
        """Sends a datagram, unless a fault swallows it."""
        if self._faults.loses_datagram():
            return
        try:
            self._socket.sendto(datagram, address)
        except OSError as error:
            # What a full buffer or a client that has gone does to a datagram in any network: it is lost.
            _logger.debug("A datagram to %s was lost: %s", address, error)

    def close(self) -> None:
        """Stops listening."""
        self._loop.remove_reader(self._socket)
        if self._resting is not None:
            self._resting.cancel()
        self._socket.close()

    def _choose_reader(self) -> Callable[[], tuple[bytes, Address, float]]:
        """Where the kernel stamps datagrams, a busy event loop does not falsify when they arrived."""
        if sys.platform != "linux":
            return self._read_plain
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        return self._read_stamped

    def _read_plain(self) -> tuple[bytes, Address, float]:
        datagram, address = self._socket.recvfrom(_LARGEST_DATAGRAM)
        return datagram, address, time.monotonic()

    def _read_stamped(self) -> tuple[bytes, Address, float]:
        datagram, ancillary, _, address = self._socket.recvmsg(_LARGEST_DATAGRAM, _STAMP_SPACE)
        now = time.monotonic()
        for level, kind, data in ancillary:
            if level == socket.SOL_SOCKET and kind == _SO_TIMESTAMPNS:
                seconds, nanoseconds = _TIMESPEC.unpack(data[: _TIMESPEC.size])
                now -= max(0.0, time.time() - (seconds + nanoseconds / 1e9))
        return datagram, address, now

    def _listen(self) -> None:
        self._resting = None
        self._loop.add_reader(self._socket, self._drain)

    def _drain(self) -> None:
        if self._pause:
            self._loop.remove_reader(self._socket)
            self._resting = self._loop.call_later(self._pause, self._listen)
        while True:
            try:
                datagram, address, arrival = self._read()
            except (BlockingIOError, InterruptedError):
                return
            if not self._faults.loses_datagram():
                self._receive(datagram, address, arrival)

    def _receive(self, datagram: bytes, address: Address, arrival: float) -> None:
        if len(datagram) == _DISCOVERY.size and datagram[:2] == _DISCOVERY_REQUEST.to_bytes(2, "big"):
            self._answer_discovery(datagram, address)
            return
        try:
            sink = self.sinks.get(read_ssrc(datagram))
        except TransportError as error:
            _logger.debug("A stray datagram from %s: %s", address, error)
            sink = None
        if sink is None:
            self.strays += 1
            return
        sink.receive_datagram(datagram, arrival)

    def _answer_discovery(self, datagram: bytes, address: Address) -> None:
        if self._faults.drops_discovery():
            _logger.info("An IP discovery from %s is dropped, as ordered", address)
            return
        _, _, ssrc, _, _ = _DISCOVERY.unpack(datagram)
        sink = self.sinks.get(ssrc)
        if sink is None:
            self.strays += 1
            return
        sink.address = address
        host, port = address
        answer = _DISCOVERY.pack(_DISCOVERY_ANSWER, _DISCOVERY_LENGTH, ssrc, host.encode("ascii"), port)
        self.send(answer, address)
