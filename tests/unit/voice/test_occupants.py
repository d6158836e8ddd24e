from types import SimpleNamespace
from typing import Any

import pytest

from assistant.voice.occupants import has_listeners, occupants_of

US, A_BOT, A_HUMAN, A_STRANGER = 1, 2, 3, 4
KNOWN = {US: SimpleNamespace(bot=True), A_BOT: SimpleNamespace(bot=True), A_HUMAN: SimpleNamespace(bot=False)}


def channel_with(*user_ids: int) -> Any:
    guild = SimpleNamespace(me=SimpleNamespace(id=US), get_member=KNOWN.get)
    return SimpleNamespace(guild=guild, voice_states=dict.fromkeys(user_ids))


@pytest.mark.parametrize(
    ("there", "may_listen"),
    [
        ([], False),
        ([US], False),
        ([A_BOT], False),
        ([US, A_BOT], False),
        ([US, A_HUMAN], True),
        ([US, A_STRANGER], True),
        ([US, A_BOT, A_STRANGER], True),
    ],
)
def test_anybody_who_is_not_known_to_be_a_bot_may_listen(there: list[int], *, may_listen: bool) -> None:
    assert has_listeners(channel_with(*there)) == may_listen


def test_others_are_all_but_us_known_or_not() -> None:
    assert occupants_of(channel_with(US, A_BOT, A_STRANGER)) == {A_BOT, A_STRANGER}
