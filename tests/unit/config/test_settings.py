import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from assistant.config.database_url import default_database_url
from assistant.config.settings import (
    DEFAULT_SYSTEM_PROMPT,
    TOKEN_PLACEHOLDER,
    Settings,
    SettingsError,
    load_settings,
    read_environment,
    read_settings,
)
from tests.support.environment_variables import VARIABLES

EXAMPLE = Path(__file__).parents[3] / ".env.example"
GOOD = {"DISCORD_TOKEN": "token.of.a-bot", "AI_API_KEY": "key"}


class Recording(Mapping[str, str]):
    """An environment that knows which variables were asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def mistakes_in(**variables: str) -> dict[str, str]:
    """What is wrong with each variable, on top of an environment that is right."""
    with pytest.raises(SettingsError) as caught:
        load_settings({**GOOD, **variables})
    return {mistake.variable: f"{mistake.wrong} | {mistake.expected}" for mistake in caught.value.mistakes}


def test_without_variables_every_setting_has_the_default_of_its_field() -> None:
    assert load_settings(GOOD) == Settings(discord_token="token.of.a-bot", ai_api_key="key")


def test_the_loader_and_the_settings_name_the_same_variables() -> None:
    environment = Recording(GOOD)
    load_settings(environment)
    assert environment.asked == set(VARIABLES)


def test_the_example_file_names_every_variable_once_and_in_the_same_order() -> None:
    assert re.findall(r"^(?:# )?([A-Z_]+)=", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE) == VARIABLES


def test_every_variable_of_the_example_file_is_explained() -> None:
    blocks = EXAMPLE.read_text(encoding="utf-8").strip().split("\n\n")[1:]
    assert all(block.startswith("# ") and len(block.splitlines()) > 1 for block in blocks)
    assert len(blocks) == len(VARIABLES)


def test_the_example_file_shows_the_defaults(tmp_path: Path) -> None:
    text = re.sub(r"^# ([A-Z_]+=)", r"\1", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    copy = tmp_path / ".env"
    copy.write_text(text.replace(TOKEN_PLACEHOLDER, "token").replace("\nAI_API_KEY=", "\nAI_API_KEY=key"), "utf-8")
    environment = {name: value for name, value in read_environment(copy).items() if name in VARIABLES}
    assert load_settings(environment) == Settings(discord_token="token", ai_api_key="key")


def test_the_example_file_can_not_be_used_before_it_is_filled_in() -> None:
    assert "placeholder" in mistakes_in(DISCORD_TOKEN=TOKEN_PLACEHOLDER)["DISCORD_TOKEN"]


def test_all_mistakes_are_reported_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({"AI_READ_TIMEOUT": "soon", "TTS_ACCENT": "com@127.0.0.1", "LOG_LEVEL": "LOUD"})
    assert [mistake.variable for mistake in caught.value.mistakes] == [
        "DISCORD_TOKEN",
        "AI_API_KEY",
        "AI_READ_TIMEOUT",
        "TTS_ACCENT",
        "LOG_LEVEL",
    ]
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("Please fix 5 settings ")
    assert "  LOG_LEVEL is 'LOUD'" in lines
    assert "      expected: one of DEBUG, INFO, WARNING, ERROR" in lines


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DISCORD_TOKEN", "Bot abc.def.ghi"),
        ("DISCORD_TOKEN", "abc def"),
        ("DISCORD_TOKEN", 'abc".def'),
        ("AI_API_KEY", "two\nlines"),
        ("AI_API_KEY", "ключ"),
        ("AI_BASE_URL", "api.openai.com/v1"),
        ("AI_BASE_URL", "ftp://example.org"),
        ("AI_BASE_URL", "https://example.org/v1#key"),
        ("AI_BASE_URL", "https://example.org/#top"),
        ("AI_BASE_URL", "https://user:secret@example.org/v1"),
        ("AI_BASE_URL", "https://example.org:99999"),
        ("AI_BASE_URL", "http://[::1"),
        ("AI_BASE_URL", "https://exa mple.org"),
        ("AI_MODEL", "x" * 201),
        ("AI_VISION", "perhaps"),
        ("MESSAGE_CONTENT", "2"),
        ("IGNORE_PREFIXES", "!," + "x" * 21),
        ("DISCORD_FILES_URL", "cdn.discordapp.com"),
        ("AI_CONNECT_TIMEOUT", "0"),
        ("AI_READ_TIMEOUT", "nan"),
        ("AI_READ_TIMEOUT", "inf"),
        ("AI_READ_TIMEOUT", "1e999"),
        ("AI_MEMORY_TURNS", "2.5"),
        ("AI_MEMORY_TURNS", "-1"),
        ("ASSISTANT_NAME", "x" * 33),
        ("ASSISTANT_NAME", "Mol\x07ly"),
        ("TTS_ENGINE", "espeak"),
        ("TTS_LANGUAGE", "klingon"),
        ("TTS_ACCENT", "example.org"),
        ("TTS_TIMEOUT", "ten"),
        ("TTS_ENGINE", "gtts,,hibari"),
        ("TTS_GOOGLE_PER_MINUTE", "0"),
        ("TTS_BASE_URL", "ftp://example.org"),
        ("TTS_API_KEY", "two words"),
        ("TTS_MODEL", "x" * 201),
        ("TTS_VOICES", "alloy, no va"),
        ("TTS_VOICES", "x" * 58),
        ("TTS_HOSTED_LANGUAGES", "en,xx"),
        ("TTS_CACHE_MEGABYTES", "-1"),
        ("TTS_CACHE_DAYS", "0"),
        ("STT_ENGINE", "whisper"),
        ("STT_ENGINE", "off,hosted"),
        ("STT_LANGUAGE", "klingon"),
        ("STT_BASE_URL", "ftp://example.org"),
        ("STT_BASE_URL", "http://user:secret@example.org"),
        ("STT_API_KEY", "two words"),
        ("STT_MODEL", "x" * 201),
        ("STT_TIMEOUT", "0"),
        ("STT_TIMEOUT", "121"),
        ("INBOX_SIZE", "0"),
        ("INBOX_SIZE", "9" * 5000),
        ("SERVER_TOKENS_PER_DAY", "1000000000001"),
        ("CALLS_AT_ONCE", "1e3"),
        ("LOG_TEXTS", "hidden"),
        ("DURING_SPEECH", "shout"),
        ("SPOKEN_SECONDS", "4.9"),
        ("SPOKEN_SECONDS", "301"),
        ("ALONE_SECONDS", "-0.5"),
        ("IDLE_MINUTES", "1441"),
        ("LOG_LEVEL", "TRACE"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("PORT_ADDRESS", "bot.example"),
        ("PORT_ADDRESS", "[::1"),
        ("PORT_ADDRESS", "[::1]:80"),
        ("PORT_ADDRESS", "[localhost"),
        ("PORT_ADDRESS", "127.0.0.1:80"),
        ("DATABASE_URL", "assistant.db"),
        ("DATABASE_URL", "mysql://user:secret@host/database"),
        ("DATABASE_URL", "cockroachdb://user:secret@host/database"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite://data/assistant.db"),
        ("DATABASE_URL", "sqlite:///data/assistant.db?mode=ro"),
        ("DATABASE_URL", "postgres://"),
        ("DATABASE_URL", "postgres://user:secret@/database"),
        ("DATABASE_URL", "postgres://user:sec ret@host/database"),
        ("DATABASE_URL", "postgres://user:sec@ret@host/database"),
        ("DATABASE_URL", "postgres://user:secret@host:99999/database"),
        ("DATABASE_URL", "postgres://user:secret@[::1/database"),
        ("DISCORD_API_URL", "discord.com"),
        ("DISCORD_CA_FILE", "/no/such/file.pem"),
    ],
)
def test_a_wrong_value_is_a_mistake_of_that_variable_alone(variable: str, value: str) -> None:
    assert list(mistakes_in(**{variable: value})) == [variable]


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("AI_BASE_URL", "http://127.0.0.1:11434/v1/", "http://127.0.0.1:11434/v1"),
        ("AI_READ_TIMEOUT", " 2.5 ", 2.5),
        ("AI_MEMORY_TURNS", "0", 0),
        ("ASSISTANT_NAME", "Мария 🎙", "Мария 🎙"),
        ("DURING_SPEECH", "Replace", "replace"),
        ("DURING_SPEECH", "polite", "polite"),
        ("SPOKEN_SECONDS", "0", 0.0),
        ("SPOKEN_SECONDS", "5", 5.0),
        ("IDLE_MINUTES", "0", 0.0),
        ("DATABASE_URL", "sqlite+aiosqlite:///data/assistant.db", default_database_url()),
        ("DATABASE_URL", "sqlite:////srv/assistant.db", "sqlite:////srv/assistant.db"),
        ("DATABASE_URL", "postgres://u:p%40@h/db", "postgresql+asyncpg://u:p%40@h/db"),
        ("DATABASE_URL", "postgres://u:a/b#c:d?@h/db", "postgresql+asyncpg://u:a%2Fb%23c%3Ad%3F@h/db"),
        ("DATABASE_URL", "postgresql://u@[::1]:5433/db", "postgresql+asyncpg://u@[::1]:5433/db"),
        ("DATABASE_URL", "PostgreSQL+asyncpg://h", "postgresql+asyncpg://h"),
        ("DATABASE_URL", "postgres://h/db?sslmode=require", "postgresql+asyncpg://h/db?ssl=require"),
        ("DATABASE_URL", "postgres:///db?host=/run/postgresql", "postgresql+asyncpg:///db?host=%2Frun%2Fpostgresql"),
        ("LOG_LEVEL", "debug", "DEBUG"),
        ("LOG_TEXTS", "Off", False),
        ("LOG_TEXTS", "false", False),
        ("LOG_TEXTS", "1", True),
        ("SERVER_TOKENS_PER_DAY", "5000000000", 5_000_000_000),
        ("MEMBER_TOKENS_PER_DAY", "1000000000000", 10**12),
        ("PORT", "10000", 10000),
        ("PORT", " ", None),
        ("PORT_ADDRESS", " ::1 ", "::1"),
        ("PORT_ADDRESS", " ", ""),
        ("PORT_ADDRESS", "[::1]", "::1"),
        ("PORT_ADDRESS", "::", ""),
        ("PORT_ADDRESS", "[::]", ""),
        ("PORT_ADDRESS", "*", ""),
        ("PORT_ADDRESS", "0.0.0.0", "0.0.0.0"),
        ("PORT_ADDRESS", "Localhost", "localhost"),
        ("PORT_ADDRESS", "0:0:0:0:0:0:0:1", "::1"),
        ("PORT_ADDRESS", "0:0:0:0:0:0:0:0", ""),
        ("PORT_ADDRESS", "[::0]", ""),
        ("PORT_ADDRESS", "::ffff:127.0.0.1", "127.0.0.1"),
        ("AI_BASE_URL", "http://[::1]:11434/v1/", "http://[::1]:11434/v1"),
        ("DISCORD_API_URL", "http://127.0.0.1:8080/api/v10/", "http://127.0.0.1:8080/api/v10"),
        ("DISCORD_CA_FILE", __file__, Path(__file__)),
    ],
)
def test_a_right_value_is_taken(variable: str, value: str, expected: object) -> None:
    assert getattr(load_settings({**GOOD, variable: value}), variable.lower()) == expected


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("TTS_ENGINE", "GTTS", ("gtts",)),
        ("TTS_ENGINE", "gtts, Hibari,gtts", ("gtts", "hibari")),
        ("TTS_LANGUAGE", "zh-cn", "zh-CN"),
        ("TTS_LANGUAGE", "AUTO", "auto"),
        ("TTS_ACCENT", "co.uk", "co.uk"),
        ("TTS_VOICES", "alloy, af_bella+am_adam", ("alloy", "af_bella+am_adam")),
        ("TTS_VOICES", "x" * 57, ("x" * 57,)),
        ("TTS_HOSTED_LANGUAGES", "en,zh-cn", ("en", "zh-CN")),
        ("TTS_CACHE_MEGABYTES", "0", 0),
        ("TTS_CACHE_FOLDER", "/var/cache/molly", Path("/var/cache/molly")),
    ],
)
def test_a_right_value_of_speech_is_taken(variable: str, value: str, expected: object) -> None:
    speech = load_settings({**GOOD, variable: value}).speech
    assert getattr(speech, variable.lower().removeprefix("tts_")) == expected


@pytest.mark.parametrize(
    ("variables", "engines"),
    [
        ({}, ("gtts", "hibari", "pico")),
        ({"TTS_ENGINE": "offline"}, ("hibari", "pico")),
        ({"TTS_ENGINE": "pico,auto"}, ("pico", "gtts", "hibari")),
        ({"TTS_API_KEY": "key"}, ("hosted", "gtts", "hibari", "pico")),
        ({"TTS_BASE_URL": "http://127.0.0.1:8880/v1"}, ("hosted", "gtts", "hibari", "pico")),
        ({"TTS_ENGINE": "gtts", "TTS_API_KEY": "key"}, ("gtts",)),
    ],
)
def test_the_chain_of_engines_is_what_was_chosen(variables: dict[str, str], engines: tuple[str, ...]) -> None:
    assert load_settings({**GOOD, **variables}).speech.engine_names == engines


def test_the_hosted_engine_needs_a_key_where_openai_is_asked() -> None:
    assert "is missing" in mistakes_in(TTS_ENGINE="hosted")["TTS_API_KEY"]
    settings = load_settings({**GOOD, "TTS_ENGINE": "hosted", "TTS_BASE_URL": "http://127.0.0.1:8880/v1"})
    assert settings.speech.engine_names == ("hosted",)


@pytest.mark.parametrize("host", ["api.openai.com", "eu.api.openai.com", "API.OPENAI.COM"])
def test_openai_itself_needs_a_key(host: str) -> None:
    assert "is missing" in mistakes_in(AI_API_KEY="", AI_BASE_URL=f"https://{host}/v1")["AI_API_KEY"]


@pytest.mark.parametrize("host", ["127.0.0.1:11434", "notopenai.com", "openai.com.example.org"])
def test_other_servers_may_do_without_a_key(host: str) -> None:
    settings = load_settings({"DISCORD_TOKEN": "token", "AI_BASE_URL": f"http://{host}/v1"})
    assert settings.ai_api_key is None


def test_a_wrong_address_is_not_blamed_on_the_key_too() -> None:
    assert list(mistakes_in(AI_API_KEY="", AI_BASE_URL="nonsense")) == ["AI_BASE_URL"]


def test_a_key_in_the_query_of_the_models_address_is_a_secret() -> None:
    url = "https://example.org/v1?api-version=2024-10-21&key=hidden%2Dkey"
    settings = load_settings(GOOD | {"AI_BASE_URL": url})
    assert "hidden-key" in settings.secrets
    assert "2024-10-21" not in settings.secrets
    assert "hidden" not in repr(settings)


def test_secrets_are_neither_in_the_repr_nor_in_a_mistake() -> None:
    settings = load_settings({"DISCORD_TOKEN": "hidden-token", "AI_API_KEY": "hidden-key", "TTS_API_KEY": "hidden-2"})
    assert "hidden" not in repr(settings)
    assert settings.secrets == ("hidden-token", "hidden-key", "hidden-2")
    told = mistakes_in(
        DISCORD_TOKEN="Bot hidden",
        AI_API_KEY="hidden 1",
        AI_BASE_URL="http://u:hidden@h",
        DATABASE_URL="mysql://u:hidden@h/d",
    )
    assert len(told) == 4
    assert "hidden" not in str(told)


def test_the_password_of_the_database_is_a_secret() -> None:
    settings = load_settings({**GOOD, "DATABASE_URL": "postgres://ada:hid%2fden@host/database"})
    assert "hid" not in repr(settings)
    assert "hid/den" in settings.secrets
    settings = load_settings({**GOOD, "DATABASE_URL": "postgres://ada@host/database"})
    assert settings.secrets == (GOOD["DISCORD_TOKEN"], GOOD["AI_API_KEY"])


def test_a_database_in_a_file_is_where_the_settings_are_wherever_the_bot_is_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    kept = {**GOOD, "DATABASE_URL": "sqlite:///kept/here.db"}
    assert load_settings(kept, Path("/srv")).database_url == "sqlite:////srv/kept/here.db"
    assert load_settings(GOOD, Path("/srv")).database_url == "sqlite:////srv/data/assistant.db"
    assert load_settings(kept).database_url == f"sqlite:///{tmp_path}/kept/here.db"
    assert load_settings(GOOD).database_url == f"sqlite:///{tmp_path}/data/assistant.db"


@given(st.sampled_from(["sqlite://", "postgres://", ""]), st.text("u:@/?#[]%. =h1", max_size=20))
def test_an_address_of_a_database_that_is_taken_is_one_that_can_be_read(scheme: str, rest: str) -> None:
    try:
        settings = load_settings({**GOOD, "DATABASE_URL": scheme + rest})
    except SettingsError as error:
        assert [mistake.variable for mistake in error.mistakes] == ["DATABASE_URL"]
    else:
        password = make_url(settings.database_url).password
        assert not password or password in settings.secrets


def test_the_name_is_put_into_the_prompt_and_other_braces_stay() -> None:
    settings = load_settings({**GOOD, "ASSISTANT_NAME": "Ada", "AI_SYSTEM_PROMPT": 'You are {name}. {"a": {}}'})
    assert settings.system_prompt == 'You are Ada. {"a": {}}'
    assert "You are Molly" in Settings(discord_token="t").system_prompt
    assert DEFAULT_SYSTEM_PROMPT.count("{name}") == 1


@pytest.mark.parametrize(
    ("value", "code"), [("he", "iw"), ("pt-br", "pt"), ("en-us", "en"), ("nb", "no"), ("zh-Hant-TW", "zh-TW")]
)
def test_a_language_that_goes_by_another_code_is_taken_and_a_note_says_so(value: str, code: str) -> None:
    settings, notes = read_settings({**GOOD, "TTS_LANGUAGE": value, "TTS_HOSTED_LANGUAGES": f"de, {value}"})
    assert (settings.speech.language, settings.speech.hosted_languages) == (code, ("de", code))
    assert [note.partition(":")[0] for note in notes] == ["TTS_LANGUAGE", "TTS_HOSTED_LANGUAGES"]
    assert all(value in note and code in note for note in notes)


def test_a_language_by_its_own_code_needs_no_note() -> None:
    for value in ("de", "DE", "auto", "Auto"):
        settings, notes = read_settings({**GOOD, "TTS_LANGUAGE": value})
        assert (settings.speech.language, notes) == (value.lower(), ())


def test_a_language_that_nobody_speaks_is_a_mistake_that_names_the_nearest() -> None:
    with pytest.raises(SettingsError, match=r"did you mean en \(English\)"):
        load_settings({**GOOD, "TTS_LANGUAGE": "englich"})


def test_settings_never_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        load_settings(GOOD).ai_model = "other"  # type: ignore[misc] # that it is refused is what we test


@given(st.dictionaries(st.sampled_from(VARIABLES), st.text(max_size=50)))
def test_whatever_the_variables_hold_loading_succeeds_or_reports_mistakes(environment: dict[str, str]) -> None:
    try:
        settings = load_settings(environment)
    except SettingsError as error:
        assert error.mistakes
        assert all(mistake.variable in str(error) for mistake in error.mistakes)
    else:
        assert settings.discord_token


def test_the_process_wins_over_the_file_and_blank_counts_as_unset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text('AI_MODEL=of-the-file\nASSISTANT_NAME="Ada B"\nTTS_ENGINE=gtts\nINBOX_SIZE=\nLOG_LEVEL\n')
    monkeypatch.setenv("AI_MODEL", "of-the-process")
    monkeypatch.setenv("TTS_ENGINE", "  ")
    environment = read_environment(env_file)
    assert environment["AI_MODEL"] == "of-the-process"
    assert environment["ASSISTANT_NAME"] == "Ada B"
    assert environment["TTS_ENGINE"] == "gtts"
    assert "INBOX_SIZE" not in environment
    assert "LOG_LEVEL" not in environment


def test_values_of_the_file_are_literal_and_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("DISCORD_TOKEN=a${HOME}b\n", encoding="utf-8-sig")
    assert read_environment(env_file)["DISCORD_TOKEN"] == "a${HOME}b"


def test_a_missing_file_is_no_mistake(tmp_path: Path) -> None:
    assert "DISCORD_TOKEN" not in read_environment(tmp_path / "missing")


def test_a_file_in_another_encoding_is_reported(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_bytes("ASSISTANT_NAME=Zoë".encode("latin-1"))
    with pytest.raises(SettingsError, match="not UTF-8"):
        read_environment(env_file)


def test_switches_are_on_or_off_in_whatever_word() -> None:
    for value in ("off", "False", "NO", "0"):
        assert not load_settings({**GOOD, "MESSAGE_CONTENT": value}).message_content
    for value in ("on", "True", "yes", "1"):
        assert load_settings({**GOOD, "AI_VISION": value}).ai_vision


def test_prefixes_are_separated_by_commas_or_spaces() -> None:
    assert load_settings({**GOOD, "IGNORE_PREFIXES": "!, $,pls  m!,!"}).ignore_prefixes == ("!", "$", "pls", "m!")


@pytest.mark.parametrize("quote", ['"', "'"])
def test_quotes_around_a_value_are_not_part_of_it(quote: str) -> None:
    given = GOOD | {
        "AI_MODEL": "m",
        "DATABASE_URL": "postgres://u@h/db",
        "IGNORE_PREFIXES": "!,?",
        "TTS_LANGUAGE": "de",
    }
    quoted = {name: f"{quote}{value}{quote}" for name, value in given.items()}
    assert load_settings(quoted) == load_settings(given)


def test_quotes_inside_of_a_value_are() -> None:
    assert load_settings(GOOD | {"AI_SYSTEM_PROMPT": '"Hi" is "hello".'}).ai_system_prompt == '"Hi" is "hello".'
    assert load_settings(GOOD | {"AI_SYSTEM_PROMPT": '"Hi" and "hello"'}).ai_system_prompt == '"Hi" and "hello"'
    assert load_settings(GOOD | {"IGNORE_PREFIXES": '""'}).ignore_prefixes == ()
    assert load_settings(GOOD | {"IGNORE_PREFIXES": '"'}).ignore_prefixes == ('"',)


def test_prefixes_may_be_quoted_one_by_one() -> None:
    for value in ('"!","?"', "'!' '?'", '"!", ?'):
        assert load_settings(GOOD | {"IGNORE_PREFIXES": value}).ignore_prefixes == ("!", "?")
