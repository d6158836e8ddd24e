"""One member as they are heard: from packets to turns."""

from collections.abc import Iterable
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
from assistant.hearing.transmission import Transmission
from assistant.hearing.turn_callbacks import TurnCallbacks
from assistant.hearing.turn_detector import TurnDetector
from assistant.hearing.turn_events import Begun, CutTurn, Ended, Paused, Resumed
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

    def __init__(self, user_id: int, models: HearingModels, callbacks: TurnCallbacks, *, now: float) -> None:
        """`now` is in seconds."""
        self._user_id = user_id
        self._callbacks = callbacks
        self._counters = HearingCounters()
        self._stream = StreamDecoder(models.libopus, self._counters)
        self._detector = TurnDetector(models.voice_activity, self._counters)
        self._transmission = Transmission()
        self._budget = HearingBudget(now)
        self._is_pause_told = False
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

    def so_far(self, now: float) -> SpokenTurn | None:
        """What the member has said so far in the turn that goes on; None while it is hardly speech, or too much."""
        turn = self._detector.so_far()
        return self._spoken(turn) if turn is not None and self._is_worth_it(turn, now) else None

    def wait_longer(self, seconds: float) -> None:
        """See `Ear.wait_longer`."""
        self._detector.wait_longer(seconds)

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
        self._transmission.end()
        self._stream.filled(samples)
        self._feed(bytes(samples * BYTES_PER_SAMPLE), now, self.last_packet)

    def _play(self, sounds: Iterable[Sound], now: float) -> None:
        decoded, undecodable = self._counters.decoded, self._counters.undecodable
        for sound in sounds:
            if sound.surplus:
                self._detector.take_back(sound.surplus)
            self._feed(sound.pcm, now, now)
            if sound.ends_speech:
                self._detector.release(now, is_by_key=self._transmission.is_by_key)
                self._transmission.end()
            elif sound.pcm:
                self._transmission.hear(sound.pcm)
        if self._counters.undecodable > undecodable:
            self._trouble = HearingTrouble.NOT_OPUS
        elif self._counters.decoded > decoded and self._trouble in _OF_PACKETS:
            self._trouble = None

    def _feed(self, pcm: bytes, now: float, came_at: float) -> None:
        too_soft = self._counters.too_soft_seconds
        for event in self._detector.feed(pcm, came_at):
            match event:
                case Begun():
                    self._callbacks.on_speech(self._user_id)
                case Paused(turn):
                    self._tell_pause(turn, now)
                case Resumed():
                    self._tell_resumed()
                case Ended(turn):
                    self._is_pause_told = False
                    self._hand_over(turn, now)
        if self.is_in_turn:
            self._last_heard = came_at
            if self._trouble is not HearingTrouble.OVER_BUDGET:  # which the next turn that is taken ends
                self._trouble = None
        elif self._counters.too_soft_seconds > too_soft:
            self._trouble = HearingTrouble.TOO_SOFT

    def _tell_pause(self, turn: CutTurn, now: float) -> None:
        if self._is_worth_it(turn, now):
            self._is_pause_told = True
            self._callbacks.on_pause(self._spoken(turn))

    def _tell_resumed(self) -> None:
        if self._is_pause_told:
            self._is_pause_told = False
            self._callbacks.on_resume(self._user_id)

    def _is_worth_it(self, turn: CutTurn, now: float) -> bool:
        """Whether it would be handed over if it were over now."""
        is_speech = turn.voiced_seconds >= _LEAST_VOICED_SECONDS and turn.certainty >= _LEAST_CERTAINTY
        return is_speech and self._budget.has(_seconds_of(turn), now)

    def _spoken(self, turn: CutTurn) -> SpokenTurn:
        return SpokenTurn(self._user_id, turn.pcm, turn.voiced_seconds, turn.ended_at, turn.began_at)

    def _hand_over(self, turn: CutTurn, now: float) -> None:
        if turn.voiced_seconds < _LEAST_VOICED_SECONDS:
            self._counters.too_short += 1
        elif turn.certainty < _LEAST_CERTAINTY:
            self._counters.doubtful += 1
        elif not self._budget.spend(_seconds_of(turn), now):
            self._counters.over_budget += 1
            self._trouble = HearingTrouble.OVER_BUDGET
        else:
            self._counters.turns += 1
            self._trouble = None
            self._callbacks.on_turn(self._spoken(turn))
            return
        self._callbacks.on_dismissed(self._user_id)


def _seconds_of(turn: CutTurn) -> float:
    return len(turn.pcm) / (SAMPLE_RATE * BYTES_PER_SAMPLE)
