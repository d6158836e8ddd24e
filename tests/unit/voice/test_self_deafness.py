"""When the bot deafens itself."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from assistant.domain.call_state import CallState
from assistant.voice.self_deafness import SelfDeafness
from tests.support.fake_voice_places import Place
from tests.support.virtual_time import run_in_virtual_time


class Call:
    """A call, its channel and our voice state there."""

    def __init__(self) -> None:
        self.state = CallState.JOINING
        self.channel = Place()
        self.channel.me.voice.self_deaf = False
        self.channel.guild = cast(Any, SimpleNamespace(me=self.channel.me, change_voice_state=self.change))
        self.said: list[object] = []
        self.is_gateway_away = False

    async def change(self, *, channel: object, self_deaf: bool) -> None:
        await asyncio.sleep(0)
        if self.is_gateway_away:
            raise AttributeError("'NoneType' object has no attribute 'voice_state'")
        self.said.append(channel)
        self.channel.me.voice.self_deaf = self_deaf


async def lived(call: Call) -> None:
    """Join, be joined anew, be told twice, and lose and find the gateway; what was said is in `call`."""
    deafness = SelfDeafness(cast(Any, call))
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(deafness.run())
        await asyncio.sleep(1)
        assert call.said == [], "it has not joined yet"
        call.state = CallState.LIVE
        for _ in range(2):
            deafness.refresh()
            await asyncio.sleep(1)
        assert call.said == [call.channel]
        call.state = CallState.RECOVERING
        call.channel.me.voice.self_deaf = False
        deafness.refresh()
        await asyncio.sleep(1)
        assert len(call.said) == 1, "to say it now would be to join"
        call.state, call.is_gateway_away = CallState.LIVE, True
        deafness.refresh()
        await asyncio.sleep(1)
        call.is_gateway_away = False
        deafness.refresh()
        await asyncio.sleep(1)
        assert len(call.said) == 2
        call.channel.me.voice = None
        deafness.refresh()
        await asyncio.sleep(1)
        assert len(call.said) == 2, "it was thrown out: to say it now would be to come back"
        running.cancel()


def test_it_is_said_once_after_each_join_and_never_outside_of_the_channel() -> None:
    run_in_virtual_time(lived(Call()))
