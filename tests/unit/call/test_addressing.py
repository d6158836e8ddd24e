"""Who is meant: the name at the start or the end, who is alone with us, and who was just answered."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from assistant.call.addressing import FOLLOW_UP_SECONDS, Addressing, is_called

ADA, BEN, MUSIC = 50, 51, 60


class Call:
    """A call with some members, and a clock."""

    def __init__(self, *members: int, addressing: str = "auto") -> None:
        self.time = 100.0
        people = {user_id: SimpleNamespace(bot=user_id == MUSIC) for user_id in (ADA, BEN, MUSIC)}
        guild = SimpleNamespace(me=SimpleNamespace(id=1), get_member=people.get)
        context: Any = SimpleNamespace(
            guild_id=5,
            voice=SimpleNamespace(guild=guild, voice_states=dict.fromkeys((1, *members))),
            preferences=SimpleNamespace(options_for=lambda _: SimpleNamespace(addressing=addressing)),
        )
        self.addressing = Addressing(cast(Any, context), "Molly", lambda: self.time)

    def takes(self, user_id: int, text: str) -> bool:
        return self.addressing.is_meant(user_id, text)


@pytest.mark.parametrize(
    "text",
    [
        "Molly, what time is it?",
        "Hey Mollie what time is it",
        "okay so, Molly, please stop",
        "What do you think, Marley?",
        "What about it, Molly, please?",
        "Molly?",
    ],
)
def test_the_name_at_the_start_or_the_end_calls_it(text: str) -> None:
    assert is_called("Molly", text)


@pytest.mark.parametrize(
    "text", ["I mostly eat fish.", "Give me the money", "Yesterday Molly told us a joke about ships", "", "...", "Hey"]
)
def test_nothing_else_does(text: str) -> None:
    assert not is_called("Molly", text)


def test_who_is_alone_with_it_means_it_and_a_bot_is_no_company() -> None:
    assert Call(ADA).takes(ADA, "Is it late?")
    assert Call(ADA, MUSIC).takes(ADA, "Is it late?")
    assert not Call(ADA, BEN).takes(ADA, "Is it late?")
    assert not Call(ADA, 99).takes(ADA, "Is it late?"), "of 99 nothing is known"


def test_who_was_answered_need_not_say_the_name_for_a_while_and_others_must() -> None:
    call = Call(ADA, BEN)
    call.addressing.keep_up(ADA)
    call.time += FOLLOW_UP_SECONDS - 0.1
    assert call.takes(ADA, "And tomorrow?")
    assert not call.takes(BEN, "And tomorrow?")
    call.time += 0.2
    assert not call.takes(ADA, "And tomorrow?")


def test_a_server_may_want_the_name_always_or_never() -> None:
    assert not Call(ADA, addressing="name").takes(ADA, "Is it late?")
    assert Call(ADA, addressing="name").takes(ADA, "Is it late, Molly?")
    assert Call(ADA, BEN, addressing="always").takes(BEN, "Is it late?")
