"""At most one answer is begun early; it is used for its own question only, and given up for any other."""

import asyncio
from typing import Any, cast

import pytest
from prometheus_client import CollectorRegistry

from assistant.call.speculation import Speculation
from assistant.telemetry.metrics import Metrics
from tests.support.telemetry import metric_value

ADA, BEN = 50, 51


class FakeDraft:
    """A draft that works until it is stopped."""

    options = "as they were"

    def __init__(self) -> None:
        self.is_begun = self.is_stopped = self.is_closed = False
        self._released = asyncio.Event()

    def begin(self, tasks: asyncio.TaskGroup) -> None:
        self.is_begun = True
        tasks.create_task(self._work())

    async def _work(self) -> None:
        await self._released.wait()
        self.is_closed = True

    def stop(self) -> None:
        self.is_stopped = True

    def release(self) -> None:
        self._released.set()


class Desk:
    """A speculation, and what it has counted."""

    def __init__(self) -> None:
        self.metrics = Metrics(CollectorRegistry())
        self.speculation = Speculation(self.metrics)
        self.taken: list[str] = []

    def begin(self, asker_id: int, text: str) -> FakeDraft:
        draft = FakeDraft()
        self.speculation.begin(asker_id, text, cast(Any, draft), on_taken=lambda: self.taken.append(text))
        return draft

    def take(self, asker_id: int, text: str, options: str = FakeDraft.options) -> object:
        return self.speculation.take(asker_id, text, cast(Any, options))

    @property
    def counted(self) -> tuple[float | None, float | None]:
        """Used, withdrawn."""
        used, withdrawn = (
            metric_value(self.metrics, "speculations_total", outcome=outcome) for outcome in ("used", "withdrawn")
        )
        return used, withdrawn


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_a_draft_is_used_for_its_own_question(desk: Desk) -> None:
    async with desk.speculation:
        draft = desk.begin(ADA, "Is it late?")
        assert draft.is_begun
        assert desk.speculation.is_begun(ADA, "Is it late?")
        assert desk.take(ADA, "Is it late?") is cast(Any, draft)
        assert not draft.is_stopped
        assert desk.take(ADA, "Is it late?") is None, "it was used"
        draft.release()
    assert (desk.taken, desk.counted) == (["Is it late?"], (1, 0))


@pytest.mark.parametrize(
    "other",
    [(ADA, "Is it late in Rome?"), (BEN, "Is it late?"), (ADA, "Is it late?", "another voice")],
)
async def test_a_draft_is_given_up_when_another_question_comes_or_it_is_to_be_answered_otherwise(
    desk: Desk, other: tuple[Any, ...]
) -> None:
    async with desk.speculation:
        draft = desk.begin(ADA, "Is it late?")
        assert desk.take(*other) is None
        assert draft.is_stopped
    assert draft.is_closed
    assert (desk.taken, desk.counted) == ([], (0, 1))


async def test_the_next_draft_is_in_the_place_of_the_one_before(desk: Desk) -> None:
    async with desk.speculation:
        first = desk.begin(ADA, "Is it")
        second = desk.begin(ADA, "Is it late?")
        assert (first.is_stopped, second.is_stopped) == (True, False)
    assert second.is_stopped, "the call is over"


async def test_only_who_goes_on_withdraws_a_draft(desk: Desk) -> None:
    async with desk.speculation:
        draft = desk.begin(ADA, "Is it late?")
        desk.speculation.withdraw(BEN)
        before = draft.is_stopped
        desk.speculation.withdraw(ADA)
        desk.speculation.withdraw(ADA)
        assert (before, draft.is_stopped) == (False, True)
    assert desk.counted == (0, 1)
