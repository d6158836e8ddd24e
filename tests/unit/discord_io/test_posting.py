import pytest

from assistant.discord_io import wording
from assistant.discord_io.posting import Posted, post, try_to_post
from tests.support.fake_text import FakeText
from tests.support.virtual_time import run_in_virtual_time

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
    assert not any("nonce" in options for options in place.options)


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


async def test_a_long_text_is_a_file_with_its_beginning_above_it() -> None:
    place = FakeText()
    place.may_attach_files = True
    assert await post(place, LONG, answering=place.somebody_types(7), once="7")
    ((_, _, content, _),) = place.written
    assert place.files == [LONG.encode()]
    assert content.startswith("word word")
    assert content.endswith(f"word …\n{wording.IN_FILE}")
    assert len(content) <= 2000
    assert place.options[0]["nonce"] == "7-0"


async def test_a_text_that_fits_into_few_posts_is_no_file() -> None:
    place = FakeText()
    place.may_attach_files = True
    assert await post(place, LONG[:5900])
    assert len(place.written) == 3
    assert place.files == []


def test_a_post_that_discord_failed_to_take_is_sent_again_and_its_file_is_whole() -> None:
    place = FakeText()
    place.may_attach_files = True
    place.fails_times = 2
    assert run_in_virtual_time(try_to_post(place, LONG, once="7", tries=3)) is Posted.ALL
    assert place.files == [LONG.encode()]


def test_what_discord_does_not_take_in_the_last_try_is_not_written() -> None:
    place = FakeText()
    place.fails_times = 3
    assert run_in_virtual_time(try_to_post(place, "Hello.", once="7", tries=3)) is Posted.FAILED


async def test_what_discord_forbids_is_not_sent_again() -> None:
    place = FakeText()
    place.may_send = False
    assert await try_to_post(place, "Hello.", once="7", tries=3) is Posted.REFUSED
    assert not await post(place, "Hello.")


async def test_nothing_is_written_once_it_is_not_wanted() -> None:
    place = FakeText()
    assert await try_to_post(place, LONG, is_wanted=lambda: len(place.written) < 2) is Posted.UNWANTED
    assert len(place.written) == 2


def test_who_does_not_want_it_any_more_is_not_waited_for() -> None:
    place = FakeText()
    place.fails_times = 1
    posting = try_to_post(place, "Hello.", tries=3, is_wanted=lambda: place.fails_times == 1)
    assert run_in_virtual_time(posting) is Posted.UNWANTED
    assert place.written == []
