import asyncio
from collections.abc import Iterator

import pytest

from assistant.audio.frame_clock import FrameClock, Ticking
from assistant.audio.opus import FRAME_SECONDS, SILENCE
from assistant.audio.player import Player
from assistant.audio.track import Track
from assistant.domain.errors import CallMute
from tests.support.eventually import eventually
from tests.support.fake_line import FakeLine, FakeQueuedFrame
from tests.support.fake_pacing import FakePacing


class HandClock(FrameClock):
    """A clock that ticks when the test says so."""

    def __init__(self) -> None:
        super().__init__(FakePacing())
        self.time = 1.0
        self.is_driving = False

    def now(self) -> float:
        return self.time

    def tick(self, player: Ticking) -> bool:
        self.time += FRAME_SECONDS
        player.tick(is_due=True)
        return player.tick(is_due=False)  # the pacer tells at once what has left

    def add(self, player: Ticking) -> None:
        self.is_driving = True

    def wake(self, player: Ticking) -> None:
        if self.is_driving:
            player.tick(is_due=False)

    def remove(self, player: Ticking) -> None:
        self.is_driving = False


@pytest.fixture
def clock() -> Iterator[FrameClock]:
    with FrameClock(FakePacing()) as clock:
        yield clock


def track_of(*frames: bytes) -> Track:
    track = Track()
    utterance = track.begin()
    for frame in frames:
        utterance.append(frame)
    utterance.finish()
    track.finish()
    return track


async def test_every_frame_is_sent_once_and_in_order_with_silence_after_the_last(clock: FrameClock) -> None:
    line = FakeLine()
    frames = [bytes([number]) for number in range(10)]
    await Player(clock, line).play(track_of(*frames))
    await eventually(lambda: len(line.sent) >= 15)
    assert line.sent == frames + [SILENCE] * 5
    assert line.announced == [True, False]


async def test_playing_ends_with_the_last_frame_and_not_at_the_next_look() -> None:
    clock = HandClock()
    line = FakeLine(clock.now)
    player = Player(clock, line)
    playing = asyncio.ensure_future(player.play(track_of(b"a", b"b")))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert clock.tick(player)
    assert not playing.done()
    assert clock.tick(player)
    async with asyncio.timeout(0.4):  # the watch looks each 500 ms
        await playing


async def test_while_the_line_is_cut_the_cursor_waits_and_nothing_is_lost_or_doubled() -> None:
    clock = HandClock()
    line = FakeLine(clock.now)
    player = Player(clock, line)
    track = track_of(b"a", b"b", b"c")
    playing = asyncio.ensure_future(player.play(track))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    clock.tick(player)
    line.is_connected = False
    for _ in range(20):
        assert clock.tick(player)
    line.is_connected = True
    clock.tick(player)
    clock.tick(player)
    await playing
    assert line.sent == [b"a", b"b", b"c"]
    assert track.holes == [], "the frames were there"


async def test_a_cut_line_is_reported_while_it_lasts(caplog: pytest.LogCaptureFixture) -> None:
    clock = HandClock()
    line = FakeLine(clock.now)
    line.is_connected = False
    player = Player(clock, line)
    playing = asyncio.ensure_future(player.play(track_of(b"a")))
    await eventually(lambda: "⚠️ Voice client not connected" in caplog.text)
    playing.cancel()
    await asyncio.gather(playing, return_exceptions=True)


async def test_a_frame_that_could_not_be_encrypted_costs_a_moment_and_not_the_rest_of_the_answer(
    clock: FrameClock, caplog: pytest.LogCaptureFixture
) -> None:
    class BreakingLine(FakeLine):
        broken = True

        def queue_frame(self, frame: bytes) -> FakeQueuedFrame | None:
            if frame == frames[2] and self.broken:
                self.broken = False
                raise RuntimeError("no key for this epoch")
            return super().queue_frame(frame)

    line = BreakingLine()
    frames = [bytes([number]) for number in range(5)]
    async with asyncio.timeout(10):
        await Player(clock, line).play(track_of(*frames))
    assert line.sent[:5] == frames
    assert "no key for this epoch" in caplog.text


async def test_playing_is_given_up_when_the_call_has_become_mute_and_not_begun_while_it_is() -> None:
    clock = HandClock()
    line = FakeLine(clock.now)
    line.is_connected = False
    player = Player(clock, line)
    playing = asyncio.ensure_future(player.play(track_of(b"a")))
    await asyncio.sleep(0)
    line.is_mute = True
    with pytest.raises(CallMute):
        await playing
    with pytest.raises(CallMute):
        await player.play(track_of(b"a"))
    assert not line.sent


async def test_frames_that_come_late_are_awaited_with_five_frames_of_silence() -> None:
    clock = HandClock()
    line = FakeLine(clock.now)
    player = Player(clock, line)
    track = Track()
    utterance = track.begin()
    utterance.append(b"a")
    playing = asyncio.ensure_future(player.play(track))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    for _ in range(10):
        assert clock.tick(player)
    utterance.append(b"b")
    utterance.finish()
    track.finish()
    clock.tick(player)
    await playing
    assert line.sent[:7] == [b"a", *[SILENCE] * 5, b"b"]
    assert track.holes == [9 * 0.02], "nine frames were due and not there"


