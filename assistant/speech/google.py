"""Google's speech through gTTS: many languages, no key, a network and some luck needed."""

import tempfile
from pathlib import Path

import requests
from gtts import gTTS, gTTSError

from assistant.errors import (
    LanguageUnsupported,
    SpeechEmpty,
    SpeechError,
    SpeechRefused,
    SpeechTimeout,
    SpeechUnreachable,
)

_NAME = "gtts"


class GoogleEngine:
    """gTTS 2.5. It opens a connection for every sentence and holds no state, so threads may share it."""

    name = _NAME

    def __init__(self, *, accent: str, timeout: float) -> None:
        """`accent` is Google's top-level domain, from the settings' allow-list: gTTS puts it into a host name."""
        self._accent = accent
        self._request_timeout = timeout
        # requests applies its timeout to the connection and to each read, so the whole may take longer.
        self.timeout = timeout + 1.0

    def synthesize(self, text: str, language: str, folder: Path) -> Path:
        """See `SpeechEngine.synthesize`."""
        try:
            speech = gTTS(text, tld=self._accent, lang=language, timeout=self._request_timeout)
        except ValueError as error:
            raise LanguageUnsupported(engine=_NAME, detail=str(error), language=language) from error
        except AssertionError as error:  # gTTS asserts that there is a text
            raise SpeechEmpty(engine=_NAME, detail="nothing to speak in this text") from error
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".mp3", delete=False) as file:
            try:
                speech.write_to_fp(file)
            except gTTSError as error:
                raise self._typed(error) from error
            except (AssertionError, TypeError, ValueError) as error:
                # AssertionError: only punctuation; TypeError and ValueError: an answer that is not base64.
                raise SpeechEmpty(engine=_NAME, detail=f"{type(error).__name__}: {error}") from error
            if not file.tell():  # an answer 200 without an audio line is no error to gTTS
                raise SpeechEmpty(engine=_NAME, detail="an answer without audio")
        return Path(file.name)

    def _typed(self, error: gTTSError) -> SpeechError:
        """gTTS has one error for everything; what happened is in the answer, or in the error under it."""
        detail = str(error.__context__ or error)[:200]
        if error.rsp is None:
            if isinstance(error.__context__, requests.Timeout):
                return SpeechTimeout(engine=_NAME, detail=detail, seconds=self._request_timeout)
            return SpeechUnreachable(engine=_NAME, detail=detail)
        if error.rsp.status_code == requests.codes.ok:
            return SpeechEmpty(engine=_NAME, detail=detail)
        return SpeechRefused(engine=_NAME, detail=detail, status=error.rsp.status_code)
