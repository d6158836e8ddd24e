"""Whether a check finds out that an engine hears."""

import pytest

from assistant.doctor.finding import Verdict
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


def test_who_listens_is_told_and_why_english_on_this_machine_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MoonshineEngine, "is_installed", staticmethod(lambda: True))
    assert choice_finding(RecognitionSettings(), None).detail == "moonshine"
    assert choice_finding(RecognitionSettings(api_key="k"), None).detail == "hosted, then moonshine"
    assert "nobody is listened to" in choice_finding(RecognitionSettings(engine=("off",)), None).detail
    small = choice_finding(RecognitionSettings(), 512 * 2**20)
    assert "512 MB" in small.detail
    assert "STT_API_KEY" in small.advice
