"""Receives voice packets: transport encryption, padding, extension, whose they are, end-to-end encryption.

Nothing of it raises, whatever the bytes are; each packet that is not given out is counted by its reason.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Protocol

from voicewire.ciphers import TransportCipher
from voicewire.held_packets import HELD_SECONDS, HeldPacket, HeldPackets
from voicewire.listener import VoiceListener, VoicePacket
from voicewire.rtp import SILENCE, Refusal, RtpHeader, parse_header, payload_of
from voicewire.streams import MemberCounters, Stream, Streams

_logger = logging.getLogger(__name__)


class FrameOpener(Protocol):
    """The end-to-end encryption, as the receiver sees it."""

    version: int
    """0 while the call has none."""

    @property
    def members(self) -> AbstractSet[int]:
        """Whose keys there are."""

    def open(self, user_id: int, payload: bytes) -> bytes | None:
        """A frame of Opus; None if none of that member's keys opens it."""


class Receiver:
    """The receiving half of a voice connection. Used on the event loop."""

    def __init__(self, opener: FrameOpener, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is in seconds."""
        self._opener = opener
        self._now = now
        self._streams = Streams()
        self._held = HeldPackets()
        self.listener: VoiceListener | None = None
        """Who hears the call; None: every packet is dropped unopened."""
        self.cipher: TransportCipher | None = None
        """The transport encryption; None before the session description."""
        self.refused: Counter[Refusal] = Counter()
        """Datagrams that are no voice packets of this session."""
        self.unattributed = 0
        """Packets that were given up since nobody's key opened them, and no op 5 named their member."""
        self.listener_errors = 0
        """Errors of the listener."""

    @property
    def counters(self) -> Mapping[int, MemberCounters]:
        """By user id."""
        return self._streams.counters

    def take(self, datagram: bytes) -> None:
        """A datagram came."""
        cipher = self.cipher
        if self.listener is None or cipher is None:
            return
        header = parse_header(datagram)
        if isinstance(header, Refusal):
            self.refused[header] += 1
            return
        stream = self._streams.get(header.ssrc)
        if stream is not None and not self._is_wanted(stream):
            return
        decrypted = cipher.open(datagram[: header.size], datagram[header.size :])
        payload = Refusal.FORGED if decrypted is None else payload_of(header, decrypted)
        if isinstance(payload, Refusal):
            self.refused[payload] += 1
        elif payload:
            self._take_payload(stream, header, payload)

    def assign(self, ssrc: int, user_id: int, *, is_shared_sound: bool = False) -> None:
        """Op 5: an SSRC is that user's, and carries their voice, or what they share: that is not listened to."""
        self._streams.assign(ssrc, user_id).is_shared_sound = is_shared_sound
        self._retry(ssrc)

    def forget(self, user_id: int) -> None:
        """Op 13: a user has left."""
        for ssrc in self._streams.forget(user_id):
            for packet in self._held.take(ssrc):
                self._give_up(packet)

    def keys_changed(self) -> None:
        """Frames may open that did not before."""
        for ssrc in self._held.ssrcs():
            self._retry(ssrc)

    def expire(self) -> None:
        """Give up what was held for too long. To be called several times a second."""
        for packet in self._held.overdue(self._now()):
            self._give_up(packet)

    def _is_wanted(self, stream: Stream) -> bool:
        """Count a packet of a stream, and say whether it may be opened."""
        stream.counters.received += 1
        if not stream.is_shared_sound and self._listens_to(stream.user_id):
            return True
        stream.counters.ignored += 1
        stream.is_interrupted = True
        return False

    def _listens_to(self, user_id: int) -> bool:
        try:
            return self.listener is not None and self.listener.wants(user_id)
        except Exception as error:  # noqa: BLE001 - in whichever way it fails
            self._listener_failed(error)
            return False

    def _take_payload(self, stream: Stream | None, header: RtpHeader, payload: bytes) -> None:
        if stream is None:
            opus = self._attribute(header.ssrc, payload)
            stream = self._streams.get(header.ssrc)
            if opus is not None and stream is not None:
                stream.counters.received += 1
                self._retry(header.ssrc)
                if stream.is_new(header.sequence):
                    self._give(stream, header, opus)
                return
        elif stream.is_new(header.sequence):
            opus = self._opener.open(stream.user_id, payload)
            if opus is not None:
                self._give(stream, header, opus)
                return
        else:
            return
        given_up = self._held.hold(HeldPacket(header, payload, stream, self._now() + HELD_SECONDS))
        if given_up is not None:
            self._give_up(given_up)

    def _attribute(self, ssrc: int, payload: bytes) -> bytes | None:
        """Find out whose packet it is: only that member's key opens it, but the silence frame opens with anybody's.

        Of those who are listened to; nothing of others is opened.
        """
        if not self._opener.version or payload == SILENCE:
            return None
        for user_id in self._opener.members:
            opus = self._opener.open(user_id, payload) if self._listens_to(user_id) else None
            if opus is not None:
                self._streams.assign(ssrc, user_id)
                return opus
        return None

    def _retry(self, ssrc: int) -> None:
        """Try what is held once more; what still does not open waits for the rest of its time."""
        for packet in self._held.take(ssrc):
            self._retry_packet(packet)

    def _retry_packet(self, packet: HeldPacket) -> None:
        header, stream, opus = packet.header, self._streams.get(packet.header.ssrc), None
        if stream is None:
            opus = self._attribute(header.ssrc, packet.payload)
            stream = self._streams.get(header.ssrc)
        if stream is not None and packet.stream is not stream:  # now it is known whose it is
            if not self._is_wanted(stream) or not stream.is_new(header.sequence):
                return
            packet = replace(packet, stream=stream)
        elif stream is not None and not self._listens_to(stream.user_id):
            stream.counters.ignored += 1
            return
        if stream is not None and opus is None:
            opus = self._opener.open(stream.user_id, packet.payload)
        if stream is None or opus is None:
            self._held.hold(packet)
        else:
            self._give(stream, header, opus)

    def _give_up(self, packet: HeldPacket) -> None:
        stream, header = packet.stream, packet.header
        if stream is None:
            self.unattributed += 1
            return
        if not self._listens_to(stream.user_id):
            stream.counters.ignored += 1
            return
        stream.counters.undecryptable += 1
        self._hand_over(VoicePacket(stream.user_id, header.ssrc, header.sequence, header.timestamp, None))

    def _give(self, stream: Stream, header: RtpHeader, opus: bytes) -> None:
        stream.counters.given += 1
        self._hand_over(VoicePacket(stream.user_id, header.ssrc, header.sequence, header.timestamp, opus))

    def _hand_over(self, packet: VoicePacket) -> None:
        try:
            if self.listener is not None:
                self.listener.hear(packet)
        except Exception as error:  # noqa: BLE001 - in whichever way it fails
            self._listener_failed(error)

    def _listener_failed(self, error: Exception) -> None:
        """The next packet is given to it all the same. Fifty tracebacks a second would help nobody."""
        if not self.listener_errors:
            _logger.error("The listener failed", exc_info=error)
        self.listener_errors += 1
