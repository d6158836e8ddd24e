"""A call's voice connection alone, with a bot in the sandbox: what it hears, and what others see of a recovery."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import discord
import pytest
from prometheus_client import CollectorRegistry

from assistant.domain.call_state import CallState
from assistant.domain.channels import VocalChannel
from assistant.telemetry.metrics import Metrics
from assistant.voice.connection import CallConnection
from sandbox import ChannelHandle, GuildHandle, MemberActor, Sandbox
from tests.sandbox.pycord import make_bot, running
from tests.support.eventually import eventually
from tests.support.scene import HASTE
from tests.voicewire.wire import Ears, frames
from voicewire import Pacer, QueuedFrame


@dataclass
class Scene:
    """A bot in a call with Ada."""

    sandbox: Sandbox
    guild: GuildHandle
    lounge: ChannelHandle
    ada: MemberActor
    bot: discord.Bot
    connection: CallConnection
    ears: Ears
    pacer: Pacer
    states: list[CallState]
    seen: list[int | None] = field(default_factory=list)
    """In which channels others have seen the bot, one after the other."""
    gateway_returns: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the bot's connection to the main gateway is back."""

    async def is_live_again(self, recoveries: int = 1) -> None:
        await eventually(lambda: self.connection.recoveries.total() == recoveries, 20)
        await self.may_speak()

    async def may_speak(self) -> None:
        queued: list[QueuedFrame | None] = []

        def has_spoken() -> bool:
            queued.append(self.connection.queue_frame(frames(1)[0]))
            self.pacer.flush()
            self.pacer.wait(0.05)
            return any(one is not None and one.has_left for one in queued)

        await eventually(has_spoken, 10)

    async def is_heard(self, first: int) -> None:
        """Ada says ten frames, and the bot hears them."""
        member = self.lounge.call.members[self.ada.id]
        await eventually(lambda: member.listening_since is not None)
        await self.ada.speak(frames(10, first))
        await eventually(lambda: self.ears.of(self.ada.id)[-10:] == frames(10, first))


@asynccontextmanager
async def call(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    async def is_held() -> bool:
        return True

    async with AsyncExitStack() as stack:
        pacer = stack.enter_context(Pacer())
        sandbox = await stack.enter_async_context(Sandbox(rate_limits=False))
        monkeypatch.setattr(discord.http.Route, "API_BASE_URL", sandbox.api_url)
        guild = sandbox.add_guild("Reading club")
        lounge, ada, bot = guild.add_voice_channel("Lounge"), guild.add_member("Ada"), make_bot(sandbox)
        await ada.join(lounge)
        async with running(bot, sandbox):
            channel = bot.get_channel(lounge.id)
            assert isinstance(channel, VocalChannel)
            states: list[CallState] = []
            ears = Ears()
            connection = CallConnection(
                channel,
                HASTE,
                lambda: states.append(connection.state),
                bot.get_guild,
                Metrics(CollectorRegistry()),
                pacer=pacer,
                is_held=is_held,
            )
            connection.listener = ears
            scene = Scene(sandbox, guild, lounge, ada, bot, connection, ears, pacer, states)

            async def on_voice_state_update(_: Any, __: Any, after: discord.VoiceState) -> None:
                scene.seen.append(None if after.channel is None else after.channel.id)

            async def on_gateway() -> None:
                await connection.gateway_returned()
                scene.gateway_returns.set()

            bot.add_listener(on_voice_state_update)
            bot.add_listener(on_gateway, "on_resumed")
            bot.add_listener(on_gateway, "on_ready")
            await connection.join()
            supervising = asyncio.create_task(connection.supervise())
            try:
                await scene.may_speak()
                yield scene
            finally:
                supervising.cancel()
                await asyncio.wait({supervising})
                await connection.leave()
    assert sandbox.refusals == []


async def closed(scene: Scene) -> None:
    await scene.sandbox.voice.faults.close(scene.lounge.id, 4006)


async def moved(scene: Scene) -> None:
    await scene.guild.move_bot(scene.lounge)


async def broken(scene: Scene) -> None:
    scene.sandbox.voice.faults.abort(scene.lounge.id)


async def crashed(scene: Scene) -> None:
    await scene.sandbox.voice.faults.close(scene.lounge.id, 4015)


LOSSES: list[Callable[[Scene], Coroutine[Any, Any, None]]] = [closed, broken, crashed]


@pytest.mark.parametrize("lose", LOSSES)
async def test_a_listener_hears_the_call_over_all_its_connections(
    lose: Callable[[Scene], Coroutine[Any, Any, None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with call(monkeypatch) as scene:
        await scene.is_heard(0)
        await lose(scene)
        await scene.is_live_again()
        await scene.is_heard(100)
        await moved(scene)
        await eventually(lambda: len(scene.lounge.call.connections) == 3)
        await scene.may_speak()
        await scene.is_heard(200)


@pytest.mark.parametrize(("lose", "leaves"), [(closed, True), (broken, False), (crashed, False)])
async def test_a_websocket_that_broke_is_taken_up_again_and_nobody_sees_the_bot_leave(
    lose: Callable[[Scene], Coroutine[Any, Any, None]], leaves: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with call(monkeypatch) as scene:
        before = len(scene.seen)
        await lose(scene)
        await scene.is_live_again()
        assert scene.states == [CallState.LIVE, CallState.RECOVERING, CallState.LIVE]
        assert (None in scene.seen[before:]) == leaves
        assert [record.resumed for record in scene.lounge.call.connections] == [False, not leaves]


async def test_a_resume_that_is_refused_or_not_answered_is_a_join(monkeypatch: pytest.MonkeyPatch) -> None:
    async with call(monkeypatch) as scene:
        scene.sandbox.voice.faults.withhold_resumed = True
        await broken(scene)
        await scene.is_live_again()
        await closed(scene)
        await scene.is_live_again(2)


async def test_a_removal_while_the_websocket_is_broken_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async with call(monkeypatch) as scene:
        scene.sandbox.voice.faults.refuse_connections(1)
        await broken(scene)
        await scene.guild.disconnect_bot()
        await eventually(lambda: scene.connection.state is CallState.ENDED, 10)


@pytest.mark.parametrize("resumable", [True, False])
async def test_after_a_loss_of_the_main_gateway_it_is_still_told_about_its_channel(
    resumable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with call(monkeypatch) as scene:
        scene.gateway_returns.clear()
        await scene.sandbox.faults.drop_gateway(4000, resumable=resumable)
        async with asyncio.timeout(30):
            await scene.gateway_returns.wait()
        await eventually(lambda: scene.connection.state is CallState.LIVE, 20)
        await scene.may_speak()
        await scene.guild.disconnect_bot()
        await eventually(lambda: scene.connection.state is CallState.ENDED, 10)
