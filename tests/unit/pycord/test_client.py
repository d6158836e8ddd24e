"""What a call's voice client makes of an ending, and when it leaves."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from assistant.domain.voice_loss import LossCause, VoiceLoss, VoiceLost
from assistant.pycord.client import CallVoiceClient
from tests.support.fake_voice import FakeChannel
from voicewire import EndCause, Ending

SESSION = SimpleNamespace(open=True, session_id="ours")


class Guild:
    """A guild that notes what the main gateway is told."""

    id = 5
    voice_client: object = None

    def __init__(self) -> None:
        self.told: list[object] = []

    async def change_voice_state(self, *, channel: object, **_: bool) -> None:
        self.told.append(channel)


class Scene:
    """A client of a bot that is not there."""

    def __init__(self, *, is_ours: bool = True) -> None:
        async def ours() -> bool:
            await asyncio.sleep(0)
            return is_ours

        self.bot = SimpleNamespace(user=SimpleNamespace(id=1), _get_websocket=lambda _: SESSION)
        self.guild = Guild()
        self.channel = FakeChannel([])
        self.channel.guild = cast(Any, self.guild)
        self.client = CallVoiceClient(cast(Any, self.bot), self.channel, ours, cast(Any, None))

    async def asks(self) -> asyncio.Task[None]:
        """It has asked for the channel, and waits."""
        connecting = asyncio.create_task(self.client.connect(timeout=5, reconnect=False))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert self.guild.told == [self.channel]
        return connecting


@pytest.mark.parametrize(
    ("ending", "loss"),
    [
        (
            Ending(cause=EndCause.CLOSED, close_code=4006, detail="?"),
            VoiceLoss(cause=LossCause.CLOSED, close_code=4006),
        ),
        (Ending(cause=EndCause.CLOSED, close_code=1006), VoiceLoss(cause=LossCause.CLOSED, close_code=1006)),
        (Ending(cause=EndCause.CLOSED, close_code=4014), VoiceLoss(cause=LossCause.CLOSED, close_code=4014)),
        (Ending(cause=EndCause.HEARTBEATS_UNANSWERED), VoiceLoss(cause=LossCause.UNANSWERED_HEARTBEATS)),
        (Ending(cause=EndCause.FAILED, detail="a bug"), VoiceLoss(cause=LossCause.POLLER_FAILED, detail="a bug")),
        (Ending(cause=EndCause.REMOVED), VoiceLoss(cause=LossCause.REMOVED)),
        (Ending(cause=EndCause.NO_ANSWER, detail="late"), VoiceLoss(cause=LossCause.NOT_JOINED, detail="late")),
        (
            Ending(cause=EndCause.NO_COMMON_MODE, detail="[1]"),
            VoiceLoss(cause=LossCause.NOT_JOINED, detail="no common encryption mode [1]"),
        ),
        (
            Ending(cause=EndCause.PROTOCOL_ERROR, detail="op 2"),
            VoiceLoss(cause=LossCause.NOT_JOINED, detail="protocol error op 2"),
        ),
    ],
)
async def test_each_ending_has_its_loss(ending: Ending, loss: VoiceLoss) -> None:
    scene = Scene()
    await scene.client.ask_for_channel()
    scene.client.on_end(ending)
    assert scene.client.lost.result() == loss


@pytest.mark.parametrize(
    "gateway", [None, SimpleNamespace(open=False, session_id="ours"), SimpleNamespace(open=True, session_id="another")]
)
async def test_a_4014_without_the_session_that_joined_is_the_loss_of_that_session(gateway: object) -> None:
    scene = Scene()
    await scene.client.ask_for_channel()
    scene.bot._get_websocket = lambda _: cast(Any, gateway)
    assert not scene.client.expects_news()
    scene.client.on_end(Ending(cause=EndCause.CLOSED, close_code=4014))
    assert scene.client.lost.result() == VoiceLoss(cause=LossCause.GATEWAY_SESSION_LOST)


async def test_who_leaves_has_lost_nothing() -> None:
    scene = Scene()
    scene.client.on_end(Ending(cause=EndCause.LEFT))
    assert not scene.client.lost.done()


@pytest.mark.parametrize("is_ours", [True, False])
async def test_a_channel_is_left_once_and_not_at_all_where_another_process_holds_the_call(is_ours: bool) -> None:
    scene = Scene(is_ours=is_ours)
    connecting = await scene.asks()
    for _ in range(2):
        await scene.client.disconnect()
    with pytest.raises(VoiceLost):
        await connecting
    assert scene.guild.told == [scene.channel, *([None] if is_ours else [])]


async def test_a_channel_in_which_another_process_is_about_to_be_is_not_left() -> None:
    scene = Scene()
    connecting = await scene.asks()
    await scene.client.release()
    await scene.client.disconnect()
    with pytest.raises(VoiceLost):
        await connecting
    assert scene.guild.told == [scene.channel]


async def test_a_question_that_may_have_gone_with_a_gateway_is_asked_again_while_nothing_came_of_it() -> None:
    scene = Scene()
    connecting = await scene.asks()
    scene.guild.voice_client = scene.client
    await scene.client.gateway_returned()
    assert scene.guild.told == [scene.channel] * 2
    await scene.client.on_voice_server_update({"token": "token", "endpoint": "endpoint"})
    await scene.client.gateway_returned()
    assert scene.guild.told == [scene.channel] * 2
    connecting.cancel()
    await asyncio.wait({connecting})
    assert scene.guild.told == [scene.channel, scene.channel, None]
