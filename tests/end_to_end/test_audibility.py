"""The bot is muted, in the audience of a stage, or in the AFK channel: it steps up, or the panel says so."""

import pytest

from sandbox.state.message import Message
from tests.support.scene import Scene

pytestmark = pytest.mark.usefixtures("nothing_left")

HEARD = "I'll answer out loud"


async def says(panel: Message, text: str) -> None:
    await panel.wait_for(lambda message: text in message.content, 10)


async def test_whoever_mutes_it_reads_so_on_the_panel_until_it_may_be_heard_again(scene: Scene) -> None:
    async with scene.assistant():
        panel = await scene.begin_call()
        scene.guild.mute_bot()
        await says(panel, "A moderator has muted **Molly**")
        assert (await scene.answer_to("hello")).content == "You said hello."
        assert not scene.call.speech()
        scene.guild.deafen_bot()
        scene.guild.mute_bot(False)
        await says(panel, HEARD)
        await scene.ada.type("hello again", scene.lounge)
        await scene.heard_to_the_end()
        scene.guild.set_bot_permissions(speak=False)
        await says(panel, "give me the Speak permission")
        scene.guild.set_bot_permissions(speak=True)
        await says(panel, HEARD)
        scene.lounge.deny(scene.discord.bot, "speak")
        await says(panel, "give me the Speak permission")
        scene.lounge.allow(scene.discord.bot, "speak")
        await says(panel, HEARD)
        scene.lounge.deny(scene.discord.bot, "connect")
        before = len(scene.call.speech())
        await scene.ada.type("still there?", scene.lounge)
        await scene.call.wait_for_frames(before + 10, 20)
        assert HEARD in panel.content, "a locked channel silences nobody who is in it"


async def test_called_onto_a_stage_and_muted_from_before_it_says_what_is_so(scene: Scene) -> None:
    stage = scene.guild.add_stage_channel("Stage")
    stage.allow(scene.discord.bot, "mute_members")
    async with scene.assistant():
        await scene.ada.join(stage)
        panel = await scene.call_assistant()
        await scene.ada.type("hello", stage)
        await stage.call.wait_for_frames(10, 20)
        assert HEARD in panel.content
        scene.guild.mute_bot()
        await says(panel, "has muted")
        await scene.ada.click(panel, "End Call")
        await says(panel, "has ended")
        await scene.discord.until(lambda: scene.guild.bot_voice is None)
        await scene.ada.move(scene.lounge)
        await scene.call_assistant("has muted")


async def test_dragged_onto_a_stage_it_steps_up_or_asks_to(scene: Scene) -> None:
    stage = scene.guild.add_stage_channel("Stage")
    stage.allow(scene.discord.bot, "mute_members")
    async with scene.assistant():
        panel = await scene.begin_call()
        await scene.ada.move(stage)
        await scene.guild.move_bot(stage)
        await scene.discord.until(lambda: scene.guild.bot_voice is not None and not scene.guild.bot_voice.suppress, 10)
        await says(panel, f"is in {stage.mention}")
        await scene.ada.type("hello", stage)
        await stage.call.wait_for_frames(10, 20)
        scene.guild.set_bot_on_stage(False)
        await says(panel, "is in the audience")
        scene.guild.set_bot_on_stage(True)
        await says(panel, HEARD)

        closed = scene.guild.add_stage_channel("Closed stage")
        closed.allow(scene.discord.bot, "request_to_speak")
        await scene.ada.move(closed)
        await scene.guild.move_bot(closed)
        await says(panel, "has asked to speak")
        assert scene.guild.bot_voice is not None
        assert scene.guild.bot_voice.requested_to_speak
        scene.guild.set_bot_on_stage(True)
        await says(panel, HEARD)


async def test_the_afk_channel_is_refused_and_moved_there_the_call_says_so(scene: Scene) -> None:
    afk = scene.guild.add_voice_channel("Away")
    scene.guild.choose_afk_channel(afk)
    async with scene.assistant():
        await scene.ada.join(afk)
        reply = await scene.ada.command("voice_chat", scene.text)
        assert "AFK channel" in reply.content
        await scene.ada.move(scene.lounge)
        panel = await scene.call_assistant()
        await scene.ada.move(afk)
        await scene.guild.move_bot(afk)
        await says(panel, "AFK channel")
        await scene.ada.move(scene.lounge)
        await scene.guild.move_bot(scene.lounge)
        await says(panel, HEARD)
        scene.guild.choose_afk_channel(scene.lounge)
        await says(panel, "AFK channel")


async def test_a_role_that_is_taken_from_it_or_deleted_may_have_been_its_voice(scene: Scene) -> None:
    talker = scene.guild.add_role("Talker", "speak")
    me = scene.guild.me
    assert me is not None
    async with scene.assistant():
        scene.guild.set_bot_permissions(speak=False)
        scene.guild.set_roles(me, scene.guild.guild.bot_role, talker)
        panel = await scene.begin_call()
        await says(panel, HEARD)
        scene.guild.set_roles(me, scene.guild.guild.bot_role)
        await says(panel, "Speak permission there")
        scene.guild.set_roles(me, scene.guild.guild.bot_role, talker)
        await says(panel, HEARD)
        scene.guild.delete_role(talker)
        await says(panel, "Speak permission there")
