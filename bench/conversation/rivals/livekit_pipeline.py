"""A session of livekit-agents, with its defaults: Silero, its detector of turns, sentences; without a room.

Run by a Python in which `livekit-agents[openai]` is installed; see `RivalOrder`.
"""

import asyncio
import logging
import sys
import time
from collections import deque

from livekit import rtc
from livekit.agents import Agent, AgentSession, APIConnectOptions, stt, utils
from livekit.agents.language import LanguageCode
from livekit.agents.types import NOT_GIVEN, NotGivenOr
from livekit.agents.voice import io
from livekit.plugins import openai

from bench.conversation.rivals.open_microphone import RATE, Loudspeaker, OpenMicrophone, converse
from bench.conversation.rivals.recognizer_process import RecognizerProcess, open_recognizer
from bench.conversation.rivals.rival_order import RivalOrder


class _Input(io.AudioInput):
    def __init__(self, microphone: OpenMicrophone) -> None:
        super().__init__(label="microphone")
        self._pieces = microphone.pieces()

    async def __anext__(self) -> rtc.AudioFrame:
        piece = await anext(self._pieces)
        return rtc.AudioFrame(piece, RATE, 1, len(piece) // 2)


class _Output(io.AudioOutput):
    """Plays at once what comes, as long as it takes."""

    def __init__(self, loudspeaker: Loudspeaker) -> None:
        super().__init__(label="loudspeaker", capabilities=io.AudioOutputCapabilities(pause=True), sample_rate=24_000)
        self._loudspeaker = loudspeaker
        self._waiting: deque[rtc.AudioFrame] = deque()
        self._changed = asyncio.Event()
        self._may_play = asyncio.Event()
        self._may_play.set()
        self._position = 0.0
        self._is_complete = False

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        await super().capture_frame(frame)
        self._waiting.append(frame)
        self._changed.set()

    def flush(self) -> None:
        super().flush()
        self._is_complete = True
        self._changed.set()

    def clear_buffer(self) -> None:
        if self._waiting or self._position:
            self._finish(interrupted=True)

    def pause(self) -> None:
        super().pause()
        self._may_play.clear()

    def resume(self) -> None:
        super().resume()
        self._may_play.set()

    async def play(self) -> None:
        """Play for ever."""
        while True:
            await self._changed.wait()
            await self._may_play.wait()
            if self._waiting:
                frame = self._waiting.popleft()
                if not self._position:
                    self.on_playback_started(created_at=time.time())
                self._position += frame.duration
                self._loudspeaker.play(bytes(frame.data))
                await asyncio.sleep(frame.duration)
            elif self._is_complete and self._position:
                self._finish(interrupted=False)
            else:
                self._changed.clear()

    def _finish(self, *, interrupted: bool) -> None:
        self._waiting.clear()
        position, self._position, self._is_complete = self._position, 0.0, False
        self.on_playback_finished(playback_position=position, interrupted=interrupted)


class _Moonshine(stt.STT):
    def __init__(self, recognizer: RecognizerProcess) -> None:
        super().__init__(capabilities=stt.STTCapabilities(streaming=False, interim_results=False))
        self._recognizer = recognizer

    async def _recognize_impl(
        self,
        buffer: utils.AudioBuffer,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,  # noqa: ARG002 - it has only one
        conn_options: APIConnectOptions,  # noqa: ARG002 - there is no connection
    ) -> stt.SpeechEvent:
        frame = utils.combine_frames(buffer)
        if frame.sample_rate != RATE:
            raise ValueError(f"{frame.sample_rate} samples a second instead of {RATE}")
        text = await self._recognizer.recognize(bytes(frame.data))
        return stt.SpeechEvent(
            stt.SpeechEventType.FINAL_TRANSCRIPT, alternatives=[stt.SpeechData(LanguageCode("en"), text)]
        )


async def _run(order: RivalOrder) -> None:
    microphone, loudspeaker = OpenMicrophone(), Loudspeaker()
    async with open_recognizer(order.recognizer) as recognizer:
        session: AgentSession[None] = AgentSession(
            stt=_Moonshine(recognizer),
            llm=openai.LLM(model="sandbox-model", base_url=order.model_url, api_key="none"),
            tts=openai.TTS(model="tts-1", voice="alloy", base_url=order.speech_url, api_key="none"),
        )
        output = _Output(loudspeaker)
        session.input.audio, session.output.audio = _Input(microphone), output
        playing = asyncio.create_task(output.play())
        await session.start(Agent(instructions="You are Molly."))
        await asyncio.sleep(3)  # it loads its networks
        async for turn in converse(microphone, loudspeaker, recognizer.texts, order.sounds):
            sys.stdout.write(turn.to_line())
            sys.stdout.flush()
        await session.aclose()
        playing.cancel()


if __name__ == "__main__":
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    asyncio.run(_run(RivalOrder.of_line(sys.stdin.readline())))
