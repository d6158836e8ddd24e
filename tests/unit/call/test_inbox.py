import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.call.inbox import Inbox, InboxClosed


async def test_items_come_out_in_the_order_they_came_in() -> None:
    inbox = Inbox[int](5)
    assert [inbox.offer(number) for number in (1, 2, 3)] == [True] * 3
    assert [await inbox.get() for _ in range(3)] == [1, 2, 3]


async def test_a_full_inbox_refuses_until_there_is_room() -> None:
    inbox = Inbox[str](1)
    assert inbox.offer("one")
    assert not inbox.offer("two")
    assert await inbox.get() == "one"
    assert inbox.offer("three")
    assert len(inbox) == 1


async def test_whoever_waits_gets_an_item_as_soon_as_it_is_offered() -> None:
    inbox = Inbox[str](1)
    taking = asyncio.create_task(inbox.get())
    await asyncio.sleep(0)
    inbox.offer("item")
    assert await taking == "item"


async def test_waiting_again_leaves_the_loop_free_for_others() -> None:
    inbox = Inbox[str](1)
    inbox.offer("one")
    assert await inbox.get() == "one"
    taking = asyncio.create_task(inbox.get())
    await asyncio.sleep(0)
    inbox.offer("two")
    assert await taking == "two"


async def test_several_who_wait_get_an_item_each() -> None:
    inbox = Inbox[int](5)
    taking = [asyncio.create_task(inbox.get()) for _ in range(3)]
    await asyncio.sleep(0)
    for number in range(3):
        inbox.offer(number)
    assert sorted(await asyncio.gather(*taking)) == [0, 1, 2]


async def test_closing_returns_what_still_waits_and_wakes_whoever_waits() -> None:
    inbox = Inbox[str](5)
    taking = asyncio.create_task(inbox.get())
    await asyncio.sleep(0)
    assert inbox.close() == []
    with pytest.raises(InboxClosed):
        await taking
    other = Inbox[str](5)
    other.offer("one")
    other.offer("two")
    assert other.close() == ["one", "two"]
    assert other.close() == []
    assert len(other) == 0


async def test_a_closed_inbox_neither_takes_nor_gives() -> None:
    inbox = Inbox[str](5)
    inbox.close()
    assert not inbox.offer("late")
    with pytest.raises(InboxClosed):
        await inbox.get()


async def test_no_item_is_lost_when_the_one_who_waits_is_cancelled_at_that_moment() -> None:
    inbox = Inbox[str](5)
    taking = asyncio.create_task(inbox.get())
    await asyncio.sleep(0)
    inbox.offer("item")
    taking.cancel()
    await asyncio.wait([taking])
    assert inbox.close() == ["item"]


@given(st.lists(st.one_of(st.none(), st.integers())), st.integers(1, 5))
def test_what_was_accepted_is_taken_or_returned_once_and_in_order(steps: list[int | None], size: int) -> None:
    async def run() -> None:
        inbox = Inbox[int](size)
        accepted: list[int] = []
        out: list[int] = []
        for step in steps:
            if step is not None and inbox.offer(step):
                accepted.append(step)
            elif step is None and len(inbox):
                out.append(await inbox.get())
            assert len(inbox) <= size
        assert out + inbox.close() == accepted

    asyncio.run(run())
