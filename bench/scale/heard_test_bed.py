"""Where many calls are heard: the usual test bed, a recognizer, and members with a voice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.scale.member_voices import MemberVoices
from bench.scale.scale_test_bed import ScaleTestBed, open_scale_test_bed
from bench.scale.step_means import StepMeans, free_port
from sandbox.standins.recognition import HostedRecognition
from sandbox.standins.recognition.recognition_log import HostedRecognitionRequest

_RECOGNITION_SECONDS: Final = 0.25
_QUESTION: Final = "What is it like there in the evening?"
_MODEL: Final = "sandbox-stt"


@dataclass(frozen=True, slots=True)
class HeardTestBed:
    """Everything that takes part."""

    scale: ScaleTestBed
    """The bot, its calls, the model and speech."""
    recognition: HostedRecognition
    """The recognizer: it hears the same question each time."""
    voices: MemberVoices
    """What members say."""
    steps: StepMeans
    """What the bot's turns take."""

    @property
    def requests(self) -> tuple[int, int, int]:
        """How many requests there were so far to recognizer, model and speech service."""
        return len(self.recognition.requests), len(self.scale.model.requests), len(self.scale.google.requests)


@asynccontextmanager
async def open_heard_test_bed(folder: Path) -> AsyncIterator[HeardTestBed]:
    """Open it; the bot's log and temporary files are in `folder`. The recognizer takes a quarter of a second.

    Raises:
        TimeoutError: the bot does not become ready.
    """
    port = free_port()
    async with HostedRecognition(_recognize, model=_MODEL) as recognition:
        settings = {
            "LISTENING": "everyone",
            "STT_ENGINE": "hosted",
            "STT_BASE_URL": recognition.base_url,
            "STT_MODEL": _MODEL,
            "PORT": str(port),
            "THINKING_SOUND": "off",  # it would be taken for the answer
        }
        async with (
            open_scale_test_bed(folder, settings=settings) as scale,
            MemberVoices(scale.discord.voice) as voices,
        ):
            yield HeardTestBed(scale, recognition, voices, StepMeans(port))


async def _recognize(_: HostedRecognitionRequest) -> str:
    await asyncio.sleep(_RECOGNITION_SECONDS)
    return _QUESTION
