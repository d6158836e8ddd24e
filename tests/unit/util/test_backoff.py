"""Pauses between tries."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.util.backoff import MAX_BACKOFF_SECONDS, backoff_seconds, retry_after_seconds

NOW = datetime(2025, 1, 1, 12, 0, 0, tzinfo=UTC)


@given(st.integers(1, 1000), st.floats(0, 1))
def test_a_pause_is_positive_and_bounded(failures: int, jitter: float) -> None:
    assert 0 < backoff_seconds(failures, jitter) <= MAX_BACKOFF_SECONDS


@given(st.integers(1, 10**9), st.floats(0, 1))
def test_a_pause_has_the_bounds_that_are_chosen_however_often_it_failed(failures: int, jitter: float) -> None:
    assert 1.5 <= backoff_seconds(failures, jitter, first=3.0, longest=600.0) <= 600.0
    assert 1.5 <= backoff_seconds(1, jitter, first=3.0, longest=600.0) <= 3.0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("0", 0.0),
        ("12", 12.0),
        (" 1.5 ", 1.5),
        ("٣", None),
        ("Wed, 01 Jan 2025 12:00:30 GMT", 30.0),
        ("Wed, 01 Jan 2025 12:00:30 -0000", 30.0),
        ("Wednesday, 01-Jan-25 12:00:30 GMT", 30.0),
        ("Wed, 01 Jan 2025 13:00:30 +0100", 30.0),
        ("Tue, 31 Dec 2024 12:00:00 GMT", 0.0),
        ("Wed, 99 Jan 2025 12:00:30 GMT", None),
        ("9" * 400, 366 * 86400.0),
        (f"Wed, 01 Jan {'9' * 30} 12:00:30 GMT", None),
        (f"Wed, 01 Jan 2025 {'9' * 30}:00:30 GMT", None),
        (f"Wed, 01 Jan 2025 12:00:30 +{'9' * 30}", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 366 * 86400.0),
        ("Mon, 01 Jan 0001 00:00:00 +2300", 0.0),
    ],
)
def test_retry_after_is_read_in_both_its_forms(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header, NOW) == seconds


@given(
    st.text(max_size=50)
    | st.from_regex(r"\A(Wed, )?\d{1,30}[ -](Jan|Foo)[ -]\d{1,30} \d{1,12}:\d{1,9}(:\d{1,30})? ([+-]\d{1,30}|GMT|Z|)\Z")
)
def test_no_header_is_too_strange(header: str) -> None:
    seconds = retry_after_seconds(header, NOW)
    assert seconds is None or seconds >= 0
