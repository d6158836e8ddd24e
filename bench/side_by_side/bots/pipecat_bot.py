"""A pipeline of pipecat-ai with its defaults, behind its own websocket transport: text comes in, sound goes out."""

# mypy: ignore-errors

import asyncio
import os
import sys

from loguru import logger
from pipecat.frames.frames import LLMMessagesAppendFrame, OutputAudioRawFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.serializers.base_serializer import FrameSerializer
from pipecat.services.openai.llm import OpenAILLMService
from pipecat.services.openai.tts import OpenAITTSService
from pipecat.transports.websocket.server import (
    SingleClientWebsocketServerParams,
    SingleClientWebsocketServerTransport,
)
from pipecat.workers.runner import WorkerRunner


class Serializer(FrameSerializer):
    """A text message is a user's; a binary one is sound."""

    async def serialize(self, frame):
        return frame.audio if isinstance(frame, OutputAudioRawFrame) else None

    async def deserialize(self, data):
        return LLMMessagesAppendFrame(messages=[{"role": "user", "content": data}], run_llm=True)


async def main():
    transport = SingleClientWebsocketServerTransport(
        SingleClientWebsocketServerParams(audio_out_enabled=True, serializer=Serializer()),
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
    )
    aggregators = LLMContextAggregatorPair(LLMContext())
    worker = PipelineWorker(
        Pipeline(
            [
                transport.input(),
                aggregators.user(),
                OpenAILLMService(
                    api_key="none",
                    base_url=os.environ["AI_BASE_URL"],
                    settings=OpenAILLMService.Settings(model="sandbox-model"),
                ),
                OpenAITTSService(
                    api_key="none",
                    base_url=os.environ["SPEECH_BASE_URL"],
                    settings=OpenAITTSService.Settings(model="tts-1", voice="alloy"),
                ),
                transport.output(),
                aggregators.assistant(),
            ]
        )
    )
    runner = WorkerRunner()
    await runner.add_workers(worker)
    await runner.run()


logger.remove()
logger.add(sys.stderr, level="WARNING")
asyncio.run(main())
