from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.discord_io.posting import post
from tests.support.fake_text import FakeText
from tests.support.virtual_time import run_in_virtual_time
from tests.unit.reply.test_turn import Stage

LONG = "word " * 5000
"""As long as an answer may be that takes more than ten posts."""


async def written_by_a_turn(message_id: int, text: str, apology: str) -> list[str]:
    """Under which names a turn posts its answer and its apology."""
    place = FakeText()
    turn = cast(Any, Stage(cast(Any, None), cast(Any, None)).turn)
    message = SimpleNamespace(id=message_id, to_reference=lambda **_: message_id)
    turn.question = SimpleNamespace(message=message, place=place)
    turn._pieces = [text]
    turn._kept = SimpleNamespace(reply=text, apology=apology, is_posted=False)
    await turn._post()
    return [options["nonce"] for options in place.options]


@given(st.integers(1, 2**64 - 1), st.sampled_from(["", "Sorry.", LONG]))
def test_each_part_of_an_answer_and_its_apology_has_a_name_of_its_own_that_discord_takes(
    message_id: int, apology: str
) -> None:
    names = run_in_virtual_time(written_by_a_turn(message_id, LONG, apology))
    assert len(names) > 10
    assert len(set(names)) == len(names)
    assert all(0 < len(name) <= 25 for name in names)


@given(st.lists(st.integers(2**62, 2**62 + 300), min_size=2, max_size=2, unique=True))
def test_answers_to_different_messages_have_different_names(message_ids: list[int]) -> None:
    first, second = (run_in_virtual_time(written_by_a_turn(message_id, LONG, "Sorry.")) for message_id in message_ids)
    assert not set(first) & set(second)


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
