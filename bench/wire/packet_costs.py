"""What one packet costs: sent, received, and hostile. CPU microseconds, the median of several rounds."""

import gc
import random
import socket
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from bench.wire.group_of_two import GroupOfTwo
from sandbox.voice.packet_writer import PacketWriter
from sandbox.voice.rtp import TransportCipher
from voicewire import VoicePacket
from voicewire.ciphers import CIPHERS
from voicewire.dave.mls_session import MakeMlsSession
from voicewire.receiver import Receiver
from voicewire.sender import FrameSender

KEY: Final = bytes(range(32))
FRAME: Final = b"\x78" + bytes(range(159))
"""As long as 20 ms at 64 kbit/s."""
_ROUNDS: Final = 7
_PACKETS: Final = 5000
_SSRC: Final = 7


class Silent:
    """Wants everybody, or nobody, and does nothing."""

    def __init__(self, *, wants: bool) -> None:
        self._wants = wants
        self.heard = 0

    def wants(self, user_id: int) -> bool:  # noqa: ARG002 - everybody or nobody
        return self._wants

    def hear(self, packet: VoicePacket) -> None:
        self.heard += packet.opus is not None


def send_cost(mode: str, make_session: MakeMlsSession) -> float:
    """`FrameSender.send`: DAVE, RTP, transport encryption and the system call, to a socket on loopback."""
    group = GroupOfTwo(make_session)
    with _loopback() as sender_socket:
        sender = FrameSender(group.ours)
        sender.open(sender_socket.send, CIPHERS[mode](KEY), _SSRC)
        return _cost(sender.send, lambda: [FRAME] * _PACKETS)


def receive_cost(mode: str, make_session: MakeMlsSession, *, wants: bool) -> float:
    """`Receiver.take` of packets as Discord's clients send them, down to Opus; or dropped unopened."""
    group = GroupOfTwo(make_session)
    listener = Silent(wants=wants)
    receiver = Receiver(group.ours)
    receiver.listener, receiver.cipher = listener, CIPHERS[mode](KEY)
    receiver.assign(_SSRC, group.their_id)
    theirs, packets = TransportCipher(KEY, mode), PacketWriter(_SSRC)

    def make() -> list[bytes]:
        return [theirs.encrypt(packets.next(group.seal_theirs(FRAME))) for _ in range(_PACKETS)]

    cost = _cost(receiver.take, make)
    if wants and listener.heard != _ROUNDS * _PACKETS:
        raise RuntimeError(f"{listener.heard} of {_ROUNDS * _PACKETS} packets were heard")
    return cost


def rubbish_cost(mode: str, make_session: MakeMlsSession) -> float:
    """`Receiver.take` of what a member sends whose frames no key opens. None may be given out."""
    group = GroupOfTwo(make_session)
    listener = Silent(wants=True)
    receiver = Receiver(group.ours)
    receiver.listener, receiver.cipher = listener, CIPHERS[mode](KEY)
    receiver.assign(_SSRC, group.their_id)
    theirs, packets = TransportCipher(KEY, mode), PacketWriter(_SSRC)

    def make() -> list[bytes]:
        sealed = (group.seal_theirs(FRAME) for _ in range(_PACKETS))
        return [theirs.encrypt(packets.next(bytes([frame[0] ^ 1]) + frame[1:])) for frame in sealed]

    cost = _cost(receiver.take, make)
    if listener.heard:
        raise RuntimeError("rubbish was given out")
    return cost


def hostile_cost(mode: str, make_session: MakeMlsSession, count: int) -> tuple[float, int]:
    """Random and mutated datagrams: microseconds each, and how many. None may raise or be given out."""
    group = GroupOfTwo(make_session)
    listener = Silent(wants=True)
    receiver = Receiver(group.ours)
    receiver.listener, receiver.cipher = listener, CIPHERS[mode](KEY)
    receiver.assign(_SSRC, group.their_id)
    good = TransportCipher(KEY, mode).encrypt(PacketWriter(_SSRC).next(group.seal_theirs(FRAME)))
    dice, spent, done = random.Random(0), 0.0, 0
    while done < count:
        datagrams = list(_hostile(good, dice, min(_PACKETS, count - done)))
        spent += _time(receiver.take, datagrams)
        done += len(datagrams)
    if listener.heard:
        raise RuntimeError("a hostile packet was given out")
    return spent / done * 1e6, done


def _hostile(good: bytes, dice: random.Random, count: int) -> Iterator[bytes]:
    for number in range(count):
        match number % 4:
            case 0:
                yield dice.randbytes(dice.randrange(200))
            case 1:
                yield b"\x80\x78" + dice.randbytes(dice.randrange(200))
            case 2:
                at = dice.randrange(len(good))
                yield good[:at] + bytes([good[at] ^ (1 << dice.randrange(8))]) + good[at + 1 :]
            case _:
                yield bytes([0x80 | dice.randrange(64)]) + good[1 : dice.randrange(len(good))]


def _cost(work: Callable[[bytes], object], make: Callable[[], Sequence[bytes]]) -> float:
    rounds = [_time(work, make()) / _PACKETS for _ in range(_ROUNDS)]
    return statistics.median(rounds) * 1e6


def _time(work: Callable[[bytes], object], data: Sequence[bytes]) -> float:
    gc.disable()
    try:
        start = time.thread_time()
        for each in data:
            work(each)
        return time.thread_time() - start
    finally:
        gc.enable()


@contextmanager
def _loopback() -> Iterator[socket.socket]:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        receiver.bind(("127.0.0.1", 0))
        sender.connect(receiver.getsockname())
        yield sender
