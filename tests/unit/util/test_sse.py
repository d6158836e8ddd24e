"""The parser of server-sent events: bytes in any pieces, the same events out."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.util.sse import MAX_EVENT_CHARACTERS, Event, EventParser, EventTooLongError


def parse(*chunks: bytes) -> list[str]:
    parser = EventParser()
    return [event.data for event in [*(event for chunk in chunks for event in parser.feed(chunk)), *parser.close()]]


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b"data: a\n\ndata: b\n\n", ["a", "b"]),
        (b"data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"]),
        (b"data: a\r\rdata: b\r\r", ["a", "b"]),
        (b"data:a\n\ndata:  a\n\n", ["a", " a"]),
        (b"data: a\ndata: b\n\n", ["a\nb"]),
        (b"data\n\ndata\ndata\n\n", ["", "\n"]),
        (b": keep-alive\n\n:\n\ndata: a\n: note\ndata: b\n\n", ["a\nb"]),
        (b"event: x\nid: 1\nretry: 5\ndata: a\n\nevent: y\n\n", ["a"]),
        (b"\xef\xbb\xbfdata: a\n\n", ["a"]),
        (b"data: a\n", ["a"]),
        (b"data: a", ["a"]),
        (b"data: a\r", ["a"]),
        ("data: a\u2028b\u0085c\x0bd\n\n".encode(), ["a\u2028b\u0085c\x0bd"]),
        (b"data: \xff\n\n", ["\N{REPLACEMENT CHARACTER}"]),
        (b"data: \xf0\x9f\xa6", ["\N{REPLACEMENT CHARACTER}"]),
        (b"", []),
        (b"\n\n\n", []),
        (b"<html>\n\n", []),
    ],
)
def test_the_format_is_read_as_the_standard_says(stream: bytes, events: list[str]) -> None:
    assert parse(stream) == events
    assert parse(*(bytes([byte]) for byte in stream)) == events


line_ends = st.sampled_from(["\n", "\r\n", "\r"])
line_texts = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=20)


@st.composite
def streams(draw: st.DrawFn) -> tuple[bytes, list[str]]:
    """A stream in any of the standard's spellings, and the events it holds."""
    text, events = "", []
    for lines in draw(st.lists(st.lists(line_texts, min_size=1, max_size=3), max_size=5)):
        for line in lines:
            for comment in draw(st.lists(line_texts, max_size=1)):
                text += f":{comment}{draw(line_ends)}"
            text += f"data: {line}{draw(line_ends)}"
        text += "\n" if text.endswith("\n") else "\r\n"  # never a "\n" that would belong to a "\r" before it
        events.append("\n".join(lines))
    return text.encode(), events


@given(streams(), st.data())
def test_however_the_bytes_are_cut_the_events_are_the_same(
    stream: tuple[bytes, list[str]], data: st.DataObject
) -> None:
    encoded, events = stream
    cuts = sorted(data.draw(st.lists(st.integers(0, len(encoded)), max_size=10)))
    edges = [0, *cuts, len(encoded)]
    chunks = [encoded[start:end] for start, end in pairwise(edges)]
    assert parse(*chunks) == events


@given(st.binary(max_size=200), st.integers(0, 200))
def test_any_bytes_give_the_same_events_whole_and_in_two(stream: bytes, cut: int) -> None:
    assert parse(stream[:cut], stream[cut:]) == parse(stream)


def test_an_event_comes_with_its_blank_line_not_later() -> None:
    parser = EventParser()
    assert parser.feed(b"data: a\r\n\r") == [Event("a")]
    assert parser.feed(b"\ndata: b\n\n") == [Event("b")]


@pytest.mark.parametrize(
    ("stream", "event"),
    [
        (b"event: error\ndata: x\n\n", Event("x", "error")),
        (b"data: x\nevent: error\n\n", Event("x", "error")),
        (b"event:ping\r\ndata:\r\n\r\n", Event("", "ping")),
        (b"error: x\n\n", Event("x", "error")),
        (b"error: x", Event("x", "error")),
        (b"event: error\n\ndata: x\n\n", Event("x")),
        (b"event: error\n: note\n\ndata: x\n\n", Event("x")),
    ],
)
def test_an_event_has_the_name_that_its_own_lines_give_it(stream: bytes, event: Event) -> None:
    parser = EventParser()
    assert parser.feed(stream) + parser.close() == [event]


@pytest.mark.parametrize("piece", [b"x" * 10_000, b"data: " + b"x" * 10_000 + b"\n", b"data:\n" * 10_000])
def test_an_endless_event_is_refused(piece: bytes) -> None:
    parser = EventParser()
    with pytest.raises(EventTooLongError):
        for _ in range(MAX_EVENT_CHARACTERS // 10_000 + 2):
            parser.feed(piece)


def test_a_long_stream_of_short_events_is_not_refused() -> None:
    parser = EventParser()
    event = b"data: " + json.dumps("x" * 1000).encode() + b"\n\n"
    count = MAX_EVENT_CHARACTERS // 1000 + 10
    assert sum(len(parser.feed(event)) for _ in range(count)) == count
