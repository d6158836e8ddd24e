"""What the first answer needs is loaded before the first call begins."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from assistant.call.warm_up import WarmUp
from assistant.domain.errors import HearingUnavailable
from assistant.hearing.models import HearingModels
from assistant.text.language_detection import LanguageDetector
from voicewire import Pacer


@pytest.fixture
def pacer() -> Iterator[Pacer]:
    with Pacer() as pacer:
        yield pacer


def nothing() -> None:
    """Speech needs nothing."""


class SlowDetector(LanguageDetector):
    """Loads when it is told to, or not at all."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.may_load = threading.Event()
        self.fails = False

    def load(self) -> None:
        self.loads.append("model")
        self.may_load.wait(10)
        if self.fails:
            raise OSError("no model")
        super().load()


async def test_who_waits_waits_for_all_that_is_loaded(pacer: Pacer) -> None:
    detector = SlowDetector()
    async with WarmUp(detector, pacer, nothing, hears=False) as warm_up:
        waiting = asyncio.create_task(warm_up.wait())
        await asyncio.sleep(0.05)
        assert not waiting.done()
        detector.may_load.set()
        await asyncio.wait_for(waiting, 10)


async def test_it_is_loaded_once_and_only_when_a_call_waits_for_it(pacer: Pacer) -> None:
    detector = SlowDetector()
    detector.may_load.set()
    async with WarmUp(detector, pacer, nothing, hears=False) as warm_up:
        await asyncio.sleep(0.05)
        assert detector.loads == []
        async with asyncio.timeout(20), asyncio.TaskGroup() as calls:
            for _ in range(3):
                calls.create_task(warm_up.wait())
        await asyncio.wait_for(warm_up.wait(), 1)
    assert detector.loads == ["model"]


async def test_what_can_not_be_loaded_is_told_and_prevents_no_call(
    caplog: pytest.LogCaptureFixture, pacer: Pacer
) -> None:
    detector = SlowDetector()
    detector.fails = True
    detector.may_load.set()
    async with WarmUp(detector, pacer, nothing, hears=False) as warm_up:
        await asyncio.wait_for(warm_up.wait(), 10)
    assert "Couldn't load all that the first answer needs" in caplog.text


async def test_it_is_left_while_it_loads(pacer: Pacer) -> None:
    detector = SlowDetector()
    async with asyncio.timeout(5), WarmUp(detector, pacer, nothing, hears=False) as warm_up:
        waiting = asyncio.create_task(warm_up.wait())
        await asyncio.sleep(0.05)
    await waiting
    detector.may_load.set()


@pytest.mark.parametrize("hears", [True, False])
async def test_what_an_ear_needs_is_loaded_only_where_calls_are_listened_to(hears: bool, pacer: Pacer) -> None:
    async with WarmUp(LanguageDetector(), pacer, nothing, hears=hears) as warm_up:
        await asyncio.wait_for(warm_up.wait(), 20)
    assert (warm_up.hearing_models is not None) is hears


async def test_an_ear_that_can_not_be_loaded_is_told_and_hinders_nothing_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, pacer: Pacer
) -> None:
    def load() -> HearingModels:
        raise HearingUnavailable(part="voice activity", detail="no such file")

    monkeypatch.setattr(HearingModels, "load", load)
    detector = SlowDetector()
    detector.may_load.set()
    async with WarmUp(detector, pacer, nothing, hears=True) as warm_up:
        await asyncio.wait_for(warm_up.wait(), 20)
    assert warm_up.hearing_models is None
    assert "Nobody is heard: HearingUnavailable: part='voice activity'" in caplog.text
    assert "Couldn't load" not in caplog.text
