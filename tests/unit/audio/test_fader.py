"""Turning a track down and up, and letting it wait: as a listener hears it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from assistant.audio.fader import DUCKED, Fader
from assistant.audio.opus import SILENCE
from assistant.audio.opus_volume import scale_frames
from assistant.audio.track import Track
from tests.support.eventually import eventually
from tests.support.heard_speech import SAMPLES, frames_of, heard, track_of
from tests.support.recorded_speech import recording

SPEECH = frames_of(recording("en-libri-237-134500-0005"))
PLAIN = heard(SPEECH)
FULL = 1.0


class Line:
    """Sends a track as the player does, one frame whenever the test says so."""

    def __init__(self, track: Track) -> None:
        self.track = track
        self.sent: list[bytes] = []

    def send(self, frames: int = 1) -> None:
        for _ in range(frames):
            frame = self.track.frame_at(self.track.cursor)
            self.sent.append(SILENCE if frame is None else frame)
            if frame is None:
                self.track.wait()
            else:
                self.track.advance()


@asynccontextmanager
async def fading(track: Track) -> AsyncIterator[tuple[Fader, Line]]:
    fader = Fader(track)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(fader.run())
        yield fader, Line(track)
        fader.close()


async def made(fader: Fader, until: Callable[[], bool] | None = None) -> None:
    """Return when the fader has made what it was told to."""
    await eventually(until or (lambda: fader._envelope.last[1] == fader._wanted))


def gains(sent: npt.NDArray[np.float64], plain: npt.NDArray[np.float64]) -> list[float]:
    """How much of it was heard, for each frame."""
    return [
        float(np.dot(a, b) / max(1.0, np.dot(b, b)))
        for a, b in zip(sent.reshape(-1, SAMPLES), plain.reshape(-1, SAMPLES), strict=True)
    ]


def steps(sound: npt.NDArray[np.float64]) -> float:
    return float(np.abs(np.diff(sound)).max())


async def test_the_level_falls_to_a_quarter_within_a_tenth_of_a_second_and_comes_back_and_no_frame_is_lost() -> None:
    track = track_of(SPEECH)
    async with fading(track) as (fader, line):
        line.send(30)
        fader.duck()
        await made(fader)
        line.send(40)
        fader.restore()
        await made(fader)
        line.send(len(SPEECH) - 70)
    assert track.is_over
    assert len(line.sent) == len(SPEECH)
    level = gains(heard(line.sent), PLAIN)
    assert level[28] == pytest.approx(FULL, abs=0.01)
    assert level[35:70] == pytest.approx([DUCKED] * 35, abs=0.06), "100 ms after it was told"
    assert level[80:110] == pytest.approx([FULL] * 30, abs=0.06)
    assert line.sent[:31] == SPEECH[:31]
    assert line.sent[85:] == SPEECH[85:], "only what has to be is made anew"


@pytest.mark.parametrize("at", range(15, 95, 8))
async def test_no_click_is_heard_where_the_volume_changes(at: int) -> None:
    track = track_of(SPEECH)
    async with fading(track) as (fader, line):
        line.send(at)
        fader.duck()
        await made(fader)
        line.send(6)
        fader.restore()
        await made(fader)
        line.send(len(SPEECH) - at - 6)
    sound = heard(line.sent)
    window = slice((at - 1) * SAMPLES, (at + 20) * SAMPLES)
    assert steps(sound[window]) <= steps(PLAIN[window]) * 1.05 + 20
    envelope = np.interp(
        np.arange(len(PLAIN)) - 120, np.array([at + 1, at + 3, at + 7, at + 12]) * SAMPLES, [1, DUCKED, DUCKED, 1]
    )
    wanted = PLAIN * envelope
    noise = np.sqrt(np.mean((sound - wanted)[window] ** 2) / np.mean(wanted[window] ** 2))
    assert noise < 0.25, "-12 dB, spread like the speech itself: a click has all of it in one place"


async def test_it_waits_and_goes_on_at_the_very_frame_without_a_hole() -> None:
    track = track_of(SPEECH)
    async with fading(track) as (fader, line):
        line.send(40)
        fader.hold()
        line.send(50)
        assert track.cursor == 40
        assert not track.is_over
        fader.go_on()
        await eventually(lambda: not track.is_held)
        line.send(len(SPEECH) - 40)
    assert line.sent[:40] == SPEECH[:40]
    assert line.sent[40:90] == [SILENCE] * 50
    assert len(line.sent) == len(SPEECH) + 50
    assert track.holes == []
    sound = heard(line.sent)[90 * SAMPLES :]
    rise = np.abs(sound[120 : 120 + SAMPLES]).reshape(4, -1).sum(axis=1)
    usual = np.abs(PLAIN[40 * SAMPLES + 120 : 41 * SAMPLES + 120]).reshape(4, -1).sum(axis=1)
    assert list(rise / usual) == pytest.approx([1 / 8, 3 / 8, 5 / 8, 7 / 8], abs=0.1), "it swells, and does not crack"
    after = gains(sound, PLAIN[40 * SAMPLES :])
    assert after[1:30] == pytest.approx([FULL] * 29, abs=0.06), "also the first words are as loud as the others"
    assert 0 < after[0] < FULL


async def test_what_was_ducked_and_held_goes_on_at_the_volume_that_is_wanted() -> None:
    track = track_of(SPEECH)
    async with fading(track) as (fader, line):
        line.send(20)
        fader.duck()
        await made(fader)
        line.send(10)
        fader.hold()
        line.send(7)
        fader.go_on()
        await eventually(lambda: not track.is_held)
        line.send(30)
        fader.restore()
        await made(fader)
        line.send(60)
    level = gains(heard(line.sent)[37 * SAMPLES :], PLAIN[30 * SAMPLES :])
    assert level[2:28] == pytest.approx([DUCKED] * 26, abs=0.06)
    assert level[45:70] == pytest.approx([FULL] * 25, abs=0.06)
    assert track.is_over


async def test_holding_again_before_it_goes_on_keeps_it_waiting() -> None:
    track = track_of(SPEECH)
    async with fading(track) as (fader, line):
        line.send(40)
        fader.hold()
        fader.go_on()
        fader.hold()
        await asyncio.sleep(0.3)
        assert track.is_held
    assert not track.is_held, "nobody would ever let it go on"


async def test_a_track_whose_fader_broke_goes_on_and_never_waits_for_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(*_: object) -> list[bytes]:
        raise ValueError("a mistake")

    monkeypatch.setattr("assistant.audio.fader.scale_frames", break_off)
    track = track_of(SPEECH)
    fader = Fader(track)
    fader.duck()
    with pytest.raises(ValueError, match="a mistake"):
        await fader.run()
    fader.hold()
    assert not track.is_held


async def test_speech_that_is_still_being_made_is_ducked_as_it_comes_and_never_waits_for_that() -> None:
    track = Track()
    utterance = track.begin()
    for frame in SPEECH[:40]:
        utterance.append(frame)
    async with fading(track) as (fader, line):
        line.send(20)
        fader.duck()
        await made(fader)
        for start in (40, 60, 80):
            line.send(17)
            for frame in SPEECH[start : start + 20]:
                utterance.append(frame)
            assert track.frame_at(track.cursor) is not None
            await asyncio.sleep(0.3)
        line.send(10)
    level = gains(heard(line.sent), PLAIN[: len(line.sent) * SAMPLES])
    assert level[26:80] == pytest.approx([DUCKED] * 54, abs=0.06)


async def test_frames_that_came_too_late_are_made_for_later(monkeypatch: pytest.MonkeyPatch) -> None:
    track = track_of(SPEECH)
    line = Line(track)
    tries: list[int] = []

    def slow(frames: list[bytes], following: bytes | None, gains: npt.NDArray[np.float64]) -> list[bytes]:
        tries.append(track.cursor)
        if len(tries) < 3:
            line.send(5 * len(tries))
        return scale_frames(frames, following, gains)

    monkeypatch.setattr("assistant.audio.fader.scale_frames", slow)
    fader = Fader(track)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(fader.run())
        line.send(15)
        fader.duck()
        await made(fader)
        line.send(30)
        fader.close()
    level = gains(heard(line.sent), PLAIN[: len(line.sent) * SAMPLES])
    assert len(tries) == 3
    assert level[:30] == pytest.approx([FULL] * 30, abs=0.06)
    assert level[42:55] == pytest.approx([DUCKED] * 13, abs=0.06)
    assert all(abs(a - b) < 0.6 for a, b in pairwise(level)), "no jump"


async def test_frames_that_were_replaced_by_others_meanwhile_are_not_sent_in_their_place() -> None:
    track = Track()
    first = track.begin()
    for frame in SPEECH[:40]:
        first.append(frame)
    first.finish()
    second = track.begin()
    for frame in SPEECH[40:60]:
        second.append(frame)
    async with fading(track) as (fader, line):
        line.send(20)
        fader.duck()
        await made(fader)
        assert second.restart()
        for frame in SPEECH[80:100]:
            second.append(frame)
        line.send(21)
        assert line.sent[40] == SPEECH[80]
