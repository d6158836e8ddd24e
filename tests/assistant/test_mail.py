from types import SimpleNamespace
from typing import Any

from assistant.mail import Mail


def message(number: int, channel: int = 1) -> Any:
    return SimpleNamespace(id=number, channel=SimpleNamespace(id=channel))


def test_a_message_is_heard_once_also_when_it_is_delivered_again() -> None:
    mail = Mail(begun_by=10)
    assert mail.is_new(message(11))
    assert not mail.is_new(message(11))
    assert mail.is_new(message(12))
    assert not mail.is_new(message(11))


def test_what_was_typed_before_the_call_is_not_for_it() -> None:
    assert not Mail(begun_by=10).is_new(message(9))


def test_channels_are_told_apart() -> None:
    mail = Mail(begun_by=10)
    assert mail.is_new(message(20, channel=1))
    assert mail.is_new(message(15, channel=2))
