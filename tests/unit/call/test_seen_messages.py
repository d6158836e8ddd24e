from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

from assistant.call.seen_messages import SeenMessages


def message(number: int, channel: int = 1) -> Any:
    return SimpleNamespace(id=number, channel=SimpleNamespace(id=channel))


def place(number: int, *messages: int) -> Any:
    async def history(*, after: Any, **_: object) -> AsyncIterator[Any]:
        for each in messages:
            if each > after.id:
                yield message(each, number)

    return SimpleNamespace(id=number, history=history)


async def missed(seen: SeenMessages, *places: Any) -> list[int]:
    return [each.id for each in await seen.missed(places)]


def test_a_message_is_heard_once_also_when_it_is_delivered_again() -> None:
    seen = SeenMessages(10, {})
    assert seen.is_new(message(11))
    assert not seen.is_new(message(11))
    assert seen.is_new(message(12))
    assert not seen.is_new(message(11))
    seen.raise_watermarks()
    assert not seen.is_new(message(12))


def test_what_was_typed_before_the_call_is_not_for_it() -> None:
    assert not SeenMessages(10, {}).is_new(message(9))


def test_channels_are_told_apart() -> None:
    seen = SeenMessages(10, {2: 17})
    assert seen.is_new(message(20, channel=1))
    assert not seen.is_new(message(15, channel=2))
    assert seen.is_new(message(18, channel=2))


def test_of_very_many_messages_each_is_heard_once() -> None:
    seen = SeenMessages(0, {})
    assert all(seen.is_new(message(number)) for number in range(1, 2000))
    assert not any(seen.is_new(message(number)) for number in range(1, 2000))


async def test_what_was_typed_before_a_message_that_came_sooner_is_missed_all_the_same() -> None:
    seen = SeenMessages(10, {})
    seen.is_new(message(11))
    seen.raise_watermarks()
    assert seen.is_new(message(14)), "the first one after the outage"
    assert await missed(seen, place(1, 9, 11, 12, 13, 14, 16), place(2, 15)) == [12, 13, 15, 16]
    assert seen.is_new(message(12))


async def test_what_stands_before_a_message_that_cannot_be_read_is_not_lost() -> None:
    async def history(**_: object) -> AsyncIterator[Any]:
        yield message(11)
        raise AttributeError("'NoneType' object has no attribute 'get'")

    assert await missed(SeenMessages(10, {}), SimpleNamespace(id=1, history=history), place(2, 12)) == [11, 12]
