"""End-to-end encryption while people come and go, and when it is turned on in the middle of a call."""

from tests.support.expected_speech import LONG_LINE, assert_all_was_heard
from tests.support.scene import Scene, SceneMaker


async def all_was_heard(scene: Scene) -> None:
    await assert_all_was_heard(scene)
    assert scene.call.undecryptable == 0
    assert scene.call.plaintext_with_dave == 0
    assert len(scene.call.connections) == 1, "the call was joined anew"


async def test_encryption_turned_on_in_the_middle_of_speech_loses_no_frame(
    open_scene: SceneMaker,
) -> None:
    async with open_scene(dave_protocol_version=0) as scene, scene.assistant():
        await scene.begin_call()
        await scene.ada.type(LONG_LINE, scene.lounge)
        await scene.call.wait_for_frames(10)
        scene.call.change_dave_version(1)
        await all_was_heard(scene)
        sealed = [frame.end_to_end for frame in scene.call.speech()]
        assert not sealed[0]
        assert sealed[-1]


async def test_encryption_turned_off_and_on_again_loses_no_frame(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        await scene.ada.type(LONG_LINE, scene.lounge)
        await scene.call.wait_for_frames(10)
        scene.call.change_dave_version(0)
        await scene.call.wait_for_frames(30)
        scene.call.change_dave_version(1)
        await all_was_heard(scene)


async def test_members_who_join_and_leave_in_the_middle_of_speech_cost_no_frame(scene: Scene) -> None:
    eve = scene.guild.add_member("Eve")
    async with scene.assistant():
        await scene.begin_call()
        await scene.ada.type(LONG_LINE, scene.lounge)
        for count, step in ((10, scene.ben.join), (25, eve.join)):
            await scene.call.wait_for_frames(count)
            await step(scene.lounge)
        for count, leave in ((40, scene.ben.leave), (55, eve.leave)):
            await scene.call.wait_for_frames(count)
            await leave()
        await all_was_heard(scene)


async def test_whoever_comes_into_a_call_that_was_left_alone_hears_it(scene: Scene) -> None:
    async with scene.assistant(alone_seconds=20.0):
        await scene.begin_call()
        await scene.ada.type(LONG_LINE, scene.lounge)
        await scene.call.wait_for_frames(10)
        await scene.ada.leave()
        await scene.ben.join(scene.lounge)
        heard = len(scene.call.speech())
        await scene.ben.type("I am here", scene.lounge)
        await scene.lounge.wait_for_message(lambda message: message.content == "You said I am here.", 10)
        await scene.call.wait_for_frames(heard + 20)
        assert scene.call.plaintext_with_dave == 0
        assert scene.call.undecryptable == 0


async def test_a_repeated_introduction_of_the_server_does_not_end_the_call(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        await scene.ada.type(LONG_LINE, scene.lounge)
        await scene.call.wait_for_frames(10)
        scene.discord.voice.faults.repeat_external_sender(scene.lounge.id)
        await all_was_heard(scene)
