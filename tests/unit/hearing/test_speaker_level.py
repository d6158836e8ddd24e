from itertools import cycle, islice

from assistant.hearing.sliding_percentile import SlidingPercentile
from assistant.hearing.speaker_level import SpeakerLevel

CHUNK = 0.032


def power(decibels: float) -> float:
    return float(10 ** (decibels / 10))


class Room:
    """A member who has spoken for four seconds at -20 dB, and then heard that long what is behind them."""

    def __init__(self, background: float) -> None:
        self.level = SpeakerLevel(CHUNK)
        self.background = background
        self.speak(-20, 128)
        self.rest()

    def rest(self) -> None:
        for _ in range(128):
            self.level.hear(power(self.background))
            self.level.pause()

    def speak(self, decibels: float, chunks: int, *, is_in_turn: bool = True) -> int:
        """How many of those chunks are taken for the member's own."""
        taken = 0
        for _ in range(chunks):
            self.level.hear(power(decibels))
            taken += self.level.is_theirs(power(decibels), is_in_turn=is_in_turn, is_sure=True)
        return taken


def test_where_it_is_quiet_nothing_is_too_soft() -> None:
    assert Room(-60).speak(-40, 20, is_in_turn=False) == 20


def test_in_babble_a_voice_must_be_about_as_loud_as_before() -> None:
    room = Room(-35)
    assert room.speak(-31, 5, is_in_turn=False) == 0
    room.rest()
    assert room.speak(-24, 5, is_in_turn=False) == 5


def test_a_turn_may_go_on_a_little_softer_than_it_may_begin() -> None:
    room = Room(-35)
    assert room.speak(-28, 5, is_in_turn=False) == 0
    assert room.speak(-28, 5, is_in_turn=True) == 5


def test_who_has_hardly_spoken_is_never_too_soft() -> None:
    level = SpeakerLevel(CHUNK)
    for decibels in [-20.0] * 20 + [-50.0] * 10:
        level.hear(power(decibels))
        assert level.is_theirs(power(decibels), is_in_turn=True, is_sure=True)


def test_who_is_softer_from_now_on_is_heard_in_the_end() -> None:
    room = Room(-35)
    taken = [room.speak(-30, 1, is_in_turn=False) for _ in range(round(8 / CHUNK))]
    assert taken[0] == 0
    assert taken[-1] == 1


def test_other_voices_do_not_become_the_members_own() -> None:
    """Whatever is too soft is not learned from."""
    room = Room(-35)
    room.speak(-33, 60, is_in_turn=True)
    assert room.speak(-33, 1, is_in_turn=True) == 0
    assert room.speak(-20, 3, is_in_turn=True) == 3


def test_digital_silence_is_a_level_too() -> None:
    level = SpeakerLevel(CHUNK)
    for loud in islice(cycle((0.0, 0.1)), 200):
        level.hear(loud)
        assert level.is_theirs(loud, is_in_turn=True, is_sure=True) or not loud


def test_a_percentile_forgets_the_oldest() -> None:
    percentile = SlidingPercentile(10, 0.5)
    for value in [100.0] * 10 + list(range(10)):
        percentile.add(value)
    assert (len(percentile), percentile.value) == (10, 5)
