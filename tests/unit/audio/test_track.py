import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.track import Track, Utterance


def heard_of(track: Track) -> list[bytes]:
    """All frames that can be sent now, sent."""
    heard = []
    while (frame := track.frame_at(track.cursor)) is not None:
        heard.append(frame)
        track.advance()
    return heard


def test_the_cursor_passes_every_frame_once_and_in_order() -> None:
    track = Track()
    utterance = track.begin()
    for number in range(3):
        utterance.append(bytes([number]))
    utterance.finish()
    track.finish()
    assert heard_of(track) == [b"\0", b"\1", b"\2"]
    assert track.is_over


def test_a_track_that_has_run_dry_is_not_over_before_it_is_finished() -> None:
    track = Track()
    utterance = track.begin()
    utterance.append(b"a")
    track.advance()
    assert track.frame_at(track.cursor) is None
    utterance.finish()
    assert not track.is_over
    track.finish()
    assert track.is_over


def test_an_utterance_that_is_still_being_made_keeps_a_finished_track_from_being_over() -> None:
    track = Track()
    utterance = track.begin()
    track.finish()
    assert not track.is_over
    utterance.finish()
    assert track.is_over


def test_a_hole_is_the_silence_before_a_frame_that_was_made_too_late() -> None:
    track = Track()
    utterance = track.begin()
    track.wait()  # for the first frame: that is no hole
    utterance.append(b"a")
    track.advance()
    for _ in range(3):
        track.wait()
    assert track.holes == [], "what comes next may be the end"
    utterance.append(b"b")
    utterance.append(b"c")
    track.advance()
    track.advance()
    track.wait()
    utterance.append(b"d")
    track.advance()
    track.wait()  # for the end
    assert track.holes == [0.06, 0.02]


def test_waiting_counts_what_can_be_sent_and_is_not_yet() -> None:
    track = Track()
    first, second = track.begin(), track.begin()
    first.append(b"a")
    second.append(b"b")
    assert track.waiting == 1
    first.finish()
    assert track.waiting == 2
    track.advance()
    assert track.waiting == 1


def test_what_is_cut_is_not_heard_nor_what_is_behind_it() -> None:
    track = Track()
    first, second, third = track.begin(), track.begin(), track.begin()
    third.append(b"c")
    third.finish()
    track.cut(second)
    second.append(b"b")
    second.finish()
    first.append(b"a")
    first.finish()
    track.finish()
    assert heard_of(track) == [b"a"]
    assert track.is_over


def test_the_first_frame_made_and_sent_are_noted() -> None:
    track = Track()
    assert (track.first_made, track.first_sent) == (None, None)
    track.begin().append(b"a")
    assert track.first_made is not None
    assert track.first_sent is None
    track.advance()
    assert track.first_sent is not None


def test_what_is_withheld_is_heard_once_it_is_released_and_so_is_what_is_behind_it() -> None:
    track = Track()
    first, second, third = track.begin(), track.begin(is_withheld=True), track.begin()
    for utterance, frame in ((third, b"c"), (second, b"b"), (first, b"a")):
        utterance.append(frame)
        utterance.finish()
    track.finish()
    assert heard_of(track) == [b"a"]
    assert not track.is_over
    second.release()
    assert heard_of(track) == [b"b", b"c"]
    assert track.is_over


def test_a_stopped_track_is_silent_and_over_whatever_is_made_of_it_later() -> None:
    track = Track()
    first, second = track.begin(), track.begin()
    first.append(b"a")
    first.append(b"a")
    track.advance()
    track.stop()
    assert track.frame_at(track.cursor) is None
    assert track.is_over
    first.append(b"a")
    first.finish()
    second.append(b"b")
    assert track.waiting == 1, "frames are kept that nobody will hear"
    assert track.is_over


def test_an_utterance_knows_how_many_of_its_frames_have_left() -> None:
    track = Track()
    first, second = track.begin(), track.begin()
    for utterance in (second, first):
        utterance.append(b"x")
        utterance.append(b"x")
    assert (first.sent, second.sent) == (0, 0)
    track.advance()
    assert (first.sent, second.sent) == (1, 0)
    first.finish()
    track.advance()
    track.advance()
    assert (first.sent, second.sent) == (2, 1)
    assert (first.made, second.made) == (2, 2)


@given(st.lists(st.integers(0, 3), max_size=40))
def test_utterances_made_in_any_order_are_heard_one_after_the_other(makers: list[int]) -> None:
    track = Track()
    utterances = [track.begin() for _ in range(4)]
    made: list[list[bytes]] = [[] for _ in utterances]
    heard = []
    for number in makers:
        frame = f"{number}:{len(made[number])}".encode()
        utterances[number].append(frame)
        made[number].append(frame)
        heard += heard_of(track)
    for utterance in reversed(utterances):
        utterance.finish()
    track.finish()
    heard += heard_of(track)
    assert heard == [frame for frames in made for frame in frames]
    assert track.is_over


def test_an_utterance_that_nobody_has_heard_yet_can_be_made_anew() -> None:
    track = Track()
    first, second = track.begin(), track.begin()
    for number in range(20):
        first.append(bytes([number]))
    second.append(b"wrong")
    assert second.restart(), "it waits behind the first one"
    first.finish()
    second.append(b"wrong, too")
    assert second.restart(), "twenty frames are to be heard before it"
    second.append(b"right")
    second.finish()
    track.finish()
    assert heard_of(track) == [*(bytes([number]) for number in range(20)), b"right"]


