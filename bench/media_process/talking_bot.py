"""A bot that speaks fresh sentences in many calls; BENCHED_FORM says what runs in which process.

{"join": [...]} joins voice servers; {"ramp": 9, "talk": 15} lets all calls take turns, measures for 15 s after
the first 9, and says how the event loop was doing. Meanwhile the loop does for each call that speaks what it does in
the bot: it reads an answer that streams in, and JSON.
"""

import asyncio
import json
import os
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final

from assistant.audio.frame_clock import FrameClock
from assistant.audio.player import Player
from assistant.audio.track import Track
from assistant.runtime.interpreter import prepare_interpreter
from assistant.telemetry.loop_lag import LoopLag
from bench.common.frame_pacing import percentile
from bench.media_process.fresh_speech import (
    SENTENCE_SECONDS,
    SpeechInProcess,
    SpeechMaker,
    ThreadedSpeech,
    TimedSpeech,
    sentence,
)
from bench.media_process.json_process import reply, requests
from bench.media_process.process_form import ProcessForm
from bench.media_process.wire_line import WireLine
from voicewire import Pacer, VoiceServer

_AT_ONCE: Final = 8
"""How many calls it joins at a time."""
_LOOK_SECONDS: Final = 0.01
_ENCODERS: Final = 2
"""As many threads as `assistant.tts.synthesizer` has."""
_PAUSE_SECONDS: Final = 3.5
"""After each sentence. So 59 % of the calls speak at once, as in `python -m bench.scale`."""
TURN_SECONDS: Final = SENTENCE_SECONDS + _PAUSE_SECONDS
"""After so long, all calls have begun, one by one."""
_TOKEN_SECONDS: Final = 0.025
"""The model's pace in `bench.scale`."""
TOKEN_WORK: Final = json.dumps(
    {"id": "chatcmpl-1", "choices": [{"index": 0, "delta": {"content": "harbour"}, "finish_reason": None}]}
)
_ROUNDS: Final = 20
"""How often that is read and written for a token: so that the event loop takes 5 ms of CPU for a second of speech, as
in the bot, where the encoders take 2.3 and the clock 1.7 (30 calls of `bench.scale`)."""


class TalkingCall:
    """A call in which turns are spoken."""

    def __init__(self, clock: FrameClock, line: WireLine) -> None:
        self._line = line
        self._player = Player(clock, line)

    async def join(self) -> None:
        """Join; return when it may speak."""
        await self._line.connection.connect()
        while not self._line.connection.may_speak:  # noqa: ASYNC110 - no event says so
            await asyncio.sleep(_LOOK_SECONDS)

    async def speak(self, mp3: bytes, maker: SpeechMaker) -> float:
        """Speak a sentence, to its end; how long it was silent within, in seconds."""
        track = Track()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._player.play(track))
            utterance = track.begin()
            await maker.speak(mp3, utterance.append)
            utterance.finish()
            track.finish()
        return sum(track.holes)

    async def close(self) -> None:
        """Leave."""
        self._player.close()
        await self._line.connection.close()


class TalkingBot:
    """All calls of one form."""

    def __init__(self, form: ProcessForm, resources: AsyncExitStack) -> None:
        self._resources = resources
        self._trusted = ssl.create_default_context()
        self._mp3 = sentence()
        self._calls: list[TalkingCall] = []
        self._maker = _maker_for(form)
        self._speech = TimedSpeech(self._maker)
        resources.callback(self._maker.close)
        self._pacer = resources.enter_context(Pacer())
        self._clock = resources.enter_context(FrameClock(self._pacer))

    async def open(self) -> None:
        """Start what the form needs."""
        await self._maker.speak(self._mp3, lambda _: None)  # the process of the form may have to start

    async def join(self, servers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Join all; say whose CPU is to be measured."""
        free = asyncio.Semaphore(_AT_ONCE)

        async def join(fields: Mapping[str, Any]) -> None:
            async with free:
                self._calls.append(await self._joined(VoiceServer(**fields)))

        async with asyncio.TaskGroup() as joining:
            for fields in servers:
                joining.create_task(join(fields))
        return {"joined": len(self._calls)}

    async def talk(self, ramp: float, seconds: float) -> dict[str, Any]:
        """Take turns in all calls; after `ramp` seconds, measure for so many."""
        starved: list[float] = []
        async with asyncio.TaskGroup() as tasks:
            talks = [
                tasks.create_task(self._take_turns(call, TURN_SECONDS * number / len(self._calls), starved))
                for number, call in enumerate(self._calls)
            ]
            await asyncio.sleep(ramp)
            self._speech.waits.clear()
            async with LoopLag() as lag:
                await asyncio.sleep(seconds)
                snapshot = lag.snapshot()
            for talk in talks:
                talk.cancel()
        return {
            "lag_p99": snapshot.p99,
            "lag_max": snapshot.max,
            "starved": sum(starved),
            "first_frame_p95": percentile(sorted(self._speech.waits), 95),
        }

    async def _joined(self, server: VoiceServer) -> TalkingCall:
        call = TalkingCall(self._clock, WireLine(server, self._trusted, self._pacer))
        self._resources.push_async_callback(call.close)
        await call.join()
        return call

    async def _take_turns(self, call: TalkingCall, delay: float, starved: list[float]) -> None:
        await asyncio.sleep(delay)
        while True:
            async with asyncio.TaskGroup() as tasks:
                reading = tasks.create_task(_read_answers())
                starved.append(await call.speak(self._mp3, self._speech))
                reading.cancel()
            await asyncio.sleep(_PAUSE_SECONDS)


def _maker_for(form: ProcessForm) -> SpeechInProcess | ThreadedSpeech:
    if form is ProcessForm.SPEECH:
        return SpeechInProcess()
    return ThreadedSpeech(1 if form is ProcessForm.ONE_ENCODER else _ENCODERS)


async def _read_answers() -> None:
    """What the event loop does beside for a call that speaks."""
    while True:
        await asyncio.sleep(_TOKEN_SECONDS)
        for _ in range(_ROUNDS):
            json.dumps(json.loads(TOKEN_WORK))


@asynccontextmanager
async def _open_bot() -> AsyncIterator[TalkingBot]:
    async with AsyncExitStack() as resources:
        bot = TalkingBot(ProcessForm(os.environ["BENCHED_FORM"]), resources)
        await bot.open()
        yield bot


async def _main() -> None:
    async with _open_bot() as bot:
        async for request in requests():
            match request:
                case {"join": servers}:
                    reply(await bot.join(servers))
                case {"ramp": ramp, "talk": seconds}:
                    reply(await bot.talk(ramp, seconds))


if __name__ == "__main__":
    prepare_interpreter()
    asyncio.run(_main())
