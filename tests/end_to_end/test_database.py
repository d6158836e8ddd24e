"""The database is locked in the middle of a call: nobody in the call waits for it, and nothing is lost."""

import asyncio

from tests.support.held_database import held_transaction
from tests.support.scene import Scene


async def test_while_the_database_is_locked_answers_come_in_time_and_are_remembered_afterwards(scene: Scene) -> None:
    loop = asyncio.get_running_loop()
    async with scene.assistant():
        panel = await scene.begin_call()
        await scene.answer_to("hello")
        await scene.heard_to_the_end()
        async with held_transaction(scene.settings.database_url):
            for line, seconds in (("my name is Ada", 5.0), ("I live in Ghent", 3.0)):  # one of them waits for a second
                began = loop.time()
                await scene.answer_to(line)
                assert loop.time() - began < seconds
                await scene.heard_to_the_end()
            chosen = await scene.ada.command("voice_settings", scene.text, {"language": "fr"})
            assert "fr" in chosen.content or "French" in chosen.content
        await scene.answer_to("thanks")
        await scene.heard_to_the_end()
    async with scene.assistant():
        await panel.wait_for(lambda message: " is in " in message.content, 10)
        await scene.answer_to("what is my name?")
        asked = str(scene.model.requests[-1].body["messages"])
        assert all(line in asked for line in ("my name is Ada", "I live in Ghent", "thanks"))
        chosen = await scene.ada.command("voice_settings", scene.text)
        assert "fr" in chosen.content or "French" in chosen.content
