"""Turns the packets of one member into sound: in order, without holes, and in time."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from assistant.hearing.counters import HearingCounters
from assistant.hearing.jitter_buffer import JitterBuffer, OrderedPacket
from assistant.hearing.libopus import BYTES_PER_SAMPLE, SAMPLE_RATE, Libopus, OpusDecoder
from voicewire.listener import VoicePacket
from voicewire.rtp import SILENCE

_CLOCK_TICKS_PER_SAMPLE: Final = 3
"""RTP timestamps count at 48 kHz."""
_USUAL_SAMPLES: Final = SAMPLE_RATE * 20 // 1000
_LONGEST_CONCEALED: Final = SAMPLE_RATE * 100 // 1000
"""Concealment repeats the last sound and fades out; what is missing beyond that is silence."""
_LONGEST_SILENCE: Final = SAMPLE_RATE
"""More silence than this tells nothing more: every turn is over, or somebody waits for its end by the clock."""
_LONGEST_PAUSE: Final = SAMPLE_RATE * 60
"""Timestamps that leap further say nothing about time."""
_RETIRED_SECONDS: Final = 1.0


class Sound(NamedTuple):
    """A piece of a member's sound."""

    pcm: bytes
    """Signed 16-bit, SAMPLE_RATE, mono."""
    ends_speech: bool = False
    """Whether it is the silence frame, which Discord's clients send before they stop sending."""
    surplus: int = 0
    """Samples of the silence before it that were put in for a pause and were none: packets were only delayed."""


class StreamDecoder:
    """The stream that a member sends; if another SSRC comes, it begins anew.

    Sources: a client's timestamps go on while it is silent, other bots' stand still
    (https://github.com/Kraigie/nostrum/issues/415), so they tell of a pause where they tell of one, and never of none.
    """

    def __init__(self, libopus: Libopus, counters: HearingCounters) -> None:
        self._counters = counters
        self._decoder = OpusDecoder(libopus)
        self._buffer = JitterBuffer(counters)
        self._ssrc: int | None = None
        self._retired: tuple[int, float] | None = None
        """The SSRC before this one, and until when its packets are stragglers."""
        self._samples = _USUAL_SAMPLES
        """Of the last packet."""
        self._timestamp = 0
        """Where the last packet ended."""
        self._filled = 0
        """Samples of silence that were put in since."""

    @property
    def is_waiting(self) -> bool:
        """Whether packets wait for one that is missing."""
        return bool(self._buffer)

    def filled(self, samples: int) -> None:
        """Nothing came, and so much silence was put in its place."""
        self._filled += samples

    def take(self, packet: VoicePacket, now: float) -> Iterator[Sound]:
        """Take a packet; yields the sound that is complete. `now` is in seconds."""
        if packet.opus is None:  # missing, as if it had not come
            self._counters.unopened += 1
            return
        if packet.ssrc != self._ssrc:
            if self._retired is not None and packet.ssrc == self._retired[0] and now < self._retired[1]:
                self._counters.late += 1
                return
            for ordered in self._buffer.flush():
                yield from self._decode(ordered)
            self._buffer = JitterBuffer(self._counters)
            self._retired = None if self._ssrc is None else (self._ssrc, now + _RETIRED_SECONDS)
            self._ssrc = packet.ssrc
        for ordered in self._buffer.put(packet, now):
            yield from self._decode(ordered)

    def due(self, now: float) -> Iterator[Sound]:
        """The sound that need not wait any longer for what is missing."""
        for ordered in self._buffer.due(now):
            yield from self._decode(ordered)

    def _decode(self, ordered: OrderedPacket) -> Iterator[Sound]:
        packet = ordered.packet
        opus = packet.opus or b""
        if ordered.is_first:
            self._decoder.reset()
            self._samples = _USUAL_SAMPLES
        else:
            passed = ((packet.timestamp - self._timestamp) & 0xFFFFFFFF) // _CLOCK_TICKS_PER_SAMPLE
            yield from self._fill(ordered.lost, passed, opus)
        pcm = self._decoder.decode(opus)
        if pcm is None:
            self._counters.undecodable += 1
            self._counters.concealed += 1
            pcm = self._decoder.conceal(self._samples)
        else:
            self._counters.decoded += 1
            self._samples = len(pcm) // BYTES_PER_SAMPLE
        self._timestamp = packet.timestamp + self._samples * _CLOCK_TICKS_PER_SAMPLE
        self._filled = 0
        yield Sound(pcm, ends_speech=opus == SILENCE)

    def _fill(self, lost: int, passed: int, opus: bytes) -> Iterator[Sound]:
        """What belongs between the last packet and this one: `passed` samples by its timestamp, `lost` packets."""
        missing, pause, is_plausible = lost * self._samples, 0, passed <= _LONGEST_PAUSE
        if is_plausible:
            missing = min(missing, passed) or missing
            pause = max(0, passed - missing)
        missing = max(0, missing - self._samples * bool(lost))  # the last of them is recovered
        surplus = self._filled - pause - missing
        if is_plausible and surplus > 0:
            yield Sound(b"", surplus=surplus)
        missing = max(0, missing - max(0, self._filled - pause))
        concealed = 0
        while not self._filled and missing >= self._samples and concealed < _LONGEST_CONCEALED:
            self._counters.concealed += 1
            concealed += self._samples
            missing -= self._samples
            yield Sound(self._decoder.conceal(self._samples))
        silence = min(missing + max(0, pause - self._filled), _LONGEST_SILENCE)
        if silence:
            yield Sound(bytes(silence * BYTES_PER_SAMPLE))
        if lost:
            self._counters.recovered += 1
            yield Sound(self._decoder.recover(opus, self._samples))
