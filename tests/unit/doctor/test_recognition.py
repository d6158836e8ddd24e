"""Whether a check finds out that an engine hears."""

from typing import Any

import pytest

from assistant.doctor.finding import Finding, Verdict
from assistant.doctor.recognition import choice_finding, recognition_finding
from assistant.domain.errors import (
    RecognitionEngineError,
    RecognitionRefused,
    RecognitionTimeout,
    RecognitionUnreachable,
    RecognitionUnreadable,
)
from assistant.stt.engine_factory import engines_for
from assistant.stt.moonshine import MoonshineEngine
from assistant.stt.recognition_settings import RecognitionSettings
from assistant.stt.voiced_time import VoicedTime
from sandbox.standins.recognition import HostedRecognition, script
from tests.support.fake_recognizers import FakeRecognizer


async def test_an_engine_that_hears_is_ok_and_was_given_a_voice() -> None:
    async with HostedRecognition(script("Hello, this is a test.")) as service:
        settings = RecognitionSettings(engine=("hosted",), base_url=service.base_url, model="sandbox-stt")
        (engine,) = engines_for(settings, "Molly", None)
        finding = await recognition_finding(engine)
        (request,) = service.requests
    assert finding.verdict is Verdict.OK, finding
    assert "“Hello, this is a test.” was heard" in finding.detail
    assert VoicedTime.of(request.pcm).voiced > 0.7
    assert request.language == "en"


async def test_an_engine_that_hears_something_else_fails() -> None:
    engine = FakeRecognizer("hosted", "Thank you for watching!")
    finding = await recognition_finding(engine)
    assert finding.verdict is Verdict.FAILED
    assert "Thank you for watching!" in finding.detail
    assert not engine.is_open


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (RecognitionRefused(engine="hosted", detail="no such key", status=401), "STT_API_KEY"),
        (RecognitionRefused(engine="hosted", detail="too many", status=429), "fewer requests"),
        (RecognitionRefused(engine="hosted", detail="no such path", status=404), "--inference-path"),
        (RecognitionRefused(engine="hosted", detail="broken", status=500), "STT_MODEL"),
        (RecognitionTimeout(engine="hosted", detail="no text", seconds=6.0), "STT_TIMEOUT"),
        (RecognitionUnreachable(engine="hosted", detail="no route"), "STT_BASE_URL"),
        (RecognitionUnreachable(engine="hosted", detail="ClientConnectorCertificateError: …"), "SSL_CERT_FILE"),
        (RecognitionUnreadable(engine="hosted", detail="a page"), "another engine"),
        (RecognitionUnreachable(engine="moonshine", detail="is not installed"), "Remove it"),
    ],
)
async def test_an_engine_that_fails_fails_and_is_closed(error: RecognitionEngineError, advice: str) -> None:
    engine = FakeRecognizer(error.engine, error=error)
    finding = await recognition_finding(engine)
    assert finding.verdict is Verdict.FAILED
    assert error.detail in finding.detail
    assert advice in finding.advice
    assert not engine.is_open


def choice(memory: int | None = None, **settings: Any) -> Finding:
    """What is found with these settings."""
    chosen = RecognitionSettings(**settings)
    return choice_finding(chosen, engines_for(chosen, "Molly", memory), memory)


@pytest.fixture
def with_moonshine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MoonshineEngine, "is_installed", staticmethod(lambda: True))


@pytest.mark.usefixtures("with_moonshine")
def test_who_listens_is_told_and_why_english_on_this_machine_does_not() -> None:
    assert choice().detail == "moonshine"
    assert choice(api_key="k").detail == "hosted, then moonshine"
    assert "nobody is listened to" in choice(engine=("off",)).detail
    small = choice(512 * 2**20)
    assert "512 MB" in small.detail
    assert "STT_API_KEY" in small.advice
    hosted = choice(512 * 2**20, api_key="k")
    assert "hosted; English on this machine is left out" in hosted.detail
    assert (hosted.verdict, hosted.advice) == (Verdict.OK, "")


@pytest.mark.usefixtures("with_moonshine")
def test_a_language_that_nobody_understands_fails() -> None:
    german = choice(language="de")
    assert german.verdict is Verdict.FAILED
    assert "none of it understands the language de" in german.detail
    assert "STT_BASE_URL" in german.advice
    for settings in ({"language": "en"}, {"language": "de", "api_key": "k"}, {"language": "de", "engine": ("off",)}):
        assert choice(**settings).verdict is Verdict.OK
