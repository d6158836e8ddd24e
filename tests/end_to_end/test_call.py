"""The whole call."""

import asyncio
import gc

import pytest

from assistant.audio.track import Track
from sandbox.state.message import Message
from tests.support.eventually import eventually
from tests.support.scene import Scene, SceneMaker


async def test_a_call_from_hello_to_goodbye(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    async with scene.assistant():
        await scene.ada.join(scene.lounge)
        reply = await scene.ada.command("voice_chat", scene.text)
        assert reply.ephemeral
        assert reply.answered_after is not None
        assert reply.answered_after < 3
        panel = await scene.text.wait_for_message(lambda message: "is in" in message.content, 10)
        await eventually(lambda: scene.lounge.status == "🎙️ AI Voice Assistant: Molly")

        answer = await scene.answer_to("hello", place=scene.text)
        assert answer.content == "You said hello."
        await scene.heard_to_the_end()
        assert (await scene.answer_to("good day")).content == "You said good day."
        await scene.heard_to_the_end()
        assert scene.text.typing
        assert scene.lounge.typing

        await scene.ada.click(panel, "End Call")
        await scene.everybody_left(panel, "Ada ended it.")
        assert not panel.components
        assert scene.lounge.status is None
    for line in (
        "✅ Voice connection complete",
        "📝 Processing message: hello",
        "🤖 AI Response: You said hello.",
        "✅ Done speaking",
        "🗑️ Cleaned up: /tmp/",
    ):
        assert any(record.getMessage().startswith(line) for record in caplog.records), line


async def test_ten_messages_in_a_row_are_answered_in_order_and_each_once(scene: Scene) -> None:
    gc.collect()  # what other tests have left
    async with scene.assistant():
        await scene.begin_call()
        words = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
        lines = [f"number {word}" for word in words]
        for line in lines:
            await scene.ada.type(line, scene.lounge)
        await scene.lounge.wait_for_message(lambda message: "number ten." in message.content, 60)
        await scene.heard_to_the_end()
        answers = [message.content for message in scene.lounge.messages if message.author.bot]
        assert answers == [f"You said {line}." for line in lines]
        spoken = [request.text.rstrip(".") for request in scene.google.requests]
        assert spoken == [f"You said {line}" for line in lines]
        await eventually(lambda: not any(isinstance(each, Track) for each in gc.get_objects()))  # no sound is kept


async def test_the_model_is_told_who_wrote_and_remembers_what_was_said(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        await scene.answer_to("my cat is called Tom")
        await scene.answer_to("what is my cat called")
        sent = scene.model.requests[-1].body["messages"]
        assert [message["role"] for message in sent] == ["system", "user", "assistant", "user"]
        assert '"author": "Ada"' in sent[1]["content"]
        assert "Tom" in sent[1]["content"]


async def test_two_guilds_are_served_at_once(scene: Scene) -> None:
    other = scene.discord.add_guild("Chess club")
    board, table = other.add_text_channel("board"), other.add_voice_channel("Table")
    eve = other.add_member("Eve")
    async with scene.assistant():
        panel, _ = await asyncio.gather(scene.begin_call(), _call(eve, table, board))
        await asyncio.gather(scene.ada.type("to the readers", scene.lounge), eve.type("to the players", table))
        await scene.lounge.wait_for_message(lambda message: message.content == "You said to the readers.", 20)
        await table.wait_for_message(lambda message: message.content == "You said to the players.", 20)
        await asyncio.gather(scene.heard_to_the_end(), table.call.wait_until_quiet(0.4))
        assert len(scene.call.speech()) > 10
        assert len(table.call.speech()) > 10
        await scene.ada.command("end_call", scene.text)
        await scene.everybody_left(panel, "Ada ended it.")
        assert scene.discord.bot.id in {user.id for user in table.occupants}, "the other call must go on"


async def _call(member: object, voice: object, text: object) -> None:
    await member.join(voice)  # type: ignore[attr-defined]
    await member.command("voice_chat", text)  # type: ignore[attr-defined]
    await text.wait_for_message(lambda message: "is in" in message.content, 10)  # type: ignore[attr-defined]


@pytest.mark.parametrize("version", [0, 1])
async def test_every_frame_arrives_with_and_without_end_to_end_encryption(open_scene: SceneMaker, version: int) -> None:
    async with open_scene(dave_protocol_version=version) as scene, scene.assistant():
        await scene.begin_call()
        await scene.ben.join(scene.lounge)
        await scene.answer_to("a secret")
        await scene.heard_to_the_end()
        speech = scene.call.speech()
        assert len(speech) > 10
        assert {frame.end_to_end for frame in speech} == {bool(version)}
        assert scene.call.undecryptable == 0
        assert scene.call.plaintext_with_dave == 0


async def test_messages_of_bots_and_from_other_channels_are_not_answered(scene: Scene) -> None:
    elsewhere = scene.guild.add_text_channel("elsewhere")
    async with scene.assistant():
        await scene.begin_call()
        await scene.ada.type("not for you", elsewhere)
        assert (await scene.answer_to("for you")).content == "You said for you."
        await scene.heard_to_the_end()
        assert len(scene.model.requests) == 1, "its own answer, or another channel's message, was taken for a question"


async def test_when_too_many_messages_wait_the_author_is_told_once_and_the_others_are_answered(scene: Scene) -> None:
    async with scene.assistant(inbox_size=2):
        await scene.begin_call()
        for number in range(6):
            await scene.ada.type(f"message {number}", scene.lounge)
        told = await scene.lounge.wait_for_message(lambda message: "couldn't take this one" in message.content, 10)
        assert told.author.bot
        await scene.lounge.wait_for_message(lambda message: "You said message 1." in message.content, 20)
        await scene.heard_to_the_end()
        posts = [message.content for message in scene.lounge.messages if message.author.bot]
        assert len([text for text in posts if "couldn't take this one" in text]) == 1
        assert 2 <= len([text for text in posts if text.startswith("You said")]) < 6


async def test_one_who_types_much_does_not_keep_the_others_from_their_answers(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        await scene.ben.join(scene.lounge)
        scene.model.first_token_seconds = 0.5
        for number in range(15):
            await scene.ada.type(f"message {number}", scene.lounge)
        await scene.ben.type("and me", scene.lounge)
        await scene.lounge.wait_for_message(lambda message: message.content == "You said and me.", 20)
        answers = [m.content for m in scene.lounge.messages if m.content.startswith("You said")]
        assert len(answers) <= 3
        refused = [m.content for m in scene.lounge.messages if "couldn't take this one" in m.content]
        assert "10 messages of yours" in refused[0]
        assert (await scene.ada.command("end_call", scene.text)).content == "The call has ended."


async def test_what_is_deleted_or_edited_while_it_waits_is_not_answered_as_it_was(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        scene.model.first_token_seconds = 1.5
        _, taken_back, changed, _ = [
            await scene.ada.type(line, scene.lounge) for line in ("one", "two", "three", "four")
        ]
        await scene.model.wait_for_requests(1)
        await scene.ada.delete(taken_back)
        await scene.ada.edit(changed, "tree")
        await scene.lounge.wait_for_message(lambda message: message.content == "You said four.", 20)
        answers = [m.content for m in scene.lounge.messages if m.content.startswith("You said")]
        assert answers == ["You said one.", "You said tree.", "You said four."]
        await scene.heard_to_the_end()


async def test_a_long_answer_is_split_and_nobody_is_pinged(open_scene: SceneMaker) -> None:
    paragraph = "This is a rather long answer that goes on for a while. " * 12 + "\n\n"
    reply = f"@everyone and <@{{}}>: {paragraph * 4}"
    answers = [reply]
    async with open_scene(responder=lambda _: answers[0]) as scene, scene.assistant():
        answers[0] = reply.format(scene.ben.id)
        await scene.begin_call()
        await scene.answer_to("tell me all")
        await scene.lounge.wait_for_message(lambda message: message.author.bot and "while." in message.content, 10)

        def posts_of_the_bot() -> list[Message]:
            return [message for message in scene.lounge.messages if message.author.bot]

        await eventually(lambda: sum(len(message.content) for message in posts_of_the_bot()) > 2500)
        posts = posts_of_the_bot()
        assert len(posts) >= 2
        assert all(len(message.content) <= 2000 for message in posts)
        assert not any(message.mentioned for message in posts)
        for message in [*posts, *scene.text.messages]:
            if message.author.bot:
                assert message.allowed_mentions is not None
                assert not message.allowed_mentions.get("parse")


async def test_the_trace_of_a_turn_is_logged_and_summed_up_in_voice_status(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="assistant.reply.turn")
    async with scene.assistant():
        await scene.begin_call()
        assert "first sound" not in (await scene.ada.command("voice_status", scene.text)).content
        await scene.answer_to("hello")
        await scene.heard_to_the_end()
        await eventually(lambda: "The turn's trace" in caplog.text)
        told = (await scene.ada.command("voice_status", scene.text)).content
    assert "Time to the first sound of an answer" in told
    (trace,) = [record.getMessage() for record in caplog.records if "The turn's trace" in record.getMessage()]
    steps = [step.rsplit(" ", 2)[0] for step in trace.partition(": ")[2].split(", ")]
    assert steps == ["begun", "first token", "first clause", "first speech", "first frame", "ended"]
    times = [int(step.rsplit(" ", 2)[1]) for step in trace.partition(": ")[2].split(", ")]
    assert times == sorted(times)
