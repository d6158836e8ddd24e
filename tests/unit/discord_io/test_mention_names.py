from types import SimpleNamespace
from typing import cast

import discord
import pytest

from assistant.discord_io.mention_names import mention_names
from assistant.text.normalization.discord_markup import Kind

GUILD = SimpleNamespace(
    get_member={1: SimpleNamespace(display_name="Ada")}.get,
    get_role={2: SimpleNamespace(name="the crew")}.get,
    get_channel_or_thread={3: SimpleNamespace(name="general")}.get,
)


@pytest.mark.parametrize(
    ("kind", "number", "name"),
    [("user", 1, "Ada"), ("role", 2, "the crew"), ("channel", 3, "general"), ("user", 2, None), ("channel", 1, None)],
)
def test_members_roles_and_channels_are_called_as_their_guild_calls_them(
    kind: Kind, number: int, name: str | None
) -> None:
    assert mention_names(cast("discord.Guild", GUILD))(kind, number) == name


def test_outside_of_a_guild_nobody_has_a_name() -> None:
    assert mention_names(None)("user", 1) is None
