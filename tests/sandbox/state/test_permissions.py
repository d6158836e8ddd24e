"""How permissions add up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.state.permissions import ALL, NONE, Overwrite, Permission, in_channel

EVERYONE, ROLE, OTHER, USER = 1, 2, 3, 4
WRITER = Permission.view_channel | Permission.send_messages | Permission.connect


def held(base: Permission, *overwrites: Overwrite, is_voice: bool = False) -> Permission:
    return in_channel(base, overwrites, everyone_id=EVERYONE, role_ids=[ROLE, OTHER], user_id=USER, is_voice=is_voice)


def test_member_overwrite_beats_roles_which_beat_everyone() -> None:
    send = Permission.send_messages
    everyone = Overwrite(EVERYONE, True, deny=send)
    role = Overwrite(ROLE, True, allow=send)
    member = Overwrite(USER, False, deny=send)
    assert not held(WRITER, everyone) & send
    assert held(WRITER, everyone, role) & send
    assert not held(WRITER, everyone, role, member) & send


def test_one_role_that_allows_beats_another_that_denies() -> None:
    send = Permission.send_messages
    assert held(WRITER, Overwrite(ROLE, True, allow=send), Overwrite(OTHER, True, deny=send)) & send


def test_overwrites_of_others_do_not_count() -> None:
    assert held(WRITER, Overwrite(99, False, deny=WRITER), Overwrite(98, True, deny=WRITER)) == WRITER


def test_nothing_holds_in_a_channel_that_is_not_seen() -> None:
    assert held(WRITER, Overwrite(USER, False, deny=Permission.view_channel)) == NONE


def test_only_seeing_holds_in_a_voice_channel_that_is_closed() -> None:
    closed = Overwrite(USER, False, deny=Permission.connect)
    assert held(WRITER, closed, is_voice=True) == Permission.view_channel
    assert held(WRITER, closed) == WRITER & ~Permission.connect


def test_who_cannot_write_cannot_embed() -> None:
    base = WRITER | Permission.embed_links | Permission.attach_files
    mute = Overwrite(USER, False, deny=Permission.send_messages)
    assert held(base, mute) == Permission.view_channel | Permission.connect


@given(st.integers(0, (1 << 53) - 1), st.integers(0, (1 << 53) - 1))
def test_administrator_may_everything_whatever_the_overwrites(base: int, deny: int) -> None:
    admin = Permission.administrator | Permission(base & int(Permission.view_channel))
    assert held(admin, Overwrite(USER, False, deny=Permission(deny))) == ALL


def test_unknown_name_is_an_error() -> None:
    with pytest.raises(ValueError, match="fly"):
        Permission.named(["connect", "fly"])
