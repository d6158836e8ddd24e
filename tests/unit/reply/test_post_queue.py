import asyncio
from collections.abc import Awaitable, Callable

import pytest

from assistant.reply.post_queue import PostQueue
from tests.support.virtual_time import run_in_virtual_time

ADA, BEN = 50, 51


class Channel:
    """Keeps what is posted, each after a while."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def post(self, text: str, seconds: float) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            await asyncio.sleep(seconds)
            self.written.append(text)

        return work


def test_a_member_s_posts_keep_their_order_and_another_s_do_not_wait_for_them() -> None:
    channel = Channel()

    async def scenario() -> None:
        async with PostQueue() as posts:
            posts.add(ADA, channel.post("Ada 1", 9))
            posts.add(ADA, channel.post("Ada 2", 1))
            posts.add(BEN, channel.post("Ben 1", 1))
            posts.add(BEN, channel.post("Ben 2", 7))
            await asyncio.sleep(3)  # the first of Ben's is done, the second is not
            posts.add(BEN, channel.post("Ben 3", 0))
            await posts.finish(60)

    run_in_virtual_time(scenario())
    assert channel.written == ["Ben 1", "Ben 2", "Ben 3", "Ada 1", "Ada 2"]


def test_what_comes_behind_a_post_that_broke_or_was_cancelled_is_posted(caplog: pytest.LogCaptureFixture) -> None:
    channel = Channel()

    async def broken() -> None:
        raise ZeroDivisionError("ours")

    async def scenario() -> None:
        async with PostQueue() as posts:
            posts.add(ADA, broken)
            cancelled = posts.add(ADA, channel.post("unwanted", 1))
            posts.add(ADA, channel.post("Ada 2", 1))
            cancelled.cancel()
            await posts.finish(60)

    run_in_virtual_time(scenario())
    assert channel.written == ["Ada 2"]
    assert "A post broke" in caplog.text


def test_what_is_not_posted_in_time_is_given_up() -> None:
    channel = Channel()

    async def scenario() -> float:
        async with PostQueue() as posts:
            posts.add(ADA, channel.post("in time", 1))
            posts.add(BEN, channel.post("late", 500))
            posts.add(BEN, channel.post("behind it", 0))
            await posts.finish(30)
            return asyncio.get_running_loop().time()

    assert run_in_virtual_time(scenario()) == pytest.approx(30)
    assert channel.written == ["in time"]


def test_leaving_gives_up_what_is_left() -> None:
    channel = Channel()

    async def scenario() -> None:
        async with PostQueue() as posts:
            posts.add(ADA, channel.post("late", 500))
            await asyncio.sleep(1)
        assert asyncio.get_running_loop().time() == pytest.approx(1)

    run_in_virtual_time(scenario())
    assert channel.written == []


def test_there_is_room_for_many_and_not_for_any_number() -> None:
    async def scenario() -> int:
        async with PostQueue() as posts:
            for added in range(1000):
                try:
                    async with asyncio.timeout(1):
                        await posts.wait_for_room()
                except TimeoutError:
                    break
                posts.add(added, Channel().post("late", 500))
            await posts.finish(1000)
            async with asyncio.timeout(1):
                await posts.wait_for_room()
        return added

    assert 20 <= run_in_virtual_time(scenario()) <= 100
