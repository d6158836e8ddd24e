"""Sends frames of Opus: end-to-end encryption, RTP, transport encryption, and then the pacer, or UDP at once."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from voicewire.ciphers import TransportCipher
from voicewire.pacer import PacedFlow
from voicewire.rtp import SAMPLES_PER_FRAME, SILENCE, build_header

_logger = logging.getLogger(__name__)

SILENCE_SECONDS: Final = 15.0
"""After so long without a frame a silence frame is sent: servers were seen to send nothing any more to a bot that had
sent nothing for minutes."""
_LAST_REQUEST: Final = 0x7FFF
"""After that, requests to take frames back are numbered from 1 again."""


class FrameSealer(Protocol):
    """The end-to-end encryption, as the sender sees it."""

    @property
    def may_seal(self) -> bool:
        """Whether `seal` would return something for a frame that is not silence."""

    def seal(self, frame: bytes) -> bytes | None:
        """The frame as it may leave; None while none may."""


class QueuedFrame:
    """A frame that is on its way: it leaves in its turn, or it is taken back, and then it was not heard."""

    __slots__ = ("_sender", "has_left", "is_dropped")

    def __init__(self, sender: "FrameSender") -> None:
        self._sender = sender
        self.has_left = False
        """Whether it was sent."""
        self.is_dropped = False
        """Whether it will never be sent."""

    @property
    def is_going_back(self) -> bool:
        """Whether it is being taken back; it may still leave until it is dropped."""
        return self._sender.is_taking_back

    def take_back(self) -> None:
        """Have all frames of its connection that have not left yet dropped."""
        self._sender.take_back()


class FrameSender:
    """The sending half of a voice connection. From any thread."""

    def __init__(self, sealer: FrameSealer, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is in seconds."""
        self._sealer = sealer
        self._now = now
        self._lock = threading.Lock()
        self._is_open = False
        self._cipher: TransportCipher | None = None
        self._send: Callable[[bytes], int] | None = None
        self._flow: PacedFlow | None = None
        self._ssrc = 0
        self._sequence = 0
        self._timestamp = 0
        self._last_sent = 0.0
        self._queued: deque[QueuedFrame] = deque()
        self._request = 0
        self.is_taking_back = False
        """Whether no frame is queued until those that were are dropped."""
        self.sent = 0
        """How many frames have left, silence included."""

    def open(
        self, send: Callable[[bytes], int], cipher: TransportCipher, ssrc: int, flow: PacedFlow | None = None
    ) -> None:
        """Send from now on; with a new cipher and the same SSRC, the count of packets goes on.

        `flow` is for the frames that are queued; without one, none is.
        """
        with self._lock:
            self._take_back()
            self._send, self._cipher, self._ssrc, self._flow = send, cipher, ssrc, flow
            self._last_sent = self._now()
            self._is_open = True

    def reopen(self) -> None:
        """Go on as before `close`."""
        with self._lock:
            self._is_open = self._cipher is not None

    def close(self) -> None:
        """Send nothing more. Frames that are queued are taken back."""
        with self._lock:
            self._is_open = False
            self._take_back()

    @property
    def may_send(self) -> bool:
        """Whether a frame that is sent now would leave, encrypted as the call wants it."""
        return self._is_open and self._sealer.may_seal

    @property
    def is_quiet(self) -> bool:
        """Whether it is time for a silence frame."""
        return self._is_open and self._now() - self._last_sent >= SILENCE_SECONDS

    @property
    def is_waiting(self) -> bool:
        """See `pacer.PacketOwner`."""
        return bool(self._queued)

    def send_silence(self) -> bool:
        """Send a silence frame, as `send` does."""
        return self.send(SILENCE)

    def send(self, frame: bytes) -> bool:
        """Send one frame of 20 ms at once; False if it has not left, and then it is to be given again.

        It does not overtake: where frames are queued, it is not sent.
        """
        with self._lock:
            if self._send is None or self._queued:
                return False
            packet = self._packet(frame)
            if packet is None:
                return False
            try:
                self._send(packet)
            except OSError as error:
                _logger.debug("A frame has not left: %s", error)
                return False
            self._count(1)
            self._note_sent()
            return True

    def queue(self, frame: bytes) -> QueuedFrame | None:
        """Have one frame of 20 ms sent behind those that are queued; None if none may be now.

        It is on its way after `Pacer.flush`.
        """
        with self._lock:
            if self._flow is None or self.is_taking_back:
                return None
            packet = self._packet(frame)
            if packet is None or not self._flow.feed(packet):
                return None
            self._count(1)
            queued = QueuedFrame(self)
            self._queued.append(queued)
            return queued

    def take_back(self) -> None:
        """Have the frames that are queued dropped. One may leave before the pacer hears of it; it is said which did."""
        with self._lock:
            self._take_back()

    def packet_left(self) -> None:
        """See `pacer.PacketOwner`."""
        with self._lock:
            if self._queued:
                self._queued.popleft().has_left = True
                self._note_sent()

    def packets_dropped(self, request: int | None) -> None:
        """See `pacer.PacketOwner`. Their numbers are used again; what they were encrypted with never is."""
        with self._lock:
            if request is None:
                self._request += 1  # what was asked for meanwhile is answered later, and means nothing any more
            elif request != self._request:
                return
            for queued in self._queued:
                queued.is_dropped = True
            self._count(-len(self._queued))
            self._queued.clear()
            self.is_taking_back = False

    def _packet(self, frame: bytes) -> bytes | None:
        """The datagram of the next frame; None if it may not leave."""
        if not self._is_open or self._cipher is None:
            return None
        payload = self._sealer.seal(frame)
        if payload is None:
            return None
        header = build_header((self._sequence + 1) & 0xFFFF, self._timestamp, self._ssrc)
        try:
            return header + self._cipher.seal(header, payload)
        except OverflowError as error:
            _logger.debug("A frame has not left: %s", error)
            return None

    def _count(self, frames: int) -> None:
        self._sequence = (self._sequence + frames) & 0xFFFF
        self._timestamp = (self._timestamp + frames * SAMPLES_PER_FRAME) & 0xFFFFFFFF

    def _note_sent(self) -> None:
        self._last_sent = self._now()
        self.sent += 1

    def _take_back(self) -> None:
        if self._queued and self._flow is not None and not self.is_taking_back:
            self.is_taking_back = True
            self._request = self._request % _LAST_REQUEST + 1
            self._flow.take_back(self._request)
