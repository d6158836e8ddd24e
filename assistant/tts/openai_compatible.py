"""Hosted speech: any service with OpenAI's `POST /audio/speech`, streamed.

https://platform.openai.com/docs/api-reference/audio/createSpeech
"""

from collections.abc import AsyncGenerator, Sequence
from types import TracebackType
from typing import Final, Self

import aiohttp

from assistant.audio.decoders import Mp3Decoder
from assistant.domain.errors import SpeechEmpty, SpeechRefused, SpeechTimeout, SpeechUnreachable
from assistant.tts.uncompressed import refuse_compression
from assistant.tts.voice import Voice
from assistant.util.backoff import retry_after_seconds
from assistant.util.openai_http import OpenAiHttp

_NAME: Final = "hosted"
_DETAIL_BYTES: Final = 200


class OpenAiEngine:
    """One service, used over one long-lived HTTP session, for any number of sentences at once."""

    name = _NAME
    make_decoder = Mp3Decoder

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str | None,
        model: str,
        voices: Sequence[str],
        languages: frozenset[str],
        timeout: float,
    ) -> None:
        """Describe the service. Sends nothing yet.

        Args:
            base_url: the API's address, such as `https://api.openai.com/v1`.
            api_key: sent as a bearer token; None for a server that needs none.
            model: the model's name there.
            voices: the names of its voices, the first choice first.
            languages: the languages they speak, as gTTS codes. The service is not told the language.
            timeout: seconds to wait for the first audio, and for each further piece.
        """
        self.timeout = timeout
        self.voices = tuple(
            Voice(engine=_NAME, name=name, label=f"Hosted, {name}", languages=languages) for name in voices
        )
        # MonitoredEngine applies the read timeout, and does not count the time in which our event loop was blocked.
        self._api = OpenAiHttp(base_url=base_url, api_key=api_key, connect_timeout=timeout, read_timeout=None)
        self._model = model

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

    async def warm(self) -> None:
        """Open a connection before the first sentence needs it."""
        await self._api.warm()

    async def speak(self, text: str, voice: Voice, language: str) -> AsyncGenerator[bytes, None]:  # noqa: ARG002 - not in the API
        """See `SpeechEngine.speak`."""
        request = {"model": self._model, "input": text, "voice": voice.name, "response_format": "mp3"}
        try:
            async with await self._api.post("/audio/speech", request) as response:
                await _check(response)
                async for chunk in response.content.iter_any():
                    yield chunk
        except TimeoutError as error:  # aiohttp's own are TimeoutErrors too
            raise SpeechTimeout(engine=_NAME, detail=type(error).__name__, seconds=self.timeout) from error
        except aiohttp.ClientError as error:
            raise SpeechUnreachable(engine=_NAME, detail=f"{type(error).__name__}: {error}"[:200]) from error


async def _check(response: aiohttp.ClientResponse) -> None:
    """Raise the error that an answer without audio stands for."""
    if response.status != 200:
        said = (await response.content.read(_DETAIL_BYTES)).decode(errors="replace")
        retry_after = retry_after_seconds(response.headers.get("Retry-After"))
        raise SpeechRefused(engine=_NAME, detail=said, status=response.status, retry_after=retry_after)
    refuse_compression(response.headers, _NAME)
    if response.content_type.startswith("text/") or response.content_type == "application/json":
        raise SpeechEmpty(engine=_NAME, detail=f"the answer has the type {response.content_type}")
