"""Hosted recognition: any service with OpenAI's `POST /audio/transcriptions`.

https://platform.openai.com/docs/api-reference/audio/createTranscription
"""

import io
import wave
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

import aiohttp

from assistant.domain.errors import (
    RecognitionRefused,
    RecognitionTimeout,
    RecognitionUnreachable,
    RecognitionUnreadable,
)
from assistant.domain.transcript import Transcript
from assistant.stt.answer_stream import AnswerStream
from assistant.stt.answer_text import Answer, UnreadableAnswer, read_answer
from assistant.stt.plausible_text import is_known_invention, words_alone
from assistant.stt.request_form import RequestForm
from assistant.stt.voiced_time import RATE
from assistant.text.language_tags import gtts_code
from assistant.util.backoff import retry_after_seconds
from assistant.util.openai_http import OpenAiHttp

_NAME: Final = "hosted"
_PATH: Final = "/audio/transcriptions"
_CODES: Final = {"iw": "he"}
"""Our codes that ISO 639-1 has given up."""
_TRIES: Final = 3
"""Requests for one turn, where the service refuses how it is asked."""
_MOST_BYTES: Final = 1 << 20
"""Bytes of an answer: half a minute of speech with the times of all words has a tenth of that."""
_DETAIL_BYTES: Final = 200
_REFUSAL_BYTES: Final = 2000
_SHORTEST: Final = RATE
"""Bytes of sound that are sent at least, half a second: OpenAI refuses 0.1 s as too short."""
_SHORTEST_PROMPTED: Final = RATE * 2
"""Bytes of sound: with less than a second of it, services give their prompt back as what was said."""


class OpenAiRecognizer:
    """One service, used over one long-lived HTTP session, for any number of turns at once."""

    name = _NAME

    def __init__(self, *, base_url: str, api_key: str | None, model: str, prompt: str, timeout: float) -> None:
        """Describe the service. Sends nothing yet.

        Args:
            base_url: the API's address, such as `https://api.openai.com/v1`.
            api_key: sent as a bearer token; None for a server that needs none.
            model: the model's name there.
            prompt: a name that people say, so that it is spelled right; "" for none.
            timeout: seconds that a turn may take. Whoever calls applies it.
        """
        self.host = urlsplit(base_url).hostname or base_url
        self.timeout = timeout
        self._api = OpenAiHttp(base_url=base_url, api_key=api_key, connect_timeout=timeout, read_timeout=None)
        self._form = RequestForm(model)
        self._prompt = prompt

    async def __aenter__(self) -> Self:
        await self._api.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._api.__aexit__(exc_type, exc, traceback)

    def understands(self, language: str) -> bool:  # noqa: ARG002 - services don't say which they understand
        """See `RecognitionEngine.understands`."""
        return True

    async def warm(self) -> None:
        """Open a connection before the first turn needs it."""
        await self._api.warm()

    async def transcribe(self, pcm: bytes, language: str) -> Transcript:
        """See `RecognitionEngine.transcribe`."""
        wav = _wav_of(pcm.ljust(_SHORTEST, b"\0"))
        code = _CODES.get(language, language.partition("-")[0])
        prompt = self._prompt if len(pcm) >= _SHORTEST_PROMPTED else ""
        try:
            answer = await self._answer(wav, code, prompt)
            if prompt and _echoes(prompt, answer.text) and not (await self._is_said(wav, code)):
                answer = Answer("", answer.language)
        except TimeoutError as error:  # aiohttp's own are TimeoutErrors too
            raise RecognitionTimeout(engine=_NAME, detail=type(error).__name__, seconds=self.timeout) from error
        except aiohttp.ClientError as error:
            raise RecognitionUnreachable(engine=_NAME, detail=f"{type(error).__name__}: {error}"[:200]) from error
        except UnreadableAnswer as error:
            raise RecognitionUnreadable(engine=_NAME, detail=str(error)) from error
        return Transcript(answer.text, (answer.language and gtts_code(answer.language)) or code, _NAME)

    async def _is_said(self, wav: bytes, language: str) -> bool:
        """Whether there are words without a prompt, too: with one, silence has its text."""
        unprompted = (await self._answer(wav, language, "")).text
        return bool(words_alone(unprompted)) and not is_known_invention(unprompted)

    async def _answer(self, wav: bytes, language: str, prompt: str) -> Answer:
        """The first answer that is no refusal of how the service is asked.

        Raises:
            RecognitionRefused: it refuses however it is asked.
        """
        for tries_left in reversed(range(_TRIES)):
            fields = self._form.fields(language, prompt)
            async with await self._api.post_form(_PATH, _form_of(wav, fields)) as response:
                if response.status == 200:
                    answer = await _read(response)
                    self._form.gave()
                    return answer
                said = (await response.content.read(_REFUSAL_BYTES)).decode(errors="replace")
                if not tries_left or not self._form.learn(response.status, said, fields):
                    self._form.gave_up()
                    raise RecognitionRefused(
                        engine=_NAME,
                        detail=said[:_DETAIL_BYTES],
                        status=response.status,
                        retry_after=retry_after_seconds(response.headers.get("Retry-After")),
                    )
        raise AssertionError("the last try returns or raises")


def _wav_of(pcm: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(pcm)
    return file.getvalue()


def _form_of(wav: bytes, fields: dict[str, str]) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in fields.items():
        form.add_field(name, value)
    # Servers choose how to read the sound by the file's name.
    form.add_field("file", wav, filename="turn.wav", content_type="audio/wav")
    return form


async def _read(response: aiohttp.ClientResponse) -> Answer:
    """The answer in a body of any form.

    Raises:
        UnreadableAnswer: there is none, or it has no end.
    """
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):  # a megabyte of gzip may be a gigabyte of text
        raise UnreadableAnswer(f"an answer in {encoding[:20]}, which was not asked for")
    content_type = response.headers.get("Content-Type", "").lower()
    body = bytearray()
    stream: AnswerStream | None = None
    size = 0
    async for chunk in response.content.iter_any():
        size += len(chunk)
        if size > _MOST_BYTES:
            raise UnreadableAnswer(f"more than {_MOST_BYTES} bytes")
        if stream is None:
            body += chunk
            if len(body) >= len(b"event:") and _is_stream(bytes(body), content_type):
                stream, chunk = AnswerStream(), bytes(body)  # noqa: PLW2901 - what came before it, too
        if stream is not None:
            stream.feed(chunk)
    return read_answer(bytes(body), content_type) if stream is None else stream.close()


def _is_stream(body: bytes, content_type: str) -> bool:
    """Whether a body that begins like this is a stream of events, whatever it is called."""
    start = body.lstrip()
    return start.startswith((b"data:", b"event:", b":")) or ("event-stream" in content_type and start[:1] != b"{")


def _echoes(prompt: str, text: str) -> bool:
    """Whether a text is the prompt, once or again and again."""
    wanted, words = words_alone(prompt).split(), words_alone(text).split()
    repeated = wanted * (len(words) // max(1, len(wanted)))
    return bool(words) and words == repeated
