from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from assistant.reply.reply_poster import ReplyPoster
from tests.support.fake_text import FakeText
from tests.support.virtual_time import run_in_virtual_time

LONG = "word " * 5000
"""As long as an answer may be that takes more than ten posts."""


async def names_of_posts(message_id: int, text: str, apology: str) -> list[str]:
    """Under which names an answer and its apology are posted."""
    place = FakeText()
    message = SimpleNamespace(id=message_id, to_reference=lambda **_: message_id)
    await ReplyPoster(place, cast(Any, message)).post(text, apology)
    return [options["nonce"] for options in place.options]


@given(st.integers(1, 2**64 - 1), st.sampled_from(["", "Sorry.", LONG]))
def test_each_part_of_an_answer_and_its_apology_has_a_name_of_its_own_that_discord_takes(
    message_id: int, apology: str
) -> None:
    names = run_in_virtual_time(names_of_posts(message_id, LONG, apology))
    assert len(names) > 10
    assert len(set(names)) == len(names)
    assert all(0 < len(name) <= 25 for name in names)


@given(st.lists(st.integers(2**62, 2**62 + 300), min_size=2, max_size=2, unique=True))
def test_answers_to_different_messages_have_different_names(message_ids: list[int]) -> None:
    first, second = (run_in_virtual_time(names_of_posts(message_id, LONG, "Sorry.")) for message_id in message_ids)
    assert not set(first) & set(second)
