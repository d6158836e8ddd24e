"""The way of an answer from the model to the frame clock, without Discord: what a call would send ends here.

It reads lines of JSON, such as `{"language": "de"}`, the language in which somebody asks; each makes one answer, with
the settings that the bot would have. It answers a line with one of its own, such as
`{"heard": 12.3, "piece": "Well,"}`: when the first frame was sent, in seconds of `time.monotonic`, or null where
nothing was heard; and the first piece as it was written.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[2]))

from assistant.audio.frame_clock import FrameClock
from assistant.audio.player import Player
from assistant.config.settings import Settings, load_settings
from assistant.llm.chat_message import ChatMessage
from assistant.llm.factory import language_model
from assistant.llm.metered_model import MeteredModel
from assistant.preferences.reply_options import ReplyOptions
from assistant.reply.draft import PIECE_CHARACTERS, ReplyDraft
from assistant.runtime.interpreter import prepare_interpreter
from assistant.telemetry.turn_trace import TurnTrace
from assistant.text.language_detection import LanguageDetector, SpokenLanguage
from assistant.text.pipeline import TextPipeline
from assistant.tts.cache import SpeechCache
from assistant.tts.engine_factory import engines_for
from assistant.tts.synthesizer import Synthesizer
from voicewire import Pacer

_MESSAGES: Final = (ChatMessage("user", "Go on."),)


class GoneFrame:
    """A frame that has left."""

    has_left = True
    is_dropped = is_going_back = False

    def take_back(self) -> None:
        """It is gone."""


class Nowhere:
    """Takes frames and keeps none: see `FrameTransport`."""

    is_connected = True
    is_mute = False

    def __init__(self) -> None:
        self.reached: float | None = None
        """When the first frame came, in seconds of `time.monotonic`."""
        self.is_reached = asyncio.Event()
        """Whether one came."""
        self._loop = asyncio.get_running_loop()

    def queue_frame(self, frame: bytes) -> GoneFrame:  # noqa: ARG002 - it is gone
        """Take a frame."""
        self.reached = self.reached or time.monotonic()
        self._loop.call_soon_threadsafe(self.is_reached.set)
        return GoneFrame()

    async def announce_speaking(self, speaking: bool) -> None:
        """Tell nobody."""


async def _first_sound(draft: ReplyDraft, clock: FrameClock) -> float | None:
    """Play an answer until its first frame was sent; return when that was."""
    nowhere = Nowhere()
    async with asyncio.TaskGroup() as tasks:
        draft.begin(tasks)
        playing = tasks.create_task(Player(clock, nowhere).play(draft.track))
        reaching = tasks.create_task(nowhere.is_reached.wait())
        await asyncio.wait((playing, reaching), return_when=asyncio.FIRST_COMPLETED)
        draft.stop()
        playing.cancel()
        reaching.cancel()
        await draft.close()
    return nowhere.reached


async def _serve(settings: Settings) -> None:
    prepare_interpreter()
    detector = LanguageDetector()
    await asyncio.to_thread(detector.load)
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    with tempfile.TemporaryDirectory() as name, Pacer() as pacer, FrameClock(pacer) as clock:
        synthesizer = Synthesizer(engines_for(settings.speech), SpeechCache(Path(name), max_bytes=0, max_age_seconds=0))
        async with language_model(settings) as client, synthesizer:
            while line := await reader.readline():
                draft = ReplyDraft(
                    _ask,
                    model=MeteredModel(client, lambda _: None),
                    pipeline=TextPipeline(SpokenLanguage(detector, json.loads(line)["language"]), PIECE_CHARACTERS),
                    synthesizer=synthesizer,
                    options=replace(ReplyOptions.from_settings(settings), spoken_seconds=0.0),
                    folder=Path(name),
                    trace=TurnTrace(received=time.monotonic()),
                )
                heard = await _first_sound(draft, clock)
                first = next(iter(draft.producer.progress.begun), None)
                sys.stdout.write(f"{json.dumps({'heard': heard, 'piece': first[1].source if first else ''})}\n")
                sys.stdout.flush()


async def _ask() -> tuple[ChatMessage, ...]:
    return _MESSAGES


if __name__ == "__main__":
    asyncio.run(_serve(load_settings(os.environ, needs_token=False)))
