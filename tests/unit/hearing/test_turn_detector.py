"""Turns of sound that is voice where it is loud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.hearing.counters import HearingCounters
from assistant.hearing.turn_detector import CutTurn, TurnDetector
from tests.support.loud_is_voice import LoudIsVoice
from tests.support.sounds import pcm, tone

RATE = 16_000
FRAME = 640
"""Bytes of 20 ms."""


def loud(seconds: float) -> bytes:
    return pcm(tone(seconds, 0.3, RATE))


def silence(seconds: float) -> bytes:
    return bytes(round(seconds * RATE) * 2)


class Detector:
    """A detector that is fed 20 ms at a time."""

    def __init__(self) -> None:
        self.model = LoudIsVoice()
        self.counters = HearingCounters()
        self.detector = TurnDetector(self.model, self.counters)
        self.turns: list[CutTurn] = []
        self.pauses: list[CutTurn] = []
        self.time = 0.0

    def feed(self, *sounds: bytes) -> "Detector":
        for sound in sounds:
            for start in range(0, len(sound), FRAME):
                self.time += 0.02
                for turn in self.detector.feed(sound[start : start + FRAME], self.time):
                    (self.pauses if turn.is_provisional else self.turns).append(turn)
        return self

    @property
    def seconds(self) -> list[float]:
        return [round(len(turn.pcm) / RATE / 2, 1) for turn in self.turns]


def test_a_turn_keeps_a_little_before_and_after_its_voice() -> None:
    detector = Detector().feed(silence(1), loud(1), silence(1))
    assert detector.seconds == [1.6]
    assert detector.turns[0].voiced_seconds == pytest.approx(1, abs=0.07)
    assert detector.turns[0].ended_at == pytest.approx(2, abs=0.06)


def test_a_turn_ends_after_seven_tenths_of_a_second() -> None:
    detector = Detector().feed(loud(1), silence(0.6))
    assert not detector.turns
    detector.feed(silence(0.2))
    assert len(detector.turns) == 1


def test_a_turn_is_told_at_a_pause_already_with_all_of_its_voice() -> None:
    detector = Detector().feed(silence(1), loud(1), silence(0.18))
    assert not detector.pauses
    [pause] = detector.feed(silence(0.1)).pauses
    [turn] = detector.feed(silence(1)).turns
    assert detector.pauses == [pause]
    assert (pause.voiced_seconds, pause.ended_at) == (turn.voiced_seconds, turn.ended_at)
    assert turn.pcm.startswith(pause.pcm)


def test_what_is_said_behind_a_pause_is_told_at_the_next_one_but_not_again_and_again() -> None:
    detector = Detector().feed(*[loud(0.5), silence(0.4)] * 6, silence(1))
    assert len(detector.turns) == 1
    assert [round(pause.voiced_seconds, 1) for pause in detector.pauses] == [
        pytest.approx(0.5 * count, abs=0.11) for count in (1, 2, 3)
    ]
    detector.feed(loud(0.5), silence(1))
    assert len(detector.pauses) == 4


def test_a_pause_within_a_turn_belongs_to_it() -> None:
    detector = Detector().feed(loud(1), silence(0.6), loud(1), silence(1))
    assert detector.seconds == [2.9]


def test_a_click_begins_no_turn() -> None:
    detector = Detector().feed(*[silence(0.3), loud(0.03)] * 20, silence(1))
    assert not detector.turns


def test_the_lead_of_a_turn_repeats_nothing_of_the_one_before() -> None:
    parts = [loud(0.5), silence(0.72), loud(0.5), silence(1)]
    detector = Detector().feed(*parts)
    assert len(detector.turns) == 2
    assert sum(len(turn.pcm) for turn in detector.turns) <= len(b"".join(parts))


def test_a_client_that_stops_sending_in_the_middle_of_a_sound_ends_the_turn_sooner() -> None:
    detector = Detector().feed(loud(1))
    detector.detector.release()
    detector.feed(silence(0.3))
    assert not detector.turns
    detector.feed(silence(0.2))
    assert len(detector.turns) == 1


def test_a_client_that_stops_sending_in_a_pause_does_not() -> None:
    detector = Detector().feed(loud(1), silence(0.2))
    detector.detector.release()
    detector.feed(silence(0.4))
    assert not detector.turns


def test_a_key_that_is_pressed_again_at_once_goes_on_with_the_turn() -> None:
    detector = Detector().feed(loud(1))
    detector.detector.release()
    detector.feed(silence(0.2), loud(0.5), silence(0.5))
    assert not detector.turns
    assert detector.feed(silence(0.5)).seconds == [2.0]


def test_a_long_turn_is_cut_at_a_breath_and_goes_on() -> None:
    detector = Detector().feed(loud(26), silence(0.2), loud(2), silence(1))
    assert detector.seconds == [26.2, pytest.approx(2.35, abs=0.1)]


def test_a_turn_without_a_breath_is_cut_and_loses_and_repeats_nothing() -> None:
    sound = b"".join(bytes([number % 256, 60]) * 160 for number in range(100 * 70))
    detector = Detector().feed(sound, silence(1))
    joined = b"".join(turn.pcm for turn in detector.turns)
    assert max(detector.seconds) <= 30.1
    assert joined[: len(sound)] == sound


def test_silence_that_was_only_a_delay_leaves_nothing_behind_wherever_it_began() -> None:
    sound = b"".join(bytes([number % 256, 60]) * 160 for number in range(100))
    for begin in range(0, 3200, 320):
        detector = Detector().feed(sound[: 20_000 + begin], silence(0.1))
        detector.detector.take_back(round(0.1 * RATE))
        detector.feed(sound[20_000 + begin :], silence(1))
        [turn] = detector.turns
        assert sound in turn.pcm
        assert turn.voiced_seconds == pytest.approx(len(sound) / 32_000, abs=0.07)


def test_silence_that_was_only_a_delay_is_taken_out_again() -> None:
    detector = Detector().feed(loud(1), silence(0.12))
    detector.detector.take_back(round(0.12 * RATE))
    detector.feed(loud(1), silence(1))
    assert detector.seconds == [pytest.approx(2.3, abs=0.05)]
    assert detector.turns[0].voiced_seconds == pytest.approx(2, abs=0.1)


def test_more_cannot_be_taken_back_than_there_was() -> None:
    detector = Detector().feed(loud(1), silence(0.1))
    detector.detector.take_back(RATE * 10)
    detector.feed(silence(1))
    assert detector.seconds == [pytest.approx(1.3, abs=0.05)]


def test_digital_silence_does_not_ask_the_network() -> None:
    detector = Detector().feed(silence(10))
    assert detector.model.judged == 0


def test_what_is_kept_of_who_does_not_speak_is_bounded() -> None:
    detector = Detector().feed(silence(60))
    assert len(detector.detector._sound) < RATE


pieces = st.lists(st.tuples(st.booleans(), st.integers(0, 40_000)), max_size=12)


@given(pieces, st.lists(st.integers(0, 20_000), max_size=12))
def test_any_pieces_give_turns_of_bounded_length_out_of_what_was_fed(
    sounds: list[tuple[bool, int]], taken_back: list[int]
) -> None:
    detector = TurnDetector(LoudIsVoice(), HearingCounters())
    fed = 0
    turns: list[CutTurn] = []
    for number, (is_loud, samples) in enumerate(sounds):
        sound = b"\x00\x30" * samples if is_loud else bytes(2 * samples)
        turns += [turn for turn in detector.feed(sound, float(number)) if not turn.is_provisional]
        fed += 2 * samples
        if number < len(taken_back):
            detector.take_back(taken_back[number])
    assert sum(len(turn.pcm) for turn in turns) <= fed
    assert all(len(turn.pcm) <= 2 * RATE * 30 + 1024 for turn in turns)
    assert all(0 <= turn.voiced_seconds <= len(turn.pcm) / RATE / 2 + 0.04 for turn in turns)
