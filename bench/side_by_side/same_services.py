"""The model and the speech services that all contenders have, at their usual pace."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from bench.common.conversation import Pace
from bench.side_by_side.rival_environment import RIVALS
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.google.google_speech import SpeechRequest
from sandbox.standins.language_model import LanguageModel
from sandbox.standins.speech import HostedSpeech
from sandbox.standins.speech.request_log import HostedSpeechRequest

USUAL_PACE: Final = Pace()
"""That of `bench.first_audio`."""
_SPEECH_MODEL: Final = "tts-1"

Encoded = Callable[[str, str], bytes]
"""The sound of a text in a `response_format`."""


@dataclass(frozen=True, kw_only=True)
class SameServices:
    """What every contender needs. Google's speech and hosted speech are equally quick."""

    model: LanguageModel
    """The language model."""
    google: GoogleSpeech
    """Google's speech, which gTTS uses: the assistant, and the usual pipeline."""
    hosted: HostedSpeech
    """Speech as OpenAI serves it, for the others."""

    @property
    def pieces(self) -> list[SpeechRequest] | list[HostedSpeechRequest]:
        """The requests for speech of whichever is used."""
        return self.google.requests or self.hosted.requests

    @property
    def rival_variables(self) -> dict[str, str]:
        """What a rival's program is told of them, and where it finds Node's packages and ffmpeg."""
        return {
            "AI_BASE_URL": self.model.base_url,
            "SPEECH_BASE_URL": self.hosted.base_url,
            "NODE_PATH": str(RIVALS / "node_modules"),
            "PATH": os.pathsep.join((str(RIVALS / "bin"), os.environ["PATH"])),
        }


@asynccontextmanager
async def open_services(answer: Callable[[int], str], encoded: Encoded, pace: Pace) -> AsyncIterator[SameServices]:
    """The model answers its n-th request, counted from 0, with `answer(n)`."""
    async with (
        LanguageModel(
            lambda _: answer(len(model.requests) - 1),
            first_token_seconds=pace.first_token,
            tokens_per_second=pace.tokens,
        ) as model,
        GoogleSpeech(
            mp3=lambda text, _: encoded(text, "mp3"), delay=pace.speech, seconds_per_character=pace.speech_character
        ) as google,
        HostedSpeech(
            encoded=encoded,
            model=_SPEECH_MODEL,
            first_byte_seconds=pace.speech,
            seconds_per_character=pace.speech_character,
        ) as hosted,
    ):
        yield SameServices(model=model, google=google, hosted=hosted)
