"""The UDP socket of one voice connection."""

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import Final

from voicewire.discovery import discovered_address, discovery_request
from voicewire.pacer import PacedFlow, Pacer, PacketOwner

_logger = logging.getLogger(__name__)

_RECEIVE_BUFFER_BYTES: Final = 4 * 1024 * 1024
"""The usual 208 kB hold 166 datagrams: 0.3 s of ten people who speak. Linux gives at most `net.core.rmem_max`."""
_LARGEST_DATAGRAM: Final = 2048
_DATAGRAMS_A_TURN: Final = 256
"""After so many the rest of the event loop has its turn."""
_FIRST_WAIT: Final = 0.25
"""Seconds until an unanswered discovery is sent again; they double each time."""
_LONGEST_WAIT: Final = 2.0


class UdpSocket:
    """Sends from any thread; receives on the event loop."""

    def __init__(self, host: str, port: int, ssrc: int, receive: Callable[[bytes], None]) -> None:
        """`host` is an IP address. `receive` is called with every datagram that is no answer to a discovery.

        Raises:
            OSError: there is no way to that address.
        """
        self._loop = asyncio.get_running_loop()
        self._ssrc = ssrc
        self._receive = receive
        self._address: asyncio.Future[tuple[str, int]] = self._loop.create_future()
        self.probes_sent = 0
        """How many probes were sent."""
        self.probes_answered = 0
        """How many answers have come to probes."""
        self.received = 0
        """How many datagrams have come."""
        self._socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
            self._socket.connect((host, port))
        except OSError:
            self._socket.close()
            raise
        self.send = self._socket.send
        """Send one datagram; OSError if it has not left."""
        self._loop.add_reader(self._socket, self._read)

    def paced(self, pacer: Pacer, owner: PacketOwner) -> PacedFlow:
        """A way for packets to leave over this socket at their time."""
        return pacer.open(self._socket, owner)

    async def discover(self) -> tuple[str, int]:
        """Our own address, as the server sees it. Asks until it is answered; the caller limits the time."""
        wait = _FIRST_WAIT
        while not self._address.done():
            self._send_request()
            await asyncio.wait({self._address}, timeout=wait)
            wait = min(2 * wait, _LONGEST_WAIT)
        return self._address.result()

    def probe(self) -> None:
        """Ask the server for an answer. It also keeps the way through a router open."""
        self.probes_sent += 1
        self._send_request()

    def close(self) -> None:
        """Stop receiving and sending."""
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket)
            self._socket.close()
        self._address.cancel()

    def _send_request(self) -> None:
        try:
            self.send(discovery_request(self._ssrc))
        except OSError as error:
            _logger.debug("A discovery has not left: %s", error)

    def _read(self) -> None:
        for _ in range(_DATAGRAMS_A_TURN):
            try:
                datagram = self._socket.recv(_LARGEST_DATAGRAM)
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:  # such as the answer of a host that has no such port any more
                _logger.debug("Nothing was read: %s", error)
                return
            self.received += 1
            address = discovered_address(datagram, self._ssrc)
            if address is None:
                self._receive(datagram)
            elif self._address.done():
                self.probes_answered += 1
            else:
                self._address.set_result(address)
