"""/voice_settings: people choose how the assistant speaks, from lists."""

from dataclasses import replace

from sandbox.standins.faults import Status
from tests.support.scene import Scene


async def test_the_options_are_completed_from_lists(scene: Scene) -> None:
    async with scene.assistant():
        offered = await scene.ada.autocomplete("voice_settings", scene.text, option="language", typed="ger")
        assert [choice.value for choice in offered] == ["de"]
        offered = await scene.ada.autocomplete(
            "voice_settings", scene.text, option="voice", typed="brit", language="en"
        )
        assert [choice.value for choice in offered] == ["gtts:co.uk"]


async def test_what_a_member_chooses_holds_for_answers_to_them_also_after_a_restart(scene: Scene) -> None:
    async with scene.assistant():
        panel = await scene.begin_call()
        reply = await scene.ada.command("voice_settings", scene.text, {"language": "de", "voice": "gtts:com"})
        assert reply.ephemeral
        assert "German" in reply.content
        await scene.answer_to("hello there my friend")
        await scene.heard_to_the_end()
        await scene.ben.join(scene.lounge)
        await scene.ben.type("and what about me my good friend", scene.lounge)
        await scene.heard_to_the_end()
        assert [request.language for request in scene.google.requests] == ["de", "en"]
    async with scene.assistant():
        await panel.wait_for(lambda message: " is in " in message.content, 10)
        await scene.answer_to("hello again my friend")
        await scene.heard_to_the_end()
        assert scene.google.requests[-1].language == "de"


async def test_the_server_s_choice_needs_the_right_to_manage_it(scene: Scene) -> None:
    async with scene.assistant():
        refused = await scene.ben.command("voice_settings", scene.text, {"voice": "gtts:co.uk", "scope": "server"})
        assert "Manage Server" in refused.content
        role = scene.guild.add_role("Keepers", "manage_guild")
        scene.ben.roles.append(role)
        taken = await scene.ben.command("voice_settings", scene.text, {"voice": "gtts:co.uk", "scope": "server"})
        assert "British" in taken.content
        await scene.begin_call()
        await scene.answer_to("hello there my friend")
        await scene.heard_to_the_end()
        assert scene.google.requests[-1].host == "translate.google.co.uk"


async def test_what_is_not_on_the_list_is_refused_and_nothing_changes(scene: Scene) -> None:
    async with scene.assistant():
        for option, typed in (("voice", "gtts:com@127.0.0.1"), ("language", "klingon @everyone `x`")):
            refused = await scene.ada.command("voice_settings", scene.text, {option: typed})
            assert "There is no" in refused.content
            assert "@" not in refused.content
        shown = await scene.ada.command("voice_settings", scene.text)
        assert "each sentence in its own" in shown.content
        assert "the first that speaks the language" in shown.content


async def test_how_long_answers_are_spoken_is_chosen_for_the_server(scene: Scene) -> None:
    role = scene.guild.add_role("Keepers", "manage_guild")
    scene.ada.roles.append(role)
    async with scene.assistant():
        reply = await scene.ada.command("voice_settings", scene.text, {"speaking_limit": 5, "during_speech": "replace"})
        assert "speaking limit per answer: 5 s" in reply.content
        assert "messages and speech interrupt the answer" in reply.content
        await scene.begin_call()
        await scene.answer_to("this " + "is a long line that takes a while to say " * 12)
        await scene.heard_to_the_end()
        assert len(scene.call.speech()) <= 5 * 50 + 5


async def test_voice_status_tells_of_an_engine_that_is_left_alone(scene: Scene) -> None:
    async with scene.assistant(speech=replace(scene.speech(), engine=("gtts", "hibari"))):
        await scene.begin_call()
        scene.google.outage = Status(429)
        await scene.answer_to("hello there my friend")
        await scene.heard_to_the_end()
        status = await scene.ada.command("voice_status", scene.text)
        assert "Speech by gtts: 0 sentences so far; ⚠️ refused (429), next try in" in status.content
        assert "Speech by hibari: 1 sentence so far" in status.content


async def test_a_language_is_chosen_and_spoken_by_any_of_its_codes(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        reply = await scene.ada.command("voice_settings", scene.text, {"language": "he"})
        assert "language: Hebrew" in reply.content
        await scene.answer_to("hello there my friend")
        await scene.heard_to_the_end()
    assert [request.language for request in scene.google.requests] == ["iw"]
