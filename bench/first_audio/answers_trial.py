"""Two hundred first answers of others: how soon the first sound of each is made."""

import asyncio
import json
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from bench.common.conversation import Pace, open_conversation
from bench.common.workload import even_voice
from bench.first_audio.first_sound import FirstServices, FirstSound
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.language_model import LanguageModel
from tests.data.first_answers import FirstAnswer

_PROGRAM: Final = Path(__file__).parents[1] / "subjects" / "answers_without_call.py"
_WAIT_SECONDS: Final = 60.0


async def try_without_call(answers: Sequence[FirstAnswer], pace: Pace) -> list[FirstSound]:
    """Make each answer, one after the other, up to the first frame that a call would send.

    Raises:
        TimeoutError: one is not heard.
    """
    speaking: list[FirstAnswer] = []
    async with (
        LanguageModel(
            lambda _: speaking[-1].text,
            first_token_seconds=pace.first_token,
            tokens_per_second=pace.tokens,
        ) as model,
        GoogleSpeech(even_voice, delay=pace.speech, seconds_per_character=pace.speech_character) as google,
    ):
        environment = {
            "AI_BASE_URL": model.base_url,
            "AI_MODEL": "sandbox-model",
            "TTS_ENGINE": "gtts",
            "TTS_GOOGLE_PER_MINUTE": "1000000",
            **google.environment,
            "NO_PROXY": "127.0.0.1",
        }
        async with _program(environment) as process:
            sounds: list[FirstSound] = []
            for answer in (*answers[:1], *answers):  # the first loads what all need, and does not count
                speaking.append(answer)
                known, asked = len(google.requests), time.monotonic()
                heard, piece = await _ask(process, answer.language)
                services = FirstServices(model=model.requests[-1], speech=google.requests[known])
                sounds.append(FirstSound.of(answer.language, piece, heard - asked, services))
            return sounds[1:]


async def try_in_call(answers: Sequence[FirstAnswer], pieces: Sequence[str], folder: Path) -> list[FirstSound]:
    """Make each answer in one call, whose first turn does not count; `pieces` are what is spoken first of each.

    Raises:
        TimeoutError: one is not heard.
    """
    texts = [answer.text for answer in (*answers[:1], *answers)]
    async with open_conversation(folder, texts.__getitem__) as conversation:
        await conversation.begin()
        turns = [await conversation.turn() for _ in texts]
    return [
        FirstSound.of(
            answer.language,
            piece,
            turn.first_audio,
            FirstServices(model=turn.model_request, speech=turn.pieces[0]),
        )
        for answer, turn, piece in zip(answers, turns[1:], pieces, strict=True)
    ]


@asynccontextmanager
async def _program(environment: dict[str, str]) -> AsyncIterator[Process]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(_PROGRAM), env=environment | {"TMPDIR": folder}, stdin=PIPE, stdout=PIPE
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _ask(process: Process, language: str) -> tuple[float, str]:
    """When the first frame of an answer was sent, and its first piece."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps({"language": language}).encode() + b"\n")
    async with asyncio.timeout(_WAIT_SECONDS):
        report = json.loads(await process.stdout.readline())
    return report["heard"], report["piece"]
