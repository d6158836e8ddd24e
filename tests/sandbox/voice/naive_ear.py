"""An ear as many bots have one: right in all but one thing."""

from enum import Enum, auto

from sandbox.voice.rtp import OPUS, SILENCE, TransportCipher, TransportError
from voicewire.listener import VoicePacket


class Mistake(Enum):
    """What an ear does not know."""

    EXPECTS_EXTENSION = auto()
    """It cuts eight bytes off each packet, as py-cord 2.8.1 does."""
    KEEPS_PADDING = auto()
    """It takes no notice of bit P."""
    TAKES_ALL_FOR_OPUS = auto()
    """It takes no notice of the payload type."""
    KEEPS_SSRCS = auto()
    """Whose an SSRC was it is for ever."""
    HEARS_REPEATS = auto()
    """It plays what comes twice twice."""


class NaiveEar:
    """Takes datagrams of a call without end-to-end encryption; whose they are it knows from op 5 alone."""

    def __init__(self, cipher: TransportCipher, mistake: Mistake | None = None) -> None:
        self.packets: list[VoicePacket] = []
        self.refused = 0
        """Datagrams of which it could make nothing."""
        self.unknown = 0
        """Packets whose member it did not know."""
        self._cipher = TransportCipher(cipher.key, cipher.mode)
        self._mistake = mistake
        self._users: dict[int, int] = {}
        self._seen: set[tuple[int, int]] = set()

    def assign(self, ssrc: int, user_id: int) -> None:
        """Op 5."""
        if self._mistake is not Mistake.KEEPS_SSRCS or ssrc not in self._users:
            self._users[ssrc] = user_id

    def forget(self, user_id: int) -> None:
        """Op 13."""
        if self._mistake is not Mistake.KEEPS_SSRCS:
            self._users = {ssrc: user for ssrc, user in self._users.items() if user != user_id}

    def take(self, datagram: bytes) -> None:
        """A datagram came."""
        if self._mistake is Mistake.TAKES_ALL_FOR_OPUS:
            datagram = datagram[:1] + bytes([OPUS]) + datagram[2:]
        elif datagram[1] & 0x7F != OPUS:
            return
        try:
            packet = self._cipher.decrypt(datagram)
        except TransportError:
            self.refused += 1
            return
        user = self._users.get(packet.ssrc)
        if user is None:
            self.unknown += 1
            return
        if (packet.ssrc, packet.sequence) in self._seen and self._mistake is not Mistake.HEARS_REPEATS:
            return
        self._seen.add((packet.ssrc, packet.sequence))
        opus = packet.payload
        if self._mistake is Mistake.KEEPS_PADDING and packet.padding:
            opus += bytes(packet.padding - 1) + bytes([packet.padding])
        if self._mistake is Mistake.EXPECTS_EXTENSION:
            opus = (packet.extension + packet.payload)[8:]
        self.packets.append(VoicePacket(user, packet.ssrc, packet.sequence, packet.timestamp, opus))

    def of(self, user_id: int) -> list[bytes | None]:
        """What one member said, as it came, without silence."""
        return [each.opus for each in self.packets if each.user_id == user_id and each.opus != SILENCE]
