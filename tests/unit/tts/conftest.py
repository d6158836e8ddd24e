"""What speech is made of in these tests."""

from collections.abc import AsyncIterator

import pytest

from sandbox.standins.google import GoogleSpeech
from sandbox.standins.speech import HostedSpeech
from tests.support.sounds import steady_tone


@pytest.fixture
async def google(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[GoogleSpeech]:
    """Google's speech, where gTTS looks for it."""
    async with GoogleSpeech(steady_tone) as service:
        for name, value in service.environment.items():
            monkeypatch.setenv(name, value)
        yield service


@pytest.fixture
async def hosted() -> AsyncIterator[HostedSpeech]:
    """Hosted speech, which sends its audio in several pieces."""
    async with HostedSpeech(steady_tone, voices=("alloy", "nova"), chunk_seconds=0.1) as service:
        yield service
