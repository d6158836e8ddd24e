"""A link of the chain: how its pieces share the threads that encode."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from assistant.tts.monitored_engine import MonitoredEngine
from tests.support.fake_engines import FakeEngine
from tests.support.sounds import pcm, tone
from tests.support.speech_sinks import Heard


class Named(Heard):
    """Notes whose frame came when."""

    def __init__(self, name: str, order: list[str]) -> None:
        super().__init__()
        self._name = name
        self._order = order

    def append(self, frame: bytes) -> None:
        super().append(frame)
        self._order.append(self._name)


async def test_a_short_piece_does_not_wait_for_the_end_of_a_long_one() -> None:
    order: list[str] = []
    long, short = FakeEngine("long"), FakeEngine("short")
    long.chunks = [pcm(tone(10.0))]
    with ThreadPoolExecutor(1) as encoders:
        speaking = [
            MonitoredEngine(engine, encoders).speak(text, engine.voices[0], "en", Named(engine.name, order))
            for engine, text in ((long, "word " * 40), (short, "word"))
        ]
        made = await asyncio.gather(*speaking)
    assert [order.count(name) for name in ("long", "short")] == [*map(len, made)]
    assert len(made[0]) > 400
    assert order[::-1].index("short") > len(order) / 2
