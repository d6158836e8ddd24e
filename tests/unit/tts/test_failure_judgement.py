"""Which failures of a speech engine are its own fault."""

import pytest

from assistant.domain.errors import (
    LanguageUnsupported,
    SpeechEmpty,
    SpeechError,
    SpeechRationed,
    SpeechRefused,
    SpeechTimeout,
    SpeechUnreachable,
)
from assistant.tts.failure_judgement import judge_speech_error
from assistant.util.circuit_breaker import Blame, Judgement


@pytest.mark.parametrize(
    ("error", "judgement"),
    [
        (SpeechRefused(engine="first", detail="429", status=429), Judgement()),
        (SpeechRefused(engine="first", detail="429", status=429, retry_after=60.0), Judgement(cooldown=60.0)),
        (SpeechTimeout(engine="first", detail="no answer", seconds=5), Judgement()),
        (SpeechUnreachable(engine="first", detail="reset"), Judgement()),
        (SpeechEmpty(engine="first", detail="nothing"), Judgement(Blame.DOUBTFUL)),
        (LanguageUnsupported(engine="first", detail="English only", language="de"), Judgement(Blame.REQUEST)),
        (SpeechRationed(engine="first", detail="too often"), Judgement(Blame.REQUEST)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_says_whether_the_engine_is_to_be_left_alone(error: SpeechError, judgement: Judgement) -> None:
    assert judge_speech_error(error) == judgement
