"""What holds for whom: a member's choice before the server's, and that before the owner's."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from assistant.config.settings import Settings
from assistant.domain.errors import StorageUnavailable
from assistant.preferences.reply_options import ReplyOptions
from assistant.preferences.service import PreferenceService
from assistant.storage.database import Database
from assistant.storage.preference_store import PreferenceStore
from assistant.storage.write_behind import WriteBehind
from assistant.tts.voice import Voice

GUILD, ADA, BEN = 5, 7, 8
VOICES = tuple(
    Voice(engine="gtts", name=name, label=name, languages=frozenset({"en"})) for name in ("com", "co.uk", "ie")
)
SETTINGS = Settings(discord_token="token", spoken_seconds=30.0)


@pytest.fixture
async def preferences(tmp_path: Path) -> AsyncIterator[PreferenceService]:
    async with Database(f"sqlite:///{tmp_path}/choices.db") as database, WriteBehind() as writes:
        yield PreferenceService(SETTINGS, VOICES, PreferenceStore(database), writes)


async def test_without_a_choice_the_owner_s_holds(preferences: PreferenceService) -> None:
    assert preferences.options_for(GUILD, ADA) == ReplyOptions.from_settings(SETTINGS)
    await preferences.load(GUILD)
    assert preferences.options_for(GUILD, ADA) == ReplyOptions.from_settings(SETTINGS)


async def test_a_member_s_choice_is_theirs_alone_and_goes_before_the_server_s(preferences: PreferenceService) -> None:
    await preferences.choose_for_guild(GUILD, language="de", voice="gtts:co.uk")
    await preferences.choose_for_member(GUILD, ADA, language="fr")
    assert (preferences.options_for(GUILD, ADA).language, preferences.options_for(GUILD, ADA).voice) == (
        "fr",
        VOICES[1],
    )
    assert (preferences.options_for(GUILD, BEN).language, preferences.options_for(GUILD, BEN).voice) == (
        "de",
        VOICES[1],
    )
    assert preferences.options_for(6, ADA) == ReplyOptions.from_settings(SETTINGS)


async def test_what_a_member_speaks_is_their_choice_then_the_server_s_and_else_not_known(
    preferences: PreferenceService,
) -> None:
    assert preferences.chosen_language(GUILD, ADA) == ""
    await preferences.choose_for_guild(GUILD, language="de")
    await preferences.choose_for_member(GUILD, ADA, language="auto")
    assert [preferences.chosen_language(GUILD, who) for who in (ADA, BEN)] == ["", "de"]
    await preferences.choose_for_member(GUILD, BEN, language="fr")
    assert [preferences.chosen_language(guild, BEN) for guild in (GUILD, 6)] == ["fr", ""]


async def test_how_calls_behave_is_the_server_s_choice(preferences: PreferenceService) -> None:
    await preferences.choose_for_guild(GUILD, during_speech="replace", spoken_seconds=0, control="everyone")
    options = preferences.options_for(GUILD, ADA)
    assert (options.during_speech, options.spoken_seconds, options.control) == ("replace", 0.0, "everyone")
    assert preferences.options_for(6, ADA).control == "members"


async def test_a_choice_that_is_taken_back_holds_no_longer(preferences: PreferenceService) -> None:
    await preferences.choose_for_member(GUILD, ADA, language="fr", voice="gtts:ie")
    await preferences.choose_for_member(GUILD, ADA, language=None)
    assert (preferences.options_for(GUILD, ADA).language, preferences.options_for(GUILD, ADA).voice) == (
        "auto",
        VOICES[2],
    )


async def test_a_voice_that_is_gone_is_as_if_not_chosen(preferences: PreferenceService) -> None:
    await preferences.choose_for_member(GUILD, ADA, voice="hosted:nova")
    assert preferences.options_for(GUILD, ADA).voice is None


async def test_choices_hold_for_the_next_run(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/choices.db"
    async with Database(url) as database, WriteBehind() as writes:
        preferences = PreferenceService(SETTINGS, VOICES, PreferenceStore(database), writes)
        await preferences.choose_for_guild(GUILD, language="ja")
    async with Database(url) as database, WriteBehind() as writes:
        preferences = PreferenceService(SETTINGS, VOICES, PreferenceStore(database), writes)
        assert preferences.options_for(GUILD).language == "auto", "nobody has looked it up"
        await preferences.load(GUILD)
        assert preferences.options_for(GUILD).language == "ja"
        await preferences.erase(GUILD)
        await preferences.load(GUILD)
        assert preferences.options_for(GUILD) == ReplyOptions.from_settings(SETTINGS)


class _Broken(PreferenceStore):
    """A store whose database is away until the test says otherwise."""

    is_broken = True

    def __getattribute__(self, name: str) -> Any:
        if type(self).is_broken and not name.startswith("_"):
            raise StorageUnavailable(address="db", detail="gone")
        return super().__getattribute__(name)


async def test_while_the_database_is_away_choices_hold_and_are_stored_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.storage.write_behind._RETRY_SECONDS", (0.01,))
    async with Database(f"sqlite:///{tmp_path}/choices.db") as database:
        async with WriteBehind() as writes:
            preferences = PreferenceService(SETTINGS, VOICES, _Broken(database), writes)
            monkeypatch.setattr(_Broken, "is_broken", True)
            await preferences.load(GUILD)
            assert preferences.options_for(GUILD, ADA) == ReplyOptions.from_settings(SETTINGS)
            await preferences.choose_for_guild(GUILD, language="de", during_speech="replace")
            await preferences.choose_for_member(GUILD, ADA, language="fr")
            await preferences.load(GUILD)
            for user, language in ((ADA, "fr"), (BEN, "de")):
                assert preferences.options_for(GUILD, user).language == language
            monkeypatch.setattr(_Broken, "is_broken", False)
        stored = await PreferenceStore(database).load_for_guild(GUILD)
    assert (stored.own.language, stored.own.during_speech, stored.members[ADA].language) == ("de", "replace", "fr")
