import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.call.inbox import Inbox, InboxClosed, Offer

ADA, BEN, CYD = 1, 2, 3


async def test_items_of_one_sender_come_out_in_the_order_they_came_in() -> None:
    inbox = Inbox[int](5)
    assert [inbox.offer(number, ADA) for number in (1, 2, 3)] == [Offer.TAKEN] * 3
    assert [await inbox.get() for _ in range(3)] == [1, 2, 3]


async def test_senders_take_turns_however_many_items_one_of_them_has() -> None:
    inbox = Inbox[str](20)
    for item, sender in (("a1", ADA), ("a2", ADA), ("a3", ADA), ("b1", BEN), ("c1", CYD), ("b2", BEN)):
        inbox.offer(item, sender)
    assert [await inbox.get() for _ in range(6)] == ["a1", "b1", "c1", "a2", "b2", "a3"]


async def test_one_who_was_answered_waits_behind_the_others_again() -> None:
    inbox = Inbox[str](20)
    for item, sender in (("a1", ADA), ("b1", BEN), ("b2", BEN)):
        inbox.offer(item, sender)
    assert await inbox.get() == "a1"
    inbox.offer("a2", ADA)
    assert [await inbox.get() for _ in range(3)] == ["b1", "a2", "b2"]


async def test_a_full_inbox_refuses_until_there_is_room() -> None:
    inbox = Inbox[str](1)
    assert inbox.offer("one", ADA) is Offer.TAKEN
    assert inbox.offer("two", ADA) is Offer.SHARE_USED
    assert await inbox.get() == "one"
    assert inbox.offer("three", ADA) is Offer.TAKEN
    assert len(inbox) == 1


async def test_one_sender_can_t_fill_the_inbox() -> None:
    inbox = Inbox[int](4)
    assert [inbox.offer(number, ADA) for number in range(3)] == [Offer.TAKEN, Offer.TAKEN, Offer.SHARE_USED]
    assert [inbox.offer(number, BEN) for number in range(2)] == [Offer.TAKEN] * 2
    assert inbox.offer(0, CYD) is Offer.TAKEN, "it is full, but not of theirs"
    assert inbox.offer(1, CYD) is Offer.FULL


async def test_however_many_senders_there_are_the_inbox_is_bounded() -> None:
    inbox = Inbox[int](4)
    taken = [inbox.offer(number, number) for number in range(100)]
    assert taken.count(Offer.TAKEN) == len(inbox) == 20


async def test_whoever_waits_gets_an_item_as_soon_as_it_is_offered() -> None:
    inbox = Inbox[str](1)
    taking = asyncio.create_task(inbox.get())
    await asyncio.sleep(0)
    inbox.offer("item", ADA)
    assert await taking == "item"


async def test_waiting_again_leaves_the_loop_free_for_others() -> None:
    inbox = Inbox[str](1)
    inbox.offer("one", ADA)
    assert await inbox.get() == "one"
    taking = asyncio.create_task(inbox.get())
    await asyncio.sleep(0)
    inbox.offer("two", ADA)
    assert await taking == "two"


async def test_several_who_wait_get_an_item_each() -> None:
    inbox = Inbox[int](5)
    taking = [asyncio.create_task(inbox.get()) for _ in range(3)]
    await asyncio.sleep(0)
    for number in range(3):
        inbox.offer(number, ADA)
    assert sorted(await asyncio.gather(*taking)) == [0, 1, 2]


async def test_closing_returns_what_still_waits_oldest_first_and_wakes_whoever_waits() -> None:
    inbox = Inbox[str](5)
    taking = asyncio.create_task(inbox.get())
    await asyncio.sleep(0)
    assert inbox.close() == []
    with pytest.raises(InboxClosed):
        await taking
    other = Inbox[str](5)
    for item, sender in (("one", ADA), ("two", ADA), ("three", BEN)):
        other.offer(item, sender)
    assert other.close() == ["one", "two", "three"]
    assert other.close() == []
    assert len(other) == 0


async def test_a_closed_inbox_neither_takes_nor_gives() -> None:
    inbox = Inbox[str](5)
    inbox.close()
    assert inbox.offer("late", ADA) is Offer.FULL
    with pytest.raises(InboxClosed):
        await inbox.get()


async def test_no_item_is_lost_when_the_one_who_waits_is_cancelled_at_that_moment() -> None:
    inbox = Inbox[str](5)
    taking = asyncio.create_task(inbox.get())
    await asyncio.sleep(0)
    inbox.offer("item", ADA)
    taking.cancel()
    await asyncio.wait([taking])
    assert inbox.close() == ["item"]


@given(st.lists(st.one_of(st.none(), st.integers(1, 4))), st.integers(1, 5))
def test_what_was_accepted_is_taken_or_returned_once_and_in_its_sender_s_order(
    steps: list[int | None], size: int
) -> None:
    async def run() -> None:
        inbox = Inbox[tuple[int, int]](size)
        accepted: list[tuple[int, int]] = []
        out: list[tuple[int, int]] = []
        for number, sender in enumerate(steps):
            if sender is not None and inbox.offer((sender, number), sender) is Offer.TAKEN:
                accepted.append((sender, number))
            elif sender is None and len(inbox):
                out.append(await inbox.get())
            assert len(inbox) <= size * 5
        out += inbox.close()
        for sender in range(1, 5):
            assert [item for item in out if item[0] == sender] == [item for item in accepted if item[0] == sender]

    asyncio.run(run())
