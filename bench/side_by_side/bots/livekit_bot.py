"""A session of livekit-agents with its defaults, behind a websocket in place of a room: text comes in, sound goes out.

livekit's own output needs a server of livekit's. This one plays what comes as long as it takes, as theirs does.
"""

# mypy: ignore-errors

import asyncio
import logging
import os
import time

from aiohttp import web
from livekit.agents import Agent, AgentSession
from livekit.agents.voice import io
from livekit.plugins import openai

logging.basicConfig(level=logging.WARNING)
SAMPLE_RATE = 24_000


class Output(io.AudioOutput):
    """Sends each frame when the one before it is over."""

    def __init__(self, websocket):
        super().__init__(
            label="websocket", capabilities=io.AudioOutputCapabilities(pause=False), sample_rate=SAMPLE_RATE
        )
        self.websocket = websocket
        self.waiting = asyncio.Queue()

    async def capture_frame(self, frame):
        await super().capture_frame(frame)
        self.waiting.put_nowait(frame)

    def flush(self):
        super().flush()
        self.waiting.put_nowait(None)

    def clear_buffer(self):
        pass

    async def play(self):
        position, free_at = 0.0, 0.0
        while True:
            frame = await self.waiting.get()
            await asyncio.sleep(max(0.0, free_at - time.monotonic()))
            if frame is None:
                self.on_playback_finished(playback_position=position, interrupted=False)
                position = 0.0
                continue
            if not position:
                self.on_playback_started(created_at=time.time())
            await self.websocket.send_bytes(bytes(frame.data))
            position += frame.duration
            free_at = max(free_at, time.monotonic()) + frame.duration


async def converse(request):
    websocket = web.WebSocketResponse()
    await websocket.prepare(request)
    session = AgentSession(
        llm=openai.LLM(model="sandbox-model", base_url=os.environ["AI_BASE_URL"], api_key="none"),
        tts=openai.TTS(model="tts-1", voice="alloy", base_url=os.environ["SPEECH_BASE_URL"], api_key="none"),
    )
    session.output.audio = output = Output(websocket)
    playing = asyncio.create_task(output.play())
    await session.start(Agent(instructions="You are Molly."))
    async for message in websocket:
        session.generate_reply(user_input=message.data)
    await session.aclose()
    playing.cancel()
    return websocket


app = web.Application()
app.router.add_get("/", converse)
web.run_app(app, host="127.0.0.1", port=int(os.environ["PORT"]), print=None, shutdown_timeout=0.5)
