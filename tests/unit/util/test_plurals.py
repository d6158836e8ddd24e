import pytest

from assistant.util.plurals import counted


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "0 messages"), (1, "1 message"), (2, "2 messages"), (21, "21 messages")]
)
def test_a_noun_stands_in_the_number_that_goes_with_it(count: int, expected: str) -> None:
    assert counted(count, "message") == expected


def test_an_irregular_plural_is_given() -> None:
    assert (counted(1, "reply", "replies"), counted(3, "reply", "replies")) == ("1 reply", "3 replies")
