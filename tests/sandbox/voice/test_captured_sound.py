"""Whatever sound comes in, frames of 20 ms come out, and nothing of it is lost."""

from collections.abc import AsyncIterator

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.voice.captured_sound import Sound, captured_frames
from sandbox.voice.microphone import Captured
from sandbox.voice.opus_codec import FRAME_SAMPLES

LENGTHS = st.lists(st.integers(0, 3000), max_size=8)


async def captured(sound: Sound) -> list[Captured | None]:
    return [frame async for frame in captured_frames(sound)]


def numbered(lengths: list[int]) -> list[Captured]:
    """Pieces of these lengths, whose samples count."""
    ends = np.cumsum(lengths)
    return [np.arange(end - length, end).astype(np.int16) for end, length in zip(ends, lengths, strict=True)]


@settings(max_examples=25)
@given(LENGTHS)
async def test_pieces_of_any_length_become_frames(lengths: list[int]) -> None:
    async def one_by_one() -> AsyncIterator[Captured]:
        for piece in numbered(lengths):
            yield piece

    total = sum(lengths)
    for frames in (await captured(iter(numbered(lengths))), await captured(one_by_one())):
        assert all(frame is not None and len(frame) == FRAME_SAMPLES for frame in frames)
        samples = np.concatenate([np.zeros(0, np.int16), *(frame for frame in frames if isinstance(frame, np.ndarray))])
        assert np.array_equal(samples[:total], np.arange(total).astype(np.int16))
        assert not samples[total:].any()
        assert len(samples) - total < FRAME_SAMPLES


async def test_samples_before_a_frame_of_opus_are_not_held_back() -> None:
    first, second, third = await captured([np.ones(FRAME_SAMPLES + 10, np.int16), b"opus"])
    assert isinstance(first, np.ndarray)
    assert isinstance(second, np.ndarray)
    assert (first.sum(), second.sum(), third) == (FRAME_SAMPLES, 10, b"opus")


async def test_an_array_is_sound_and_no_list_of_numbers() -> None:
    assert len(await captured(np.zeros(2 * FRAME_SAMPLES, np.int16))) == 2
