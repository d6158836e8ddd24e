"""Whether a check finds out that an engine speaks."""

import pytest

from assistant.doctor.finding import Verdict
from assistant.doctor.speech import speech_finding
from assistant.domain.errors import SpeechError, SpeechRefused, SpeechTimeout, SpeechUnreachable
from assistant.tts.engine_factory import engines_for
from assistant.tts.speech_settings import SpeechSettings
from sandbox.standins.speech import HostedSpeech
from tests.support.fake_engines import FakeEngine
from tests.support.sounds import steady_tone

SETTINGS = SpeechSettings()


async def test_an_engine_that_speaks_is_ok() -> None:
    engine = FakeEngine("hosted")
    finding = await speech_finding(engine, SETTINGS)
    assert finding.verdict is Verdict.OK
    assert "0.5 s of speech" in finding.detail
    assert not engine.is_open


async def test_an_engine_of_the_settings_is_opened_before_it_speaks() -> None:
    async with HostedSpeech(steady_tone) as service:
        settings = SpeechSettings(engine=("hosted",), base_url=service.base_url, model="sandbox-tts")
        (engine,) = engines_for(settings)
        finding = await speech_finding(engine, settings)
        assert finding.verdict is Verdict.OK, finding
        assert len(service.requests) == 1


async def test_it_speaks_the_language_of_the_settings_or_else_one_that_it_knows() -> None:
    for languages in ("de", "en", "fr it"):
        finding = await speech_finding(FakeEngine("hosted", languages=languages), SpeechSettings(language="de"))
        assert finding.verdict is Verdict.OK


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (SpeechRefused(engine="hosted", detail="no such key", status=401), "TTS_API_KEY"),
        (SpeechRefused(engine="hosted", detail="no such voice", status=404), "TTS_VOICES"),
        (SpeechRefused(engine="gtts", detail="too many", status=429), "fewer requests"),
        (SpeechTimeout(engine="gtts", detail="no audio", seconds=5.0), "TTS_TIMEOUT"),
        (SpeechUnreachable(engine="gtts", detail="no route"), "Check the connection"),
        (SpeechUnreachable(engine="gtts", detail="ClientConnectorCertificateError: …"), "REQUESTS_CA_BUNDLE"),
        (SpeechUnreachable(engine="hosted", detail="ClientConnectorCertificateError: …"), "SSL_CERT_FILE"),
    ],
)
async def test_an_engine_that_fails_fails_and_is_closed(error: SpeechError, advice: str) -> None:
    engine = FakeEngine(error.engine, error)
    finding = await speech_finding(engine, SETTINGS)
    assert finding.verdict is Verdict.FAILED
    assert error.detail in finding.detail
    assert advice in finding.advice
    assert not engine.is_open


async def test_an_engine_without_sound_fails() -> None:
    engine = FakeEngine("pico")
    engine.chunks = []
    finding = await speech_finding(engine, SETTINGS)
    assert finding.verdict is Verdict.FAILED
    assert "SpeechEmpty" in finding.detail


async def test_an_engine_that_this_machine_lacks_fails_only_where_it_was_named() -> None:
    engine = FakeEngine("pico")
    engine.voices = ()
    assert (await speech_finding(engine, SETTINGS)).verdict is Verdict.UNKNOWN
    assert (await speech_finding(engine, SpeechSettings(engine=("pico",)))).verdict is Verdict.FAILED
