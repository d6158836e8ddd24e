"""What holds for whom: a member's choice before the server's, and that before the owner's."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.config.settings import Settings
from assistant.domain.errors import StorageUnavailable
from assistant.preferences.reply_options import Manner
from assistant.preferences.service import Manners
from assistant.storage.database import Database
from assistant.storage.preference_store import PreferenceStore
from assistant.tts.voice import Voice

GUILD, ADA, BEN = 5, 7, 8
VOICES = tuple(
    Voice(engine="gtts", name=name, label=name, languages=frozenset({"en"})) for name in ("com", "co.uk", "ie")
)
SETTINGS = Settings(discord_token="token", spoken_seconds=30.0)


@pytest.fixture
async def manners(tmp_path: Path) -> AsyncIterator[Manners]:
    async with Database(f"sqlite:///{tmp_path}/choices.db") as database:
        yield Manners(SETTINGS, VOICES, PreferenceStore(database))


async def test_without_a_choice_the_owner_s_holds(manners: Manners) -> None:
    assert manners.of(GUILD, ADA) == Manner.of(SETTINGS)
    await manners.look_up(GUILD)
    assert manners.of(GUILD, ADA) == Manner.of(SETTINGS)


async def test_a_member_s_choice_is_theirs_alone_and_goes_before_the_server_s(manners: Manners) -> None:
    await manners.choose_for_guild(GUILD, language="de", voice="gtts:co.uk")
    await manners.choose_for_member(GUILD, ADA, language="fr")
    assert (manners.of(GUILD, ADA).language, manners.of(GUILD, ADA).voice) == ("fr", VOICES[1])
    assert (manners.of(GUILD, BEN).language, manners.of(GUILD, BEN).voice) == ("de", VOICES[1])
    assert manners.of(6, ADA) == Manner.of(SETTINGS)


async def test_how_calls_behave_is_the_server_s_choice(manners: Manners) -> None:
    await manners.choose_for_guild(GUILD, during_speech="replace", spoken_seconds=0)
    manner = manners.of(GUILD, ADA)
    assert (manner.during_speech, manner.spoken_seconds) == ("replace", 0.0)


async def test_a_choice_that_is_taken_back_holds_no_longer(manners: Manners) -> None:
    await manners.choose_for_member(GUILD, ADA, language="fr", voice="gtts:ie")
    await manners.choose_for_member(GUILD, ADA, language=None)
    assert (manners.of(GUILD, ADA).language, manners.of(GUILD, ADA).voice) == ("auto", VOICES[2])


async def test_a_voice_that_is_gone_is_as_if_not_chosen(manners: Manners) -> None:
    await manners.choose_for_member(GUILD, ADA, voice="hosted:nova")
    assert manners.of(GUILD, ADA).voice is None


async def test_choices_hold_for_the_next_run(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/choices.db"
    async with Database(url) as database:
        await Manners(SETTINGS, VOICES, PreferenceStore(database)).choose_for_guild(GUILD, language="ja")
    async with Database(url) as database:
        manners = Manners(SETTINGS, VOICES, PreferenceStore(database))
        assert manners.of(GUILD).language == "auto", "nobody has looked it up"
        await manners.look_up(GUILD)
        assert manners.of(GUILD).language == "ja"
        await manners.erase(GUILD)
        await manners.look_up(GUILD)
        assert manners.of(GUILD) == Manner.of(SETTINGS)


class _Broken(PreferenceStore):
    def __init__(self) -> None: ...

    async def of_guild(self, guild_id: int) -> None:  # type: ignore[override] # it never returns
        raise StorageUnavailable(address="db", detail="gone")

    async def forget_guild(self, guild_id: int) -> None:
        raise StorageUnavailable(address="db", detail="gone")


async def test_a_database_that_is_away_costs_a_warning_and_no_call(caplog: pytest.LogCaptureFixture) -> None:
    manners = Manners(SETTINGS, VOICES, _Broken())
    await manners.look_up(GUILD)
    await manners.erase(GUILD)
    assert manners.of(GUILD, ADA) == Manner.of(SETTINGS)
    assert "could not be read" in caplog.text
    assert "could not be erased" in caplog.text
