import pytest

from assistant.discord_io.posting import post
from tests.support.fake_text import FakeText

LONG = "word " * 5000
"""As long as an answer may be that takes more than ten posts."""


async def test_what_may_be_written_once_is_written_so_that_discord_sees_to_it() -> None:
    place = FakeText()
    assert await post(place, LONG, once="7")
    assert [options["nonce"] for options in place.options] == [f"7-{number}" for number in range(len(place.options))]
    assert all(options["enforce_nonce"] for options in place.options)


async def test_anything_else_may_be_written_any_number_of_times() -> None:
    place = FakeText()
    await post(place, "Hello.")
    await post(place, "Hello.")
    assert place.options == [{}, {}]


@pytest.mark.parametrize("may_read_history", [True, False])
async def test_the_first_part_is_a_reply_where_that_is_allowed(*, may_read_history: bool) -> None:
    place = FakeText()
    place.may_read_history = may_read_history
    await post(place, LONG, answering=place.somebody_types(7))
    assert [options.get("reference") for options in place.options[:2]] == [7 if may_read_history else None, None]


async def test_what_discord_refuses_is_told_and_not_raised() -> None:
    place = FakeText()
    place.is_unreachable = True
    assert not await post(place, "Hello.")