async def test_a_cancelled_play_sends_no_further_frame_of_speech(clock: FrameClock) -> None:
    line = FakeLine()
    playing = asyncio.ensure_future(Player(clock, line).play(track_of(*[b"a"] * 1000)))
    await eventually(lambda: len(line.sent) >= 3)
    playing.cancel()
    await asyncio.gather(playing, return_exceptions=True)
    spoken = line.sent.count(b"a")
    await eventually(lambda: line.sent.count(SILENCE) >= 5)
    assert line.sent.count(b"a") == spoken


@pytest.mark.parametrize("connected", [True, False])
async def test_a_stopped_track_is_followed_by_silence_from_the_next_frame_on(connected: bool) -> None:
    clock = HandClock()
    line = FakeLine(clock.now)
    player = Player(clock, line)
    track = track_of(b"a", b"b", b"c")
    playing = asyncio.ensure_future(player.play(track))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    clock.tick(player)
    track.stop()
    line.is_connected = connected
    for _ in range(7):
        clock.tick(player)
    async with asyncio.timeout(0.4):  # the watch looks each 500 ms
        await playing
    assert line.sent == ([b"a", *[SILENCE] * 5] if connected else [b"a"])
    assert line.announced == [True, False]


async def test_a_closed_speaker_is_driven_no_longer() -> None:
    clock = HandClock()
    line = FakeLine(clock.now)
    player = Player(clock, line)
    playing = asyncio.ensure_future(player.play(track_of(b"a", b"b")))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    playing.cancel()
    await asyncio.gather(playing, return_exceptions=True)
    player.close()
    assert not clock.is_driving
    assert not clock.tick(player)


async def test_a_cue_is_sent_between_answers_and_announced_and_followed_by_silence(clock: FrameClock) -> None:
    line = FakeLine()
    await Player(clock, line).play_cue([b"x", b"y"])
    await eventually(lambda: len(line.sent) >= 7)
    assert line.sent == [b"x", b"y", *[SILENCE] * 5]
    assert line.announced == [True, False]


async def test_speech_that_is_ready_while_a_cue_is_heard_begins_behind_it() -> None:
    clock = HandClock()
    line = FakeLine(clock.now)
    player = Player(clock, line)
    track = Track()
    utterance = track.begin()
    playing = asyncio.ensure_future(player.play(track))
    await asyncio.sleep(0)
    cue = asyncio.ensure_future(player.play_cue([b"x", b"y"]))
    await asyncio.sleep(0)
    clock.tick(player)
    for frame in (b"a", b"b"):
        utterance.append(frame)
    utterance.finish()
    track.finish()
    for _ in range(8):
        clock.tick(player)
    await playing
    await cue
    assert line.sent == [b"x", b"y", b"a", b"b", *[SILENCE] * 5]
    assert line.announced == [True, False]
    assert track.holes == []


@pytest.mark.parametrize("is_held", [False, True])
async def test_no_cue_is_heard_inside_of_speech_also_where_that_waits(is_held: bool) -> None:
    clock = HandClock()
    line = FakeLine(clock.now)
    player = Player(clock, line)
    track = track_of(b"a", b"b", b"c")
    playing = asyncio.ensure_future(player.play(track))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    clock.tick(player)
    track.is_held = is_held
    await player.play_cue([b"x"])
    clock.tick(player)
    track.is_held = False
    for _ in range(3):
        clock.tick(player)
    await playing
    assert b"x" not in line.sent
    assert [frame for frame in line.sent if frame != SILENCE] == [b"a", b"b", b"c"]


async def test_speech_that_begins_first_costs_the_cue() -> None:
    clock = HandClock()
    line = FakeLine(clock.now)
    player = Player(clock, line)
    track = track_of(b"a", b"b")
    playing = asyncio.ensure_future(player.play(track))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    cue = asyncio.ensure_future(player.play_cue([b"x"]))
    await asyncio.sleep(0)
    track.advance()  # as if the clock had been at it
    clock.tick(player)
    await asyncio.gather(playing, cue)
    assert line.sent == [b"b"]


@pytest.mark.parametrize("reason", ["cut", "mute", "lost"])
async def test_a_cue_that_nobody_would_hear_is_not_waited_for_nor_sent_later(reason: str) -> None:
    clock = HandClock()
    line = FakeLine(clock.now)
    player = Player(clock, line)
    if reason == "cut":
        line.is_connected = False
    elif reason == "mute":
        line.is_mute = True
    cue = asyncio.ensure_future(player.play_cue([b"x", b"y"]))
    await asyncio.sleep(0)
    if reason == "lost":
        line.is_connected = False
    clock.tick(player)
    async with asyncio.timeout(0.5):
        await cue
    line.is_connected, line.is_mute = True, False
    clock.tick(player)
    assert b"x" not in line.sent


async def test_a_held_track_is_followed_by_silence_once_and_goes_on_at_its_frame() -> None:
    clock = HandClock()
    line = FakeLine(clock.now)
    player = Player(clock, line)
    track = track_of(b"a", b"b", b"c")
    playing = asyncio.ensure_future(player.play(track))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    clock.tick(player)
    track.hold()
    assert all(clock.tick(player) for _ in range(20))
    assert not playing.done()
    track.go_on()
    clock.tick(player)
    clock.tick(player)
    await playing
    assert line.sent[:8] == [b"a", *[SILENCE] * 5, b"b", b"c"]
    assert track.holes == [], "it was meant to be silent"
