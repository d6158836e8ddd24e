import asyncio
import socket
import time

from sandbox.voice.rtp import RtpPacket, TransportCipher
from sandbox.voice.udp import Address, VoiceSocket
from sandbox.voice.voice_faults import DatagramFaults


class Sink:
    def __init__(self, wanted: int) -> None:
        self.address: Address | None = None
        self.arrivals: list[float] = []
        self.complete = asyncio.Event()
        self._wanted = wanted

    def receive_datagram(self, datagram: bytes, arrival: float) -> None:
        assert datagram
        self.arrivals.append(arrival)
        if len(self.arrivals) == self._wanted:
            self.complete.set()


async def test_a_busy_event_loop_does_not_falsify_arrivals() -> None:
    udp = VoiceSocket(DatagramFaults())
    sink = Sink(wanted=2)
    udp.sinks[5] = sink
    datagram = TransportCipher().encrypt(RtpPacket(0, 0, 5, b"opus"))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.connect(("127.0.0.1", udp.port))
        # The first stamp of a socket may come from when it is read: the kernel begins lazily.
        client.send(datagram)
        await asyncio.sleep(0.05)
        sent = time.monotonic()
        client.send(datagram)
        time.sleep(0.3)  # noqa: ASYNC251 - the event loop is to stand still
        await asyncio.wait_for(sink.complete.wait(), 5)
    udp.close()
    assert abs(sink.arrivals[1] - sent) < 0.15


async def test_datagrams_that_belong_to_nobody_are_counted() -> None:
    udp = VoiceSocket(DatagramFaults())
    sink = Sink(wanted=1)
    udp.sinks[5] = sink
    cipher = TransportCipher()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.connect(("127.0.0.1", udp.port))
        client.send(b"hello")
        client.send(cipher.encrypt(RtpPacket(0, 0, 6, b"opus")))
        client.send(cipher.encrypt(RtpPacket(0, 0, 5, b"opus")))
        await asyncio.wait_for(sink.complete.wait(), 5)
    udp.close()
    assert (udp.strays, len(sink.arrivals)) == (2, 1)
