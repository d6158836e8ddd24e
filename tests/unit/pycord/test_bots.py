"""The pause before an IDENTIFY."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.pycord.bots import IdentifyPace


class Clock:
    """Time that passes only where somebody sleeps, and in between as a test wants."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def paced(clock: Clock, drawn: float = 2.5) -> IdentifyPace:
    return IdentifyPace(now=lambda: clock.now, sleep=clock.sleep, between=lambda _, __: drawn)


async def test_the_first_identify_of_a_process_waits_for_nothing() -> None:
    clock = Clock()
    await paced(clock).wait(is_first=True)
    assert clock.slept == [0.0]


async def test_after_a_session_of_some_time_the_pause_is_the_drawn_one() -> None:
    clock = Clock()
    pace = paced(clock)
    await pace.wait(is_first=True)
    clock.now += 60.0
    await pace.wait(is_first=False)
    assert clock.slept == [0.0, 2.5]


async def test_the_shards_of_a_start_and_a_session_lost_at_once_are_five_seconds_apart() -> None:
    clock = Clock()
    pace = paced(clock)
    await pace.wait(is_first=True)
    await pace.wait(is_first=False)
    clock.now += 1.0
    await pace.wait(is_first=False)
    assert clock.slept == [0.0, 5.0, 4.0]


@given(st.lists(st.floats(0.0, 100.0), max_size=10))
async def test_each_pause_is_as_long_as_discord_asks_and_no_longer_than_five_seconds(lasting: list[float]) -> None:
    clock = Clock()
    pace = IdentifyPace(now=lambda: clock.now, sleep=clock.sleep)
    await pace.wait(is_first=True)
    before = clock.now
    for seconds in lasting:
        clock.now += seconds
        await pace.wait(is_first=False)
        assert 1.0 <= clock.slept[-1] <= 5.0 + 1e-9
        assert clock.now - before >= 5.0 - 1e-9
        before = clock.now
