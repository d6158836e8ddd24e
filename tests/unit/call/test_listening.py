"""Whether a call begins to listen, and that nobody is told so where it can not."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from assistant.call.listening import Listening
from assistant.hearing.ear import Ear


@pytest.mark.parametrize("is_loaded", [True, False])
def test_where_the_ear_can_not_be_loaded_nobody_is_told_that_they_are_heard(is_loaded: bool) -> None:
    told: list[str] = []
    consents = SimpleNamespace(hear_nobody=lambda: told.append("nobody is heard"), may_hear=lambda *_: True)
    services = SimpleNamespace(
        settings=SimpleNamespace(assistant_name="Molly"),
        warm_up=SimpleNamespace(hearing_models=SimpleNamespace() if is_loaded else None),
        consents=consents,
        recognizer=None,
        metrics=None,
    )
    connection = SimpleNamespace(listener=None)
    turn_loop = SimpleNamespace(said_around=lambda _: "")
    context = SimpleNamespace(connection=connection, guild_id=5)
    listening = Listening(
        cast(Any, services), cast(Any, context), cast(Any, None), cast(Any, turn_loop), on_change=lambda: None
    )
    listening.begin()
    assert isinstance(connection.listener, Ear) is is_loaded
    assert told == ([] if is_loaded else ["nobody is heard"])
    assert listening.health_of(7) is None
