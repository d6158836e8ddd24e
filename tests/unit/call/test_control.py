from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from assistant.call.control import may_control
from assistant.domain.preferences import Control

IN_CALL, ELSEWHERE = 10, 11


class FakeMember(discord.Member):
    """Somebody of a guild."""

    def __init__(self, user_id: int) -> None:  # nothing of py-cord's is made
        self._user = cast(Any, SimpleNamespace(id=user_id))


def voice(*, may_move: bool = False) -> Any:
    """A voice channel with one in it."""
    return SimpleNamespace(
        voice_states={IN_CALL: None, 1: None},
        guild=SimpleNamespace(me=SimpleNamespace(id=1)),
        permissions_for=lambda _: SimpleNamespace(move_members=may_move),
    )


@pytest.mark.parametrize(
    ("user_id", "may_move", "control", "expected"),
    [
        (IN_CALL, False, "members", True),
        (ELSEWHERE, False, "members", False),
        (ELSEWHERE, True, "members", True),
        (ELSEWHERE, False, "everyone", True),
    ],
)
def test_members_of_the_call_control_it_and_who_may_move_them(
    user_id: int, may_move: bool, control: Control, expected: bool
) -> None:
    assert may_control(FakeMember(user_id), voice(may_move=may_move), control) is expected


def test_somebody_of_whom_discord_tells_no_rights_has_none() -> None:
    somebody = cast(discord.User, SimpleNamespace(id=ELSEWHERE))
    assert not may_control(somebody, voice(may_move=True), "members")
