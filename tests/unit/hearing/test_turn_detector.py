"""Turns of sound that is voice where it is loud."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.hearing.counters import HearingCounters
from assistant.hearing.turn_detector import TurnDetector
from assistant.hearing.turn_events import Begun, CutTurn, Ended, Paused, Resumed, TurnEvent
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
        self.resumed: list[float] = []
        self.time = 0.0

    def feed(self, *sounds: bytes) -> "Detector":
        for sound in sounds:
            for start in range(0, len(sound), FRAME):
                self.time += 0.02
                for event in self.detector.feed(sound[start : start + FRAME], self.time):
                    self._take(event)
        return self

    def release(self, *, is_by_key: bool = False) -> "Detector":
        self.detector.release(self.time, is_by_key=is_by_key)
        return self

    def _take(self, event: TurnEvent) -> None:
        match event:
            case Paused(turn):
                self.pauses.append(turn)
            case Resumed():
                self.resumed.append(self.time)
            case Ended(turn):
                self.turns.append(turn)
            case Begun():
                pass

    @property
    def seconds(self) -> list[float]:
        return [round(len(turn.pcm) / RATE / 2, 1) for turn in self.turns]


def test_a_turn_keeps_a_little_before_and_after_its_voice() -> None:
    detector = Detector().feed(silence(1), loud(1), silence(1))
    assert detector.seconds == [1.6]
    assert detector.turns[0].voiced_seconds == pytest.approx(1, abs=0.07)
    assert detector.turns[0].began_at == pytest.approx(1, abs=0.06)
    assert detector.turns[0].ended_at == pytest.approx(2, abs=0.06)


def test_a_turn_ends_after_seven_tenths_of_a_second() -> None:
    detector = Detector().feed(loud(1), silence(0.6))
    assert not detector.turns
    detector.feed(silence(0.2))
    assert len(detector.turns) == 1


def test_a_turn_is_told_at_a_pause_already_with_all_of_its_voice() -> None:
    detector = Detector().feed(silence(1), loud(1), silence(0.1))
    assert not detector.pauses
    [pause] = detector.feed(silence(0.1)).pauses
    [turn] = detector.feed(silence(1)).turns
    assert detector.pauses == [pause]
    assert (pause.voiced_seconds, pause.began_at, pause.ended_at) == (
        turn.voiced_seconds,
        turn.began_at,
        turn.ended_at,
    )
    assert turn.pcm.startswith(pause.pcm)


def test_what_is_said_behind_a_pause_is_told_at_the_next_one_and_of_who_hesitates_often_at_longer_ones() -> None:
    detector = Detector().feed(*[loud(0.5), silence(0.2)] * 7, silence(1))
    assert len(detector.turns) == 1
    assert [round(pause.voiced_seconds, 1) for pause in detector.pauses] == [
        pytest.approx(0.5 * count, abs=0.25) for count in (1, 2, 3, 4, 7)
    ]
    assert detector.resumed == [pytest.approx(0.7 * count + 0.1, abs=0.06) for count in (1, 2, 3, 4)]


def test_what_is_said_is_not_told_again_and_again() -> None:
    detector = Detector().feed(*[loud(0.3), silence(0.5)] * 20, silence(1))
    assert len(detector.turns) == 1
    assert len(detector.pauses) == 8
    detector.feed(loud(0.5), silence(1))
    assert len(detector.pauses) == 9


def test_a_breath_in_a_pause_is_not_the_member_going_on() -> None:
    detector = Detector().feed(loud(1), silence(0.3), loud(0.03), silence(0.3))
    assert (len(detector.pauses), detector.resumed, detector.turns) == (1, [], [])
    [turn] = detector.feed(silence(0.5)).turns
    assert turn.voiced_seconds - detector.pauses[0].voiced_seconds < 0.1
    detector.feed(loud(1), silence(0.3), loud(0.15), silence(0.3))
    assert len(detector.resumed) == 1, "a word is"


def test_many_breaths_are_a_word() -> None:
    detector = Detector().feed(loud(1), silence(0.3), *[loud(0.03), silence(0.1)] * 6)
    assert len(detector.resumed) == 1


def test_a_breath_does_not_end_a_longer_wait() -> None:
    detector = Detector().feed(loud(1), silence(0.3))
    detector.detector.wait_longer(1.5)
    detector.feed(loud(0.03), silence(1.3))
    assert not detector.turns
    assert len(detector.feed(silence(0.3)).turns) == 1


def test_a_turn_waits_longer_where_that_is_asked_for_in_a_pause_and_until_the_member_goes_on() -> None:
    detector = Detector().feed(loud(1), silence(0.3))
    detector.detector.wait_longer(1.5)
    detector.feed(silence(1.1))
    assert not detector.turns
    detector.feed(loud(1), silence(0.6))
    assert not detector.turns
    assert detector.feed(silence(0.2)).seconds == [pytest.approx(3.7, abs=0.1)]


def test_it_ends_when_the_longer_wait_is_over_too() -> None:
    detector = Detector().feed(loud(1), silence(0.3))
    detector.detector.wait_longer(1.5)
    assert len(detector.feed(silence(1.3)).turns) == 1


def test_nothing_waits_longer_that_is_not_silent_or_is_over() -> None:
    detector = Detector().feed(loud(1))
    detector.detector.wait_longer(5.0)
    assert len(detector.feed(silence(0.8)).turns) == 1
    detector.detector.wait_longer(5.0)
    assert len(detector.feed(loud(1), silence(0.8)).turns) == 2


def test_a_shorter_wait_shortens_nothing() -> None:
    detector = Detector().feed(loud(1), silence(0.3))
    detector.detector.wait_longer(0.2)
    assert not detector.feed(silence(0.3)).turns


def test_what_was_said_so_far_has_its_sound_up_to_now() -> None:
    detector = Detector().feed(silence(1))
    assert detector.detector.so_far() is None
    detector.feed(loud(1))
    so_far = detector.detector.so_far()
    assert so_far is not None
    assert len(so_far.pcm) / RATE / 2 == pytest.approx(1.3, abs=0.1)
    assert so_far.voiced_seconds == pytest.approx(1, abs=0.1)
    [turn] = detector.feed(silence(1)).turns
    assert turn.pcm.startswith(so_far.pcm)
    assert detector.detector.so_far() is None


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
    detector = Detector().feed(loud(1)).release().feed(silence(0.18))
    assert not detector.turns
    assert len(detector.feed(silence(0.1)).turns) == 1


def test_a_client_that_stops_sending_in_a_pause_does_not_unless_it_does_so_by_a_key() -> None:
    assert not Detector().feed(loud(1), silence(0.3)).release().feed(silence(0.3)).turns
    assert len(Detector().feed(loud(1), silence(0.3)).release(is_by_key=True).feed(silence(0.04)).turns) == 1


def test_a_key_that_is_pressed_again_at_once_goes_on_with_the_turn() -> None:
    detector = Detector().feed(loud(1)).release().feed(silence(0.18), loud(0.5), silence(0.5))
    assert not detector.turns
    assert detector.feed(silence(0.5)).seconds == [2.0]


def test_of_who_goes_on_behind_the_end_of_what_they_send_that_is_not_believed_again_for_a_while() -> None:
    detector = Detector().feed(loud(1)).release().feed(silence(0.4), loud(1)).release().feed(silence(0.4), loud(1))
    assert len(detector.turns) == 1
    detector.feed(silence(2))
    for _ in range(4):
        detector.feed(loud(1)).release().feed(silence(2))
    waits = [len(turn.pcm) for turn in detector.turns]
    assert waits[-1] < waits[-2] == waits[-3]


def test_a_key_that_is_let_go_ends_a_turn_that_was_to_wait_longer() -> None:
    detector = Detector().feed(loud(1), silence(0.3))
    detector.detector.wait_longer(3.0)
    assert len(detector.release(is_by_key=True).feed(silence(0.04)).turns) == 1


def test_a_wait_that_is_asked_for_behind_the_key_changes_nothing() -> None:
    detector = Detector().feed(loud(1)).release(is_by_key=True).feed(silence(0.1))
    detector.detector.wait_longer(3.0)
    assert len(detector.feed(silence(0.15)).turns) == 1


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
    events: list[TurnEvent] = []
    for number, (is_loud, samples) in enumerate(sounds):
        sound = b"\x00\x30" * samples if is_loud else bytes(2 * samples)
        events += detector.feed(sound, float(number))
        fed += 2 * samples
        if number < len(taken_back):
            detector.take_back(taken_back[number])
    turns = [event.turn for event in events if isinstance(event, Ended)]
    letters = "".join(type(event).__name__[0] for event in events)
    assert re.fullmatch("(B(PR)*P?E)*(B(PR)*P?)?", letters), "they come in order"
    assert sum(len(turn.pcm) for turn in turns) <= fed
    assert all(len(turn.pcm) <= 2 * RATE * 30 + 1024 for turn in turns)
    assert all(0 <= turn.voiced_seconds <= len(turn.pcm) / RATE / 2 + 0.04 for turn in turns)
