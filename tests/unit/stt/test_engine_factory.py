"""Which engines the settings ask for, and which of them this machine can have."""

import logging

import pytest
from prometheus_client import CollectorRegistry

from assistant.config.settings import load_settings
from assistant.stt import recognizer_factory
from assistant.stt.engine_factory import engine_names, engines_for
from assistant.stt.moonshine import MoonshineEngine
from assistant.stt.offline_limits import reason_against_offline
from assistant.stt.recognition_settings import RecognitionSettings
from assistant.stt.recognizer_factory import recognizer_for
from assistant.telemetry.metrics import Metrics

SMALL = 512 * 2**20
LARGE = 2 * 2**30
GOOD = {"DISCORD_TOKEN": "token.of.a-bot", "AI_API_KEY": "key"}


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MoonshineEngine, "is_installed", staticmethod(lambda: True))


@pytest.mark.parametrize(
    ("variables", "memory", "names"),
    [
        ({}, LARGE, ("moonshine",)),
        ({}, None, ("moonshine",)),
        ({}, SMALL, ()),
        ({"STT_API_KEY": "key"}, LARGE, ("hosted", "moonshine")),
        ({"STT_API_KEY": "key"}, SMALL, ("hosted",)),
        ({"STT_BASE_URL": "http://127.0.0.1:8000/v1"}, LARGE, ("hosted", "moonshine")),
        ({"STT_ENGINE": "offline"}, SMALL, ("moonshine",)),
        ({"STT_ENGINE": "moonshine"}, SMALL, ("moonshine",)),
        ({"STT_ENGINE": "off"}, LARGE, ()),
        ({"STT_ENGINE": "OFF", "STT_API_KEY": "key"}, LARGE, ()),
        ({"STT_ENGINE": "hosted", "STT_API_KEY": "key"}, LARGE, ("hosted",)),
        ({"STT_ENGINE": "offline,hosted", "STT_API_KEY": "key"}, LARGE, ("moonshine", "hosted")),
        ({"STT_ENGINE": "moonshine,auto", "STT_API_KEY": "key"}, LARGE, ("moonshine", "hosted")),
    ],
)
def test_the_engines_are_those_of_the_settings_that_fit(
    variables: dict[str, str], memory: int | None, names: tuple[str, ...]
) -> None:
    settings = load_settings({**GOOD, **variables}).recognition
    assert engine_names(settings, memory) == names
    assert tuple(engine.name for engine in engines_for(settings, "Molly", memory)) == names


def test_where_the_package_is_missing_auto_goes_without_it_and_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MoonshineEngine, "is_installed", staticmethod(lambda: False))
    assert engine_names(RecognitionSettings(), LARGE) == ()
    assert "moonshine-voice==0.1.0" in reason_against_offline(LARGE)


@pytest.mark.parametrize(("memory", "lines"), [(SMALL, 1), (LARGE, 0), (None, 0)])
@pytest.mark.parametrize("is_configured", [False, True])
def test_what_does_not_fit_is_said_once_at_the_start(
    memory: int | None,
    lines: int,
    is_configured: bool,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(recognizer_factory, "memory_limit", lambda: memory)
    settings = RecognitionSettings(api_key="key" if is_configured else None)
    with caplog.at_level(logging.INFO):
        recognizer = recognizer_for(settings, "Molly", Metrics(CollectorRegistry()), guesses_at_hosts=True)
    assert len(caplog.records) == lines
    assert all("512 MB" in line and "STT_ENGINE=offline" in line for line in caplog.messages)
    assert all(("nobody is heard" in line) is not is_configured for line in caplog.messages)
    assert recognizer.understands("") is (is_configured or lines == 0)


@pytest.mark.parametrize(
    ("engine", "language", "lines"),
    [("offline", "de", 1), ("offline", "en", 0), ("offline", "auto", 0), ("off", "de", 0)],
)
def test_a_language_that_nobody_understands_is_said_at_the_start(
    engine: str, language: str, lines: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        settings = RecognitionSettings(engine=(engine,), language=language)
        recognizer_for(settings, "Molly", Metrics(CollectorRegistry()), guesses_at_hosts=True)
    assert len(caplog.records) == lines
    assert all("understands de" in line for line in caplog.messages)


def test_the_language_of_the_settings_is_that_of_whoever_chose_none() -> None:
    settings = RecognitionSettings(engine=("offline",), language="de")
    assert not recognizer_for(settings, "Molly", Metrics(CollectorRegistry()), guesses_at_hosts=True).understands("")
    assert recognizer_for(settings, "Molly", Metrics(CollectorRegistry()), guesses_at_hosts=True).understands("en")


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "auto"),
        ({"TTS_LANGUAGE": "de"}, "de"),
        ({"TTS_LANGUAGE": "de", "STT_LANGUAGE": "English"}, "en"),
        ({"TTS_LANGUAGE": "de", "STT_LANGUAGE": "AUTO"}, "auto"),
        ({"STT_LANGUAGE": "pt_BR"}, "pt"),
    ],
)
def test_who_is_always_answered_in_one_language_is_taken_to_speak_it(variables: dict[str, str], language: str) -> None:
    assert load_settings({**GOOD, **variables}).recognition.language == language


def test_no_secret_is_in_the_settings_text() -> None:
    settings = load_settings({**GOOD, "STT_API_KEY": "hidden-key"})
    assert "hidden-key" not in repr(settings)
    assert "hidden-key" in settings.secrets
