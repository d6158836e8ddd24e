from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

from assistant.call.seen_messages import Mail


def message(number: int, channel: int = 1) -> Any:
    return SimpleNamespace(id=number, channel=SimpleNamespace(id=channel))


def place(number: int, *messages: int) -> Any:
    async def history(*, after: Any, **_: object) -> AsyncIterator[Any]:
        for each in messages:
            if each > after.id:
                yield message(each, number)

    return SimpleNamespace(id=number, history=history)


async def missed(mail: Mail, *places: Any) -> list[int]:
    return [each.id for each in await mail.missed(places)]


def test_a_message_is_heard_once_also_when_it_is_delivered_again() -> None:
    mail = Mail(10, {})
    assert mail.is_new(message(11))
    assert not mail.is_new(message(11))
    assert mail.is_new(message(12))
    assert not mail.is_new(message(11))
    mail.settle()
    assert not mail.is_new(message(12))


def test_what_was_typed_before_the_call_is_not_for_it() -> None:
    assert not Mail(10, {}).is_new(message(9))


def test_channels_are_told_apart() -> None:
    mail = Mail(10, {2: 17})
    assert mail.is_new(message(20, channel=1))
    assert not mail.is_new(message(15, channel=2))
    assert mail.is_new(message(18, channel=2))


def test_of_very_many_messages_each_is_heard_once() -> None:
    mail = Mail(0, {})
    assert all(mail.is_new(message(number)) for number in range(1, 2000))
    assert not any(mail.is_new(message(number)) for number in range(1, 2000))


async def test_what_was_typed_before_a_message_that_came_sooner_is_missed_all_the_same() -> None:
    mail = Mail(10, {})
    mail.is_new(message(11))
    mail.settle()
    assert mail.is_new(message(14)), "the first one after the outage"
    assert await missed(mail, place(1, 9, 11, 12, 13, 14, 16), place(2, 15)) == [12, 13, 15, 16]
    assert mail.is_new(message(12))
