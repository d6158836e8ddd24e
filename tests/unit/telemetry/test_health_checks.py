import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest

from assistant.domain.call_state import CallState
from assistant.telemetry.gateway_state import GatewayState
from assistant.telemetry.health_checks import health_of, restart_reasons, unready_reasons
from tests.support.telemetry import FakeAssistant, call_health, member_hearing


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


def test_an_assistant_without_calls_is_well_and_ready(assistant: FakeAssistant) -> None:
    assert restart_reasons(assistant.sources) == []
    assert unready_reasons(assistant.sources) == []


@pytest.mark.parametrize("state", CallState)
@pytest.mark.parametrize("is_mute", [False, True])
def test_a_call_that_is_being_recovered_is_no_reason_to_restart(
    assistant: FakeAssistant, state: CallState, is_mute: bool
) -> None:
    assistant.calls[1] = call_health(state, is_mute=is_mute)
    assert restart_reasons(assistant.sources) == []


def test_a_gateway_that_is_away_is_neither_a_reason_to_restart_nor_makes_the_bot_unready(
    assistant: FakeAssistant,
) -> None:
    assistant.gateway.is_connected, assistant.gateway.latency = False, None
    assert restart_reasons(assistant.sources) == []
    assert unready_reasons(assistant.sources) == []
    assert health_of(assistant.sources)["gateway"] == {"connected": False, "latency_ms": None}


@pytest.mark.parametrize(("blocks", "reasons"), [(0, 0), (1, 0), (5, 0), (6, 1)])
def test_a_loop_that_is_held_again_and_again_is_a_reason_to_restart_and_a_single_block_is_not(
    assistant: FakeAssistant, blocks: int, reasons: int
) -> None:
    assistant.blocks = blocks
    assert len(restart_reasons(assistant.sources)) == reasons


@pytest.mark.parametrize(("seconds", "reasons"), [(0.0, 0), (30.0, 0), (121.0, 1)])
def test_a_gateway_that_was_given_up_is_a_reason_to_restart_once_the_goodbyes_must_be_over(
    assistant: FakeAssistant, seconds: float, reasons: int
) -> None:
    assistant.gateway.given_up_seconds = seconds
    assert len(restart_reasons(assistant.sources)) == reasons


@pytest.mark.parametrize("missing", ["is_ready", "commands_registered"])
def test_a_bot_that_discord_does_not_know_yet_is_not_ready(assistant: FakeAssistant, missing: str) -> None:
    setattr(assistant.gateway, missing, False)
    assert len(unready_reasons(assistant.sources)) == 1
    assert restart_reasons(assistant.sources) == []


def test_a_bot_that_is_stopping_is_not_ready_and_need_not_be_restarted(assistant: FakeAssistant) -> None:
    assistant.is_stopping = True
    assert unready_reasons(assistant.sources) == ["the bot is stopping"]
    assert restart_reasons(assistant.sources) == []


def test_each_call_is_told_by_its_guild_and_nothing_of_people(assistant: FakeAssistant) -> None:
    assistant.calls[1234567890123456789] = call_health(CallState.RECOVERING, waiting=3)
    (call,) = health_of(assistant.sources)["calls"]
    assert 59 < (call["live_seconds"] or 0) < 65
    assert call == {
        "guild": "1234567890123456789",
        "state": "recovering",
        "is_mute": False,
        "live_seconds": call["live_seconds"],
        "waiting": 3,
        "listened_to": 0,
        "unheard": 0,
    }


class FakeBot:
    """Tells those who listen what it is told."""

    def __init__(self) -> None:
        self.latency = 0.04
        self.application_commands = ["voice_chat"]
        self.pending_application_commands = ["voice_chat"]
        self._listeners: dict[str, Callable[[], Awaitable[None]]] = {}

    def is_ready(self) -> bool:
        return False

    def add_listener(self, listener: Callable[[], Awaitable[None]], event: str) -> None:
        self._listeners[event] = listener

    async def dispatch(self, event: str) -> None:
        await self._listeners[event]()


def gateway_of(bot: FakeBot) -> GatewayState:
    return GatewayState(cast(Any, bot))


async def test_the_gateway_is_connected_from_each_session_on_until_it_is_lost() -> None:
    bot = FakeBot()
    gateway = gateway_of(bot)
    seen = [gateway.is_connected]
    for event in ("on_connect", "on_disconnect", "on_disconnect", "on_resumed"):
        await bot.dispatch(event)
        seen.append(gateway.is_connected)
    assert seen == [False, True, False, False, True]


async def test_the_gateways_latency_is_not_known_without_a_session_nor_before_the_first_answer() -> None:
    bot = FakeBot()
    gateway = gateway_of(bot)
    seen = [gateway.latency]
    await bot.dispatch("on_connect")
    seen.append(gateway.latency)
    bot.latency = math.inf
    seen.append(gateway.latency)
    assert seen == [None, 0.04, None]


def test_commands_are_known_once_discord_has_taken_all_of_them() -> None:
    bot = FakeBot()
    assert gateway_of(bot).commands_registered
    bot.application_commands = []
    assert not gateway_of(bot).commands_registered


async def test_the_gateway_is_given_up_when_py_cords_work_on_it_has_ended() -> None:
    gateway = gateway_of(FakeBot())
    running = asyncio.create_task(asyncio.sleep(60))
    gateway.follow(running)
    await asyncio.sleep(0.01)
    assert gateway.given_up_seconds == 0.0
    running.cancel()
    await asyncio.sleep(0.05)
    assert 0.0 < gateway.given_up_seconds < 5.0


def test_a_call_tells_how_many_are_listened_to_and_not_heard_and_no_name(assistant: FakeAssistant) -> None:
    assistant.calls[1] = call_health(hearing=[member_hearing(), member_hearing("Ben")], unheard=["Ben"])
    health = health_of(assistant.sources)
    assert (health["calls"][0]["listened_to"], health["calls"][0]["unheard"]) == (2, 1)
    assert "Ben" not in str(health)
