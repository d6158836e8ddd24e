import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.media_process.media_messages import MediaKind, MediaMessage, pack_frames, read_message, unpack_frames

MESSAGES = st.builds(
    MediaMessage, st.sampled_from(MediaKind), st.integers(min_value=0, max_value=0xFFFFFFFF), st.binary(max_size=300)
)


async def read_all(data: bytes) -> list[MediaMessage]:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    messages = []
    while (message := await read_message(reader)) is not None:
        messages.append(message)
    return messages


@given(st.lists(st.binary(max_size=1500)))
def test_frames_come_out_as_they_went_in(frames: list[bytes]) -> None:
    assert [*unpack_frames(pack_frames(frames))] == frames


@settings(deadline=None)
@given(st.lists(MESSAGES))
def test_messages_come_out_as_they_went_in(messages: list[MediaMessage]) -> None:
    assert asyncio.run(read_all(b"".join(message.packed() for message in messages))) == messages


@settings(deadline=None)
@given(MESSAGES, st.data())
def test_a_message_that_breaks_off_is_none(message: MediaMessage, data: st.DataObject) -> None:
    whole = message.packed()
    assert asyncio.run(read_all(whole[: data.draw(st.integers(0, len(whole) - 1))])) == []


async def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="99"):
        await read_all(b"\x63" + bytes(8))
