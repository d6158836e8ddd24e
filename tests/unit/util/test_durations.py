"""Stretches of time in words."""

import pytest

from assistant.util.durations import duration


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s"),
        (2.6, "3 s"),
        (119.4, "119 s"),
        (120, "2 min"),
        (7199, "2 h"),
        (7140, "119 min"),
        (82_740, "22 h 59 min"),
        (86_400, "24 h"),
    ],
)
def test_a_duration_is_said_in_the_units_that_people_use(seconds: float, words: str) -> None:
    assert duration(seconds) == words
