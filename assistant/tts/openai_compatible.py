"""Hosted speech: any service with OpenAI's `POST /audio/speech`, streamed.

https://platform.openai.com/docs/api-reference/audio/createSpeech
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from types import TracebackType
from typing import Final, Self

import aiohttp

from assistant.audio.sniffing_decoder import HEAD_BYTES, SYNC_ONLY, SniffingDecoder, audio_format_of
from assistant.domain.errors import SpeechEmpty, SpeechRefused, SpeechTimeout, SpeechUnreachable
from assistant.tts.bare_samples import bare_samples_in, is_declared, is_smooth
from assistant.tts.response_format import DEFAULT_FORMAT, ResponseFormat
from assistant.tts.uncompressed import refuse_compression
from assistant.tts.voice import Voice
from assistant.util.backoff import retry_after_seconds
from assistant.util.openai_http import OpenAiHttp

_NAME: Final = "hosted"
DEFAULT_PCM_RATE: Final = 24_000
"""The rate of OpenAI's `pcm`."""
_DETAIL_BYTES: Final = 200
_REFUSAL_BYTES: Final = 2000
"""Which forms a service does give stands behind much else."""
_SAMPLES_HEAD: Final = 2048
"""How many bytes tell samples from what is no audio."""


class OpenAiEngine:
    """One service, used over one long-lived HTTP session, for any number of sentences at once."""

    name = _NAME
    make_decoder = SniffingDecoder

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str | None,
        model: str,
        voices: Sequence[str],
        languages: frozenset[str],
        timeout: float,
        response_format: str = DEFAULT_FORMAT,
        pcm_rate: int = DEFAULT_PCM_RATE,
    ) -> None:
        """Describe the service. Sends nothing yet.

        Args:
            base_url: the API's address, such as `https://api.openai.com/v1`.
            api_key: sent as a bearer token; None for a server that needs none.
            model: the model's name there.
            voices: the names of its voices, the first choice first.
            languages: the languages they speak, as gTTS codes. The service is not told the language.
            timeout: seconds to wait for the first audio, and for each further piece.
            response_format: the form of audio to ask for, one of RESPONSE_FORMATS. What comes is read for what it is.
            pcm_rate: samples per second of audio without a header, where the service does not say.
        """
        self.timeout = timeout
        self.voices = tuple(
            Voice(engine=_NAME, name=name, label=f"Hosted, {name}", languages=languages) for name in voices
        )
        # MonitoredEngine applies the read timeout, and does not count the time in which our event loop was blocked.
        self._api = OpenAiHttp(base_url=base_url, api_key=api_key, connect_timeout=timeout, read_timeout=None)
        self._model = model
        self._format = ResponseFormat(response_format)
        self._pcm_rate = pcm_rate

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

    def load(self) -> None:
        """See `SpeechEngine.load`: there is nothing."""

    async def warm(self) -> None:
        """Open a connection before the first sentence needs it."""
        await self._api.warm()

    async def speak(self, text: str, voice: Voice, language: str) -> AsyncGenerator[bytes, None]:  # noqa: ARG002 - not in the API
        """See `SpeechEngine.speak`."""
        try:
            form, response = await self._ask(text, voice)
            async with response, aclosing(self._readable(response, form)) as audio:
                async for chunk in audio:
                    yield chunk
        except TimeoutError as error:  # aiohttp's own are TimeoutErrors too
            raise SpeechTimeout(engine=_NAME, detail=type(error).__name__, seconds=self.timeout) from error
        except aiohttp.ClientError as error:
            raise SpeechUnreachable(engine=_NAME, detail=f"{type(error).__name__}: {error}"[:200]) from error

    async def _ask(self, text: str, voice: Voice) -> tuple[str, aiohttp.ClientResponse]:
        """An answer 200, and the form that was asked for; another one where the service refuses the first.

        Raises:
            SpeechRefused: it answers with an error, whatever is asked for.
        """
        form, tried = self._format.current, list[str]()
        told: SpeechRefused | None = None
        while True:
            request = {"model": self._model, "input": text, "voice": voice.name, "response_format": form}
            response = await self._api.post("/audio/speech", request)
            if response.status == 200:
                self._format.gave(form)
                return form, response
            async with response:
                said = (await response.content.read(_REFUSAL_BYTES)).decode(errors="replace")
            error = _refusal(response, said)
            if told is None or told.status != error.status:  # of several alike, the first says what it is about
                told = error
            tried.append(form)
            other = self._format.after_refusal(response.status, said, tried)
            if other is None:
                raise told
            form = other

    async def _readable(self, response: aiohttp.ClientResponse, form: str) -> AsyncGenerator[bytes, None]:
        """The body, with a header in front of samples that have none.

        Raises:
            SpeechEmpty: it is no audio.
        """
        refuse_compression(response.headers, _NAME)
        expects_samples = form == "pcm" or is_declared(response.headers.get("Content-Type", ""))
        doubtful = (None, *SYNC_ONLY) if expects_samples else (None,)
        head: bytes | None = b""
        async for chunk in response.content.iter_any():
            if head is None:
                yield chunk
                continue
            head += chunk
            is_known = len(head) >= HEAD_BYTES and audio_format_of(head) not in doubtful
            if is_known or len(head) >= _SAMPLES_HEAD:
                yield self._with_header(response, head, expects_samples=expects_samples)
                head = None
        if head:
            yield self._with_header(response, head, expects_samples=expects_samples)

    def _with_header(self, response: aiohttp.ClientResponse, head: bytes, *, expects_samples: bool) -> bytes:
        known = audio_format_of(head)
        if known is not None and not (known in SYNC_ONLY and expects_samples and is_smooth(head)):
            return head
        if _is_text(head):
            said = " ".join(head.decode(errors="replace").split())[:_DETAIL_BYTES]
            raise SpeechEmpty(engine=_NAME, detail=f"no audio but {response.content_type}: {said}")
        samples = bare_samples_in(
            head,
            content_type=response.headers.get("Content-Type", ""),
            rate_header=response.headers.get("X-Sample-Rate"),
            is_expected=expects_samples,
            usual_rate=self._pcm_rate,
        )
        return head if samples is None else samples.header + head


def _refusal(response: aiohttp.ClientResponse, said: str) -> SpeechRefused:
    retry_after = retry_after_seconds(response.headers.get("Retry-After"))
    return SpeechRefused(engine=_NAME, detail=said[:_DETAIL_BYTES], status=response.status, retry_after=retry_after)


def _is_text(head: bytes) -> bool:
    """Whether what is no known form of audio is words: a page, or an error as JSON."""
    text = head[:_DETAIL_BYTES].decode(errors="replace").rstrip("\ufffd")  # the last letter may be cut
    return all(each.isprintable() or each.isspace() for each in text) and "\ufffd" not in text
