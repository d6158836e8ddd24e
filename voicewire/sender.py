"""Sends frames of Opus: end-to-end encryption, RTP, transport encryption, UDP. One call a frame, from any thread."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

from voicewire.ciphers import TransportCipher
from voicewire.rtp import SAMPLES_PER_FRAME, SILENCE, build_header

_logger = logging.getLogger(__name__)

SILENCE_SECONDS: Final = 15.0
"""After so long without a frame a silence frame is sent: servers were seen to send nothing any more to a bot that had
sent nothing for minutes."""


class FrameSealer(Protocol):
    """The end-to-end encryption, as the sender sees it."""

    @property
    def may_seal(self) -> bool:
        """Whether `seal` would return something for a frame that is not silence."""

    def seal(self, frame: bytes) -> bytes | None:
        """The frame as it may leave; None while none may."""


class FrameSender:
    """The sending half of a voice connection."""

    def __init__(self, sealer: FrameSealer, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is in seconds."""
        self._sealer = sealer
        self._now = now
        self._lock = threading.Lock()
        self._is_open = False
        self._cipher: TransportCipher | None = None
        self._send: Callable[[bytes], int] | None = None
        self._ssrc = 0
        self._sequence = 0
        self._timestamp = 0
        self._last_sent = 0.0
        self.sent = 0
        """How many frames have left, silence included."""

    def open(self, send: Callable[[bytes], int], cipher: TransportCipher, ssrc: int) -> None:
        """Send from now on; with a new cipher and the same SSRC, the count of packets goes on."""
        with self._lock:
            self._send, self._cipher, self._ssrc = send, cipher, ssrc
            self._last_sent = self._now()
            self._is_open = True

    def reopen(self) -> None:
        """Go on as before `close`."""
        with self._lock:
            self._is_open = self._cipher is not None

    def close(self) -> None:
        """Send nothing more. A frame that another thread is in the middle of sending has left when this returns."""
        with self._lock:
            self._is_open = False

    @property
    def may_send(self) -> bool:
        """Whether a frame that is sent now would leave, encrypted as the call wants it."""
        return self._is_open and self._sealer.may_seal

    @property
    def is_quiet(self) -> bool:
        """Whether it is time for a silence frame."""
        return self._is_open and self._now() - self._last_sent >= SILENCE_SECONDS

    def send_silence(self) -> bool:
        """Send a silence frame, as `send` does."""
        return self.send(SILENCE)

    def send(self, frame: bytes) -> bool:
        """Send one frame of 20 ms; False if it has not left, and then it is to be given again."""
        with self._lock:
            if not self._is_open or self._cipher is None or self._send is None:
                return False
            payload = self._sealer.seal(frame)
            if payload is None:
                return False
            sequence = (self._sequence + 1) & 0xFFFF
            header = build_header(sequence, self._timestamp, self._ssrc)
            try:
                self._send(header + self._cipher.seal(header, payload))
            except (OSError, OverflowError) as error:
                _logger.debug("A frame has not left: %s", error)
                return False
            self._sequence = sequence
            self._timestamp = (self._timestamp + SAMPLES_PER_FRAME) & 0xFFFFFFFF
            self._last_sent = self._now()
            self.sent += 1
            return True
