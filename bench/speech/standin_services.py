"""The two speech services, as stand-ins on this machine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from unittest.mock import patch

from assistant.tts.openai_compatible import OpenAiEngine
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.speech import HostedSpeech

_REALTIME: Final = 8.0
"""How much faster than real time hosted speech is sent."""


@asynccontextmanager
async def services() -> AsyncIterator[tuple[GoogleSpeech, HostedSpeech]]:
    """Both services; gTTS reaches its own through a proxy."""
    async with GoogleSpeech() as google, HostedSpeech(realtime_factor=_REALTIME) as hosted:
        with patch.dict("os.environ", google.environment):
            yield google, hosted


def hosted_engine(service: HostedSpeech, *, timeout: float) -> OpenAiEngine:
    """The engine that speaks through a hosted service, and gives up after `timeout` seconds without sound."""
    return OpenAiEngine(
        base_url=service.base_url,
        api_key=None,
        model="sandbox-tts",
        voices=("alloy",),
        languages=frozenset({"en"}),
        timeout=timeout,
    )
