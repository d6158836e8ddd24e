"""Whose voice packets are whose, and what became of them."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from voicewire.packet_order import PacketOrder

_MOST: Final = 1024


@dataclass(slots=True, eq=False)
class MemberCounters:
    """The packets of one member, over all their streams."""

    received: int = 0
    """All that came."""
    ignored: int = 0
    """Dropped unopened, since nobody wanted them."""
    given: int = 0
    """Opened and given to the listener."""
    undecryptable: int = 0
    """Given to the listener as None: no key opened them in time."""
    repeated: int = 0
    """Came twice."""
    lost: int = 0
    """Never came, though later ones did."""


@dataclass(slots=True, eq=False)
class Stream:
    """The packets of one SSRC."""

    user_id: int
    """Whose they are."""
    counters: MemberCounters
    """That member's."""
    order: PacketOrder = field(default_factory=PacketOrder)
    """Which of them have come."""
    is_shared_sound: bool = False
    """Whether it carries what the member shares, such as a game, and not their voice."""
    is_interrupted: bool = False
    """Whether some were dropped unopened since: what is missing then is not lost."""

    def is_new(self, sequence: int) -> bool:
        """Note a packet; False if it came before."""
        if self.is_interrupted:
            self.is_interrupted = False
            self.order = PacketOrder()
        lost = self.order.lost
        is_new = self.order.is_new(sequence)
        self.counters.lost += self.order.lost - lost
        self.counters.repeated += not is_new
        return is_new


class Streams:
    """Streams by SSRC.

    Sources: op 5 names the user of an SSRC (https://discord.com/developers/docs/topics/voice-connections#speaking). It
    comes once a user, may be overtaken by the first packets, and is missed by whoever connects while somebody speaks.
    Whoever finds out by other means, such as the key that opens a frame, says so here too.
    """

    def __init__(self) -> None:
        self._streams: OrderedDict[int, Stream] = OrderedDict()
        self.counters: OrderedDict[int, MemberCounters] = OrderedDict()
        """By user id."""

    def get(self, ssrc: int) -> Stream | None:
        """The stream of an SSRC; None while nobody knows whose it is."""
        return self._streams.get(ssrc)

    def assign(self, ssrc: int, user_id: int) -> Stream:
        """An SSRC is that user's from now on. Of too many the oldest is forgotten."""
        stream = self._streams.get(ssrc)
        if stream is None or stream.user_id != user_id:
            stream = Stream(user_id, self._counters_of(user_id))
            self._streams.pop(ssrc, None)
            self._streams[ssrc] = stream
            if len(self._streams) > _MOST:
                self._streams.popitem(last=False)
        return stream

    def forget(self, user_id: int) -> list[int]:
        """A user has left (op 13): Discord may give the SSRC to somebody else. Returns those that are free."""
        freed = [ssrc for ssrc, stream in self._streams.items() if stream.user_id == user_id]
        for ssrc in freed:
            del self._streams[ssrc]
        return freed

    def _counters_of(self, user_id: int) -> MemberCounters:
        counters = self.counters.get(user_id)
        if counters is None:
            counters = self.counters[user_id] = MemberCounters()
            if len(self.counters) > _MOST:
                self.counters.popitem(last=False)
        return counters
