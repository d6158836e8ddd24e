"""Whatever is done to the store, it tells what a plain dict would."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.preferences import (
    LONGEST_LANGUAGE,
    LONGEST_VOICE,
    DuringSpeech,
    GuildPreference,
    GuildPreferences,
    Preference,
)
from assistant.storage.database import Database
from assistant.storage.preference_store import PreferenceStore
from tests.support.empty_database import make_empty_database

GUILDS = (1, 2**63 - 1)
USERS = (1, 2, 2**63 - 1)


@dataclass
class Dicts:
    """The same choices in dicts, under the same methods."""

    guilds: dict[int, dict[str, Any]] = field(default_factory=dict)
    members: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)

    async def set_for_guild(self, guild_id: int, **changes: Any) -> None:
        self.guilds.setdefault(guild_id, {}).update(changes)

    async def set_for_member(self, guild_id: int, user_id: int, **changes: Any) -> None:
        self.members.setdefault((guild_id, user_id), {}).update(changes)

    async def forget_guild(self, guild_id: int) -> None:
        self.guilds.pop(guild_id, None)
        self.members = {key: chosen for key, chosen in self.members.items() if key[0] != guild_id}

    async def forget_member(self, guild_id: int, user_id: int) -> None:
        self.members.pop((guild_id, user_id), None)

    async def load_for_guild(self, guild_id: int) -> GuildPreferences:
        members = {user: Preference(**chosen) for (guild, user), chosen in self.members.items() if guild == guild_id}
        return GuildPreferences(
            own=GuildPreference(**self.guilds.get(guild_id, {})),
            members={user: preference for user, preference in members.items() if preference != Preference()},
        )


Operation = Callable[[PreferenceStore | Dicts], Awaitable[None]]

guilds, users = st.sampled_from(GUILDS), st.sampled_from(USERS)
languages = st.none() | st.text(max_size=LONGEST_LANGUAGE)
voices = st.none() | st.text(max_size=LONGEST_VOICE)
guild_changes: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {},
    optional={
        "language": languages,
        "voice": voices,
        "during_speech": st.sampled_from([*get_args(DuringSpeech), None]),
        "control": st.sampled_from(["members", "everyone", None]),
        "spoken_seconds": st.none() | st.integers(0, 3600),
    },
)
member_changes: st.SearchStrategy[Any] = st.fixed_dictionaries({}, optional={"language": languages, "voice": voices})
operations: st.SearchStrategy[Operation] = st.one_of(
    st.builds(lambda guild, changes: lambda kept: kept.set_for_guild(guild, **changes), guilds, guild_changes),
    st.builds(
        lambda guild, user, changes: lambda kept: kept.set_for_member(guild, user, **changes),
        guilds,
        users,
        member_changes,
    ),
    st.builds(lambda guild: lambda kept: kept.forget_guild(guild), guilds),
    st.builds(lambda guild, user: lambda kept: kept.forget_member(guild, user), guilds, users),
)


@settings(max_examples=40)
@given(st.lists(operations, max_size=12))
def test_any_sequence_of_changes_gives_what_a_dict_would_hold(changes: list[Operation]) -> None:
    async def compare() -> None:
        dicts = Dicts()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "assistant.db"
            await asyncio.to_thread(make_empty_database, file)
            async with Database(f"sqlite:///{file}") as database:
                store = PreferenceStore(database)
                for change in changes:
                    await change(dicts)
                    await change(store)
                for guild_id in GUILDS:
                    assert await store.load_for_guild(guild_id) == await dicts.load_for_guild(guild_id)

    asyncio.run(compare())
