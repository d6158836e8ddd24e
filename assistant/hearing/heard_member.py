"""One member as they are heard: from packets to turns."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from assistant.domain.hearing_trouble import HearingTrouble
from assistant.domain.spoken_turn import SpokenTurn
from assistant.hearing.counters import HearingCounters
from assistant.hearing.hearing_budget import HearingBudget
from assistant.hearing.hearing_health import HearingHealth
from assistant.hearing.libopus import BYTES_PER_SAMPLE, SAMPLE_RATE
from assistant.hearing.models import HearingModels
from assistant.hearing.stream_decoder import Sound, StreamDecoder
from assistant.hearing.turn_detector import CutTurn, TurnDetector
from voicewire.listener import VoicePacket

_ABSENT_SECONDS: Final = 0.08
"""After so long without a packet the member is silent: clients stop sending when nobody speaks."""
_ASLEEP_SECONDS: Final = 0.4
"""After so long, and outside of a turn, there is nothing to do until the next packet."""
_LEAST_VOICED_SECONDS: Final = 0.25
"""A turn with less voice is a click or a cough, and recognizers make words of those."""
_LEAST_CERTAINTY: Final = 0.7
"""Measured: speech has 0.87 and more; laughter 0.64 and 0.70; whispers 0.53 and 0.72."""
_OF_PACKETS: Final = (HearingTrouble.NOT_OPENED, HearingTrouble.NOT_OPUS)
"""Troubles that are over when a packet is decoded."""


class HeardMember:
    """Owns all that is kept of one member."""

    def __init__(
        self,
        user_id: int,
        models: HearingModels,
        *,
        on_turn: Callable[[SpokenTurn], None],
        on_pause: Callable[[SpokenTurn], None],
        on_speech: Callable[[int], None],
        now: float,
    ) -> None:
        """`now` is in seconds; for the others see `Ear`."""
        self._user_id = user_id
        self._on_turn = on_turn
        self._on_pause = on_pause
        self._on_speech = on_speech
        self._counters = HearingCounters()
        self._stream = StreamDecoder(models.libopus, self._counters)
        self._detector = TurnDetector(models.voice_activity, self._counters)
        self._budget = HearingBudget(now)
        self._absent = 0.0
        """Seconds since a packet came, as `tick` counts them."""
        self._unfilled = 0.0
        """Seconds of them that nothing was put in for."""
        self._last_heard: float | None = None
        self._trouble: HearingTrouble | None = None
        self.last_packet = now
        """When a packet came."""

    @property
    def is_in_turn(self) -> bool:
        """Whether the member speaks, or did a moment ago."""
        return self._detector.is_in_turn

    @property
    def is_asleep(self) -> bool:
        """Whether `tick` has nothing to do until the next packet."""
        return not self.is_in_turn and not self._stream.is_waiting and self._absent >= _ASLEEP_SECONDS

    def health(self) -> HearingHealth:
        """How well the member is heard."""
        return HearingHealth(
            counters=replace(self._counters),
            is_speaking=self.is_in_turn,
            last_heard=self._last_heard,
            trouble=self._trouble,
        )

    def hear(self, packet: VoicePacket, now: float) -> None:
        """Take a packet."""
        self._counters.packets += 1
        self.last_packet = now
        if packet.opus is None:
            self._trouble = HearingTrouble.NOT_OPENED
        else:
            self._absent = self._unfilled = 0.0
        self._play(self._stream.take(packet, now), now)

    def tick(self, passed: float, now: float) -> None:
        """`passed` seconds have gone by, in which packets could have come."""
        self._play(self._stream.due(now), now)
        self._absent += passed
        self._unfilled += passed
        if self._absent < _ABSENT_SECONDS:
            return
        samples = round(self._unfilled * SAMPLE_RATE)
        self._unfilled = 0.0
        self._stream.filled(samples)
        self._feed(bytes(samples * BYTES_PER_SAMPLE), now, self.last_packet)

    def _play(self, sounds: Iterable[Sound], now: float) -> None:
        decoded, undecodable = self._counters.decoded, self._counters.undecodable
        for sound in sounds:
            if sound.surplus:
                self._detector.take_back(sound.surplus)
            self._feed(sound.pcm, now, now)
            if sound.ends_speech:
                self._detector.release()
        if self._counters.undecodable > undecodable:
            self._trouble = HearingTrouble.NOT_OPUS
        elif self._counters.decoded > decoded and self._trouble in _OF_PACKETS:
            self._trouble = None

    def _feed(self, pcm: bytes, now: float, came_at: float) -> None:
        was_in_turn, too_soft = self.is_in_turn, self._counters.too_soft_seconds
        for turn in self._detector.feed(pcm, came_at):
            if turn.is_provisional:
                self._tell_pause(turn)
            else:
                self._hand_over(turn, now)
        if self.is_in_turn:
            self._last_heard = came_at
            if self._trouble is not HearingTrouble.OVER_BUDGET:  # which the next turn that is taken ends
                self._trouble = None
            if not was_in_turn:
                self._on_speech(self._user_id)
        elif self._counters.too_soft_seconds > too_soft:
            self._trouble = HearingTrouble.TOO_SOFT

    def _tell_pause(self, turn: CutTurn) -> None:
        if turn.voiced_seconds >= _LEAST_VOICED_SECONDS and turn.certainty >= _LEAST_CERTAINTY:
            self._on_pause(self._spoken(turn))

    def _spoken(self, turn: CutTurn) -> SpokenTurn:
        return SpokenTurn(self._user_id, turn.pcm, turn.voiced_seconds, turn.ended_at)

    def _hand_over(self, turn: CutTurn, now: float) -> None:
        seconds = len(turn.pcm) / (SAMPLE_RATE * BYTES_PER_SAMPLE)
        if turn.voiced_seconds < _LEAST_VOICED_SECONDS:
            self._counters.too_short += 1
        elif turn.certainty < _LEAST_CERTAINTY:
            self._counters.doubtful += 1
        elif not self._budget.spend(seconds, now):
            self._counters.over_budget += 1
            self._trouble = HearingTrouble.OVER_BUDGET
        else:
            self._counters.turns += 1
            self._trouble = None
            self._on_turn(self._spoken(turn))