def test_an_utterance_that_is_being_heard_is_not_taken_back() -> None:
    track = Track()
    utterance = track.begin()
    utterance.append(b"a")
    assert not utterance.restart()
    utterance.finish()
    assert heard_of(track) == [b"a"]


def test_an_utterance_without_a_frame_can_always_be_made_anew() -> None:
    assert Track().begin().restart()


def frames_of(name: str, count: int) -> list[bytes]:
    return [f"{name}{number}".encode() for number in range(count)]


def make(utterance: Utterance, name: str, count: int, *, is_whole: bool = True) -> None:
    for frame in frames_of(name, count):
        utterance.append(frame)
    if is_whole:
        utterance.finish()


@pytest.mark.parametrize("is_whole", [True, False])
def test_what_the_cursor_is_far_from_can_be_left_out_with_all_that_is_behind_it(*, is_whole: bool) -> None:
    track = Track()
    first, second, third = track.begin(), track.begin(), track.begin()
    make(first, "a", 10)
    make(second, "b", 10, is_whole=is_whole)
    make(third, "c", 10)
    track.advance()
    assert track.end_before(second)
    make(second, "late", 3)
    third.append(b"late")
    track.finish()
    assert heard_of(track) == frames_of("a", 10)[1:]
    assert track.is_over
    assert (second.sent, third.sent) == (0, 0)


def test_what_is_being_heard_or_is_due_at_once_is_not_left_out() -> None:
    track = Track()
    first, second = track.begin(), track.begin()
    make(first, "a", 10)
    make(second, "b", 10)
    for _ in range(6):
        track.advance()
    assert not track.end_before(first)
    assert not track.end_before(second), "the clock may be at its first frame any moment"
    track.finish()
    assert heard_of(track) == frames_of("a", 10)[6:] + frames_of("b", 10)


def test_what_is_not_made_yet_can_be_left_out_also_when_it_is_due() -> None:
    track = Track()
    first, second, third = track.begin(), track.begin(), track.begin()
    make(first, "a", 2)
    make(third, "c", 2)
    assert heard_of(track) == frames_of("a", 2)
    assert track.end_before(second)
    track.finish()
    assert track.is_over
    assert heard_of(track) == []


def test_what_follows_an_utterance_without_a_sound_is_left_out_with_it() -> None:
    track = Track()
    first, silent, third = track.begin(), track.begin(), track.begin()
    make(first, "a", 10)
    silent.finish()
    make(third, "c", 10, is_whole=False)
    assert track.end_before(silent)
    track.finish()
    assert heard_of(track) == frames_of("a", 10)
    assert track.is_over


def test_an_utterance_without_a_sound_is_past_when_what_follows_it_is_heard() -> None:
    track = Track()
    silent, second, third = track.begin(), track.begin(), track.begin()
    silent.finish()
    make(second, "b", 10)
    make(third, "c", 10)
    track.advance()
    assert not track.end_before(silent)
    assert track.end_before(third)
    track.finish()
    assert heard_of(track) == frames_of("b", 10)[1:]


def test_what_was_cut_already_ends_nothing() -> None:
    track = Track()
    first, second = track.begin(), track.begin(is_withheld=True)
    track.cut(second)
    closing = track.begin()
    make(closing, "z", 1)
    assert not track.end_before(second)
    make(first, "a", 1)
    assert heard_of(track) == [b"a0", b"z0"]


@given(st.data())
def test_before_the_end_of_a_track_nothing_is_missing_and_behind_it_nothing_is_heard(data: st.DataObject) -> None:
    track = Track()
    counts = data.draw(st.lists(st.integers(0, 12), min_size=1, max_size=5))
    utterances = [track.begin() for _ in counts]
    made = data.draw(st.lists(st.booleans(), min_size=len(counts), max_size=len(counts)))
    for number, (utterance, count) in enumerate(zip(utterances, counts, strict=True)):
        make(utterance, str(number), count, is_whole=made[number])
    passed = data.draw(st.integers(0, track.waiting))
    heard = []
    for _ in range(passed):
        assert track.frame_at(track.cursor) is not None
        heard.append(track.frame_at(track.cursor))
        track.advance()
    which = data.draw(st.integers(0, len(counts) - 1))
    is_ended = track.end_before(utterances[which])
    for utterance in utterances:
        utterance.finish()
    track.finish()
    heard += heard_of(track)
    kept = counts[:which] if is_ended else counts
    assert heard == [frame for number, count in enumerate(kept) for frame in frames_of(str(number), count)]
    assert track.is_over


def test_what_is_taken_back_is_not_heard_and_what_is_begun_next_follows() -> None:
    track = Track()
    old, making = track.begin(), track.begin()
    for number in range(10):
        old.append(bytes([number]))
    old.finish()
    making.append(b"x")
    track.advance()
    track.take_back()
    new = track.begin()
    for _ in range(20):
        new.append(b"new")
    making.append(b"x")
    assert making.restart(), "it may go on, for nobody"
    making.finish()
    new.finish()
    track.finish()
    heard = heard_of(track)
    assert heard[-20:] == [b"new"] * 20
    assert len(heard) - 20 <= 5
    assert b"x" not in heard
    assert track.is_over
