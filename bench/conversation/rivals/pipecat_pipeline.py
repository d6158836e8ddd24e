"""A pipeline of pipecat-ai, with its defaults: Silero, smart-turn v3, sentences; spoken into without a network.

Run by a Python in which `pipecat-ai[openai,silero]` is installed; see `RivalOrder`.
"""

import asyncio
import sys
import time
from collections.abc import AsyncGenerator

from loguru import logger
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import (
    Frame,
    InputAudioRawFrame,
    OutputAudioRawFrame,
    StartFrame,
    TranscriptionFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.services.openai.llm import OpenAILLMService
from pipecat.services.openai.tts import OpenAITTSService
from pipecat.services.settings import STTSettings
from pipecat.services.stt_service import SegmentedSTTService
from pipecat.transports.base_input import BaseInputTransport
from pipecat.transports.base_output import BaseOutputTransport
from pipecat.transports.base_transport import TransportParams
from pipecat.utils.time import time_now_iso8601
from pipecat.workers.runner import WorkerRunner

from bench.conversation.rivals.open_microphone import RATE, Loudspeaker, OpenMicrophone, converse
from bench.conversation.rivals.recognizer_process import RecognizerProcess, open_recognizer
from bench.conversation.rivals.rival_order import RivalOrder

_PARAMS = TransportParams(audio_in_enabled=True, audio_out_enabled=True)


class _Input(BaseInputTransport):
    def __init__(self, microphone: OpenMicrophone) -> None:
        super().__init__(_PARAMS)
        self._microphone = microphone
        self._listening: asyncio.Task[None] | None = None

    async def start(self, frame: StartFrame) -> None:
        await super().start(frame)
        await self.set_transport_ready(frame)
        self._listening = self.create_task(self._listen())

    async def cleanup(self) -> None:
        await super().cleanup()
        if self._listening is not None:
            await self.cancel_task(self._listening)

    async def _listen(self) -> None:
        async for piece in self._microphone.pieces():
            await self.push_audio_frame(InputAudioRawFrame(audio=piece, sample_rate=RATE, num_channels=1))


class _Output(BaseOutputTransport):
    def __init__(self, loudspeaker: Loudspeaker) -> None:
        super().__init__(_PARAMS)
        self._loudspeaker = loudspeaker
        self._free_at = 0.0

    async def start(self, frame: StartFrame) -> None:
        await super().start(frame)
        await self.set_transport_ready(frame)

    async def write_audio_frame(self, frame: OutputAudioRawFrame) -> bool:
        """Play it, as long as it takes."""
        await asyncio.sleep(max(0.0, self._free_at - time.monotonic()))
        self._loudspeaker.play(frame.audio)
        self._free_at = max(self._free_at, time.monotonic()) + frame.num_frames / frame.sample_rate
        return True


class _Moonshine(SegmentedSTTService):
    wants_wav_segments = False

    def __init__(self, recognizer: RecognizerProcess) -> None:
        super().__init__(sample_rate=RATE, settings=STTSettings(model="tiny-en", language=None))
        self._recognizer = recognizer

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame, None]:
        text = await self._recognizer.recognize(audio)
        if text:
            yield TranscriptionFrame(text, self._user_id, time_now_iso8601())


async def _run(order: RivalOrder) -> None:
    microphone, loudspeaker = OpenMicrophone(), Loudspeaker()
    async with open_recognizer(order.recognizer) as recognizer:
        aggregators = LLMContextAggregatorPair(
            LLMContext(), user_params=LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer())
        )
        pipeline = Pipeline(
            [
                _Input(microphone),
                _Moonshine(recognizer),
                aggregators.user(),
                OpenAILLMService(
                    api_key="none",
                    base_url=order.model_url,
                    settings=OpenAILLMService.Settings(model="sandbox-model"),
                ),
                OpenAITTSService(
                    api_key="none",
                    base_url=order.speech_url,
                    settings=OpenAITTSService.Settings(model="tts-1", voice="alloy"),
                ),
                _Output(loudspeaker),
                aggregators.assistant(),
            ]
        )
        worker, runner = PipelineWorker(pipeline), WorkerRunner(handle_sigint=False)
        await runner.add_workers(worker)
        running = asyncio.create_task(runner.run())
        await asyncio.sleep(3)  # it loads its networks
        async for turn in converse(microphone, loudspeaker, recognizer.texts, order.sounds):
            sys.stdout.write(turn.to_line())
            sys.stdout.flush()
        await worker.cancel()
        await running


if __name__ == "__main__":
    logger.remove()
    logger.add(sys.stderr, level="WARNING")
    asyncio.run(_run(RivalOrder.of_line(sys.stdin.readline())))
