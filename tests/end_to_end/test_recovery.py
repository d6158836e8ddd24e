"""A voice connection that dies in the middle of speech: every frame is heard once and in order."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from sandbox.voice.voice_opcodes import VoiceOp
from tests.support.eventually import eventually
from tests.support.expected_speech import LONG_LINE, assert_all_was_heard
from tests.support.scene import HASTE, Scene


def closes_with(code: int) -> Callable[[Scene], Awaitable[None]]:
    async def close(scene: Scene) -> None:
        await scene.discord.voice.faults.close(scene.lounge.id, code)

    close.__name__ = f"close {code}"
    return close


async def abort(scene: Scene) -> None:
    """The TCP connection is gone without a word: 1006."""
    scene.discord.voice.faults.abort(scene.lounge.id)


@pytest.mark.parametrize(
    "break_call",
    [*map(closes_with, (1000, 1006, 4000, 4001, 4002, 4003, 4006, 4009, 4011, 4012, 4015, 4020)), abort],
    ids=lambda fault: fault.__name__,
)
async def test_speech_goes_on_at_the_next_frame_after(
    scene: Scene, break_call: Callable[[Scene], Awaitable[None]]
) -> None:
    async with scene.assistant():
        await scene.begin_call()
        await scene.ada.type(LONG_LINE, scene.lounge)
        await scene.call.wait_for_frames(10)
        await break_call(scene)
        await assert_all_was_heard(scene)
        assert len(scene.call.connections) == 2
        assert scene.call.plaintext_with_dave == 0
        assert (await scene.answer_to("are you still here")).content == "You said are you still here."


async def test_a_member_who_spoke_and_left_does_not_end_the_call(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        await scene.ben.join(scene.lounge)
        await scene.ben.speak([b"\xf8\xff\xfe"] * 5)
        await scene.ben.leave()
        await scene.answer_to("hello")
        await scene.heard_to_the_end()
        assert len(scene.call.connections) == 1


@pytest.mark.parametrize(("op", "connections"), [(VoiceOp.SPEAKING, 2), (VoiceOp.READY, 3)])
async def test_a_message_that_cannot_be_read_while_the_call_is_being_recovered_costs_a_try_at_most(
    scene: Scene, op: VoiceOp, connections: int
) -> None:
    async with scene.assistant():
        await scene.begin_call()
        await scene.ada.type(LONG_LINE, scene.lounge)
        await scene.call.wait_for_frames(10)
        scene.discord.voice.faults.ready_delay = 0.5
        await scene.discord.voice.faults.close(scene.lounge.id, 4006)
        await eventually(lambda: len(scene.call.connections) == 2)
        scene.discord.voice.faults.ready_delay = 0.0
        scene.discord.voice.faults.send(scene.lounge.id, op, {})
        await assert_all_was_heard(scene)
        assert len(scene.call.connections) == connections


async def test_lost_discovery_packets_are_sent_again(scene: Scene) -> None:
    scene.discord.voice.faults.drop_discoveries(2)
    async with scene.assistant():
        await scene.begin_call()
        assert (await scene.answer_to("hello")).content == "You said hello."
        await scene.heard_to_the_end()
        assert len(scene.call.connections) == 1


@pytest.mark.parametrize("code", [4004, 4016, 4017])
async def test_a_refusal_that_lasts_ends_the_call_with_the_code_for_the_owner(scene: Scene, code: int) -> None:
    async with scene.assistant():
        panel = await scene.begin_call()
        await scene.discord.voice.faults.close(scene.lounge.id, code)
        await scene.everybody_left(panel, str(code))


async def test_messages_typed_while_the_call_recovers_are_answered(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        await scene.answer_to("one")
        await scene.discord.voice.faults.close(scene.lounge.id, 4006)
        for line in ("two", "three"):
            await scene.ada.type(line, scene.lounge)
        await scene.lounge.wait_for_message(lambda message: message.content == "You said three.", 15)
        await scene.heard_to_the_end()
        assert [m.content for m in scene.lounge.messages if m.author.bot] == [
            "You said one.",
            "You said two.",
            "You said three.",
        ]


async def test_a_server_that_answers_no_heartbeat_is_left_for_another_connection(scene: Scene) -> None:
    async with scene.assistant(replace(HASTE, heartbeat=6.0)):  # py-cord sends one each 5 s
        await scene.begin_call()
        scene.discord.voice.faults.silence_heartbeat_acks = True
        await eventually(lambda: len(scene.call.connections) == 2, 30)
        scene.discord.voice.faults.silence_heartbeat_acks = False
        told = await scene.ada.command("voice_status", scene.text)
        assert "heartbeats unanswered" in told.content
        assert (await scene.answer_to("hello")).content == "You said hello."
        await assert_all_was_heard(scene)


async def test_a_voice_server_that_hangs_is_not_waited_for_when_it_is_left(scene: Scene) -> None:
    async with scene.assistant(replace(HASTE, heartbeat=6.0)):
        panel = await scene.begin_call()
        scene.discord.voice.faults.freeze(scene.lounge.id)
        await eventually(lambda: len(scene.call.connections) == 2, 25)
        scene.discord.voice.faults.freeze(scene.lounge.id)
        await scene.ada.click(panel, "End Call")
        await scene.everybody_left(panel, "Ada ended it.")


async def test_a_voice_server_that_hangs_during_a_recovery_costs_a_try_and_not_the_call(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        scene.discord.voice.faults.ready_delay = 60.0
        await scene.discord.voice.faults.close(scene.lounge.id, 4006)
        await eventually(lambda: len(scene.call.connections) == 2)
        scene.discord.voice.faults.freeze(scene.lounge.id)
        scene.discord.voice.faults.ready_delay = 0.0
        assert (await scene.answer_to("hello")).content == "You said hello."
        await scene.heard_to_the_end()


async def test_a_way_over_udp_that_is_lost_is_noticed_and_another_one_is_taken(scene: Scene) -> None:
    async with scene.assistant(replace(HASTE, probe=0.5, watch=0.1)):
        await scene.begin_call()
        await asyncio.sleep(1.2)  # for the first probe to be answered
        scene.discord.voice.faults.lose_datagrams(1.0)
        await eventually(lambda: len(scene.call.connections) >= 2, 30)
        scene.discord.voice.faults.lose_datagrams(0.0)
        assert (await scene.answer_to("hello")).content == "You said hello."
        await scene.heard_to_the_end()


async def test_a_voice_server_that_is_gone_for_long_leaves_a_conversation_in_text_and_speech_returns(
    scene: Scene,
) -> None:
    timing = replace(HASTE, recovery_timeout=0.3, longest_timeout=0.3, longest_pause=1.0, mute_after=0.5)
    async with scene.assistant(timing):
        panel = await scene.begin_call()
        await scene.ada.type(LONG_LINE, scene.lounge)
        await scene.call.wait_for_frames(10)
        scene.discord.voice.faults.withhold_description = True
        await scene.discord.voice.faults.close(scene.lounge.id, 4006)
        await panel.wait_for(lambda message: "can't be heard" in message.content, 10)
        await scene.lounge.wait_for_message(lambda message: "couldn't speak all" in message.content, 10)
        assert (await scene.answer_to("are you there")).content == "You said are you there."
        heard = len(scene.call.speech())
        scene.discord.voice.faults.withhold_description = False
        await panel.wait_for(lambda message: "is in" in message.content, 10)
        assert (await scene.answer_to("and now")).content == "You said and now."
        await scene.call.wait_for_frames(heard + 10)
        assert sum("🔇" in message.content for message in scene.lounge.messages) == 1, "that is said once"


async def test_a_voice_server_that_does_not_come_back_ends_the_call(scene: Scene) -> None:
    timing = replace(HASTE, recovery_timeout=0.3, longest_timeout=0.3, mute_after=0.3, give_up_after=1.0)
    async with scene.assistant(timing):
        panel = await scene.begin_call()
        scene.discord.voice.faults.refuse_connections(10_000)
        await scene.discord.voice.faults.close(scene.lounge.id, 4006)
        await scene.everybody_left(panel, "couldn't get it back")


async def test_a_rate_limit_is_waited_for_before_the_call_goes_on(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        await scene.discord.voice.faults.close(scene.lounge.id, 4021)
        assert (await scene.answer_to("hello")).content == "You said hello."
        await scene.heard_to_the_end()
        record = scene.call.connections
        assert record[0].closed_at is not None
        assert record[1].opened_at - record[0].closed_at >= HASTE.rate_limit


def has_not_answered(scene: Scene) -> None:
    """The websocket is open, and waits for READY."""
    scene.discord.voice.faults.ready_delay = 0.5


def has_not_been_named(scene: Scene) -> None:
    scene.discord.faults.delay_event("VOICE_SERVER_UPDATE", 0.5)


@pytest.mark.parametrize("voice_server", [has_not_answered, has_not_been_named])
async def test_a_move_in_the_middle_of_a_recovery_is_followed(
    scene: Scene, voice_server: Callable[[Scene], None]
) -> None:
    study = scene.guild.add_voice_channel("Study")
    async with scene.assistant():
        panel = await scene.begin_call()
        voice_server(scene)
        await scene.discord.voice.faults.close(scene.lounge.id, 4006)
        await panel.wait_for(lambda message: "coming back" in message.content, 10)
        await asyncio.sleep(0.2)
        await scene.ada.move(study)
        await scene.guild.move_bot(study)
        scene.discord.voice.faults.ready_delay = 0.0
        await panel.wait_for(lambda message: f"is in <#{study.id}>" in message.content, 10)
        await scene.ada.type("over here", study)
        await study.call.wait_for_frames(10)


async def test_new_voice_servers_in_quick_succession_are_followed(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        await scene.ada.type(LONG_LINE, scene.lounge)
        await scene.call.wait_for_frames(10)
        for _ in range(3):
            await scene.guild.move_bot(scene.lounge)
        await assert_all_was_heard(scene)


async def test_a_new_voice_server_that_refuses_at_first_is_no_reason_to_end_the_call(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        await scene.ada.type(LONG_LINE, scene.lounge)
        await scene.call.wait_for_frames(10)
        scene.discord.voice.faults.close_at_identify(4006)
        await scene.guild.move_bot(scene.lounge)
        await assert_all_was_heard(scene)
