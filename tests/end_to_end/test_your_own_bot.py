"""The extensions in somebody else's bot: loaded, unloaded and reloaded, as py-cord does it, in the middle of a call."""

import asyncio
import logging
import signal
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import discord
import pytest

from assistant.discord_io.rest_client import connector_to_discord
from assistant.pycord.api import close, use_api
from sandbox.state.message import Message
from sandbox.tools.bot_process import BotProcess
from tests.support.assistant_process import APP, variables
from tests.support.eventually import eventually
from tests.support.scene import Scene, call_folders

CONVERSATION, SETTINGS = "cogs.voice_conversation", "cogs.voice_settings"
LONG = "a sentence that takes a few seconds to say out loud, since it has so many words in it"


@pytest.fixture
def environment(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The owner's environment variables; the token is the foreign bot's own business."""
    for name, value in variables(scene).items():
        if name != "DISCORD_TOKEN":
            monkeypatch.setenv(name, value)
    yield
    sys.modules.pop(CONVERSATION, None)
    sys.modules.pop(SETTINGS, None)


def foreign_bot(scene: Scene, **intents: bool) -> discord.Bot:
    use_api(scene.discord.api_url)
    wanted = discord.Intents.default()
    wanted.message_content = True
    for name, value in intents.items():
        setattr(wanted, name, value)
    connector = connector_to_discord(scene.settings.discord_ca_file)
    bot = discord.Bot(intents=wanted, connector=connector)  # type: ignore[no-untyped-call]
    bot.slash_command(name="ping")(ping)
    return bot


async def ping(ctx: discord.ApplicationContext) -> None:
    """A command that is none of the assistant's."""
    await ctx.respond("Pong.")


@asynccontextmanager
async def running(bot: discord.Bot, scene: Scene) -> AsyncIterator[None]:
    """The bot on Discord, as its owner runs it."""
    task = asyncio.create_task(bot.start(scene.discord.bot.token))
    try:
        await eventually(bot.is_ready, 20.0)
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        await close(bot)


async def offers(scene: Scene, *names: str) -> None:
    """Return when Discord knows just these commands of the bot."""
    await eventually(lambda: scene.discord.command_names == set(names), 20.0)


ALL = ("ping", "voice_chat", "ask", "end_call", "skip", "voice_status", "voice_settings")


class Leftovers:
    """What there is of the assistant in this process, besides what there was before."""

    def __init__(self) -> None:
        self._tasks = asyncio.all_tasks()
        self._threads = set(threading.enumerate())

    def tasks(self) -> list[str]:
        return [repr(task) for task in asyncio.all_tasks() - self._tasks if not task.done()]

    def threads(self) -> list[str]:
        # asyncio keeps its own for work to come, and the stand-in for Google lives in this process, too.
        new = set(threading.enumerate()) - self._threads
        return [thread.name for thread in new if not thread.name.startswith(("asyncio_", "google-speech"))]

    async def nothing(self, scene: Scene) -> None:
        """Return when nothing is left."""
        assert scene.discord.bot.id not in {user.id for user in scene.lounge.occupants}
        with suppress(TimeoutError):
            await eventually(lambda: not self.tasks() and not self.threads(), 10.0)
        assert (self.tasks(), self.threads()) == ([], [])
        assert not call_folders()


async def speaking(scene: Scene) -> Message:
    """A call in which the assistant has begun to say something long."""
    panel = await scene.begin_call()
    await scene.ada.type(LONG, scene.lounge)
    await scene.call.wait_for_frames(10)
    return panel


@pytest.mark.usefixtures("nothing_left", "environment")
async def test_it_serves_calls_beside_the_bot_s_own_commands(scene: Scene) -> None:
    bot = foreign_bot(scene)
    bot.load_extensions(CONVERSATION, SETTINGS)
    async with running(bot, scene):
        await offers(scene, *ALL)
        await scene.begin_call()
        assert "You said hello." in (await scene.answer_to("hello")).content
        await scene.heard_to_the_end()
        assert (await scene.ben.command("ping", scene.text)).content == "Pong."
        taken = await scene.ada.command("voice_settings", scene.text, {"language": "German"})
        assert "German" in taken.content
        bot.unload_extension(SETTINGS)
        await offers(scene, "ping", "voice_chat", "ask", "end_call", "skip", "voice_status")
        bot.load_extension(SETTINGS)
        await offers(scene, *ALL)
        bot.unload_extension(SETTINGS)
        bot.unload_extension(CONVERSATION)
        await offers(scene, "ping")
        await eventually(lambda: not call_folders(), 20.0)  # the call ends in the background


@pytest.mark.usefixtures("nothing_left", "environment")
async def test_unloaded_in_the_middle_of_a_call_it_ends_the_call_and_leaves_nothing(scene: Scene) -> None:
    bot = foreign_bot(scene)
    async with running(bot, scene):
        before = Leftovers()
        bot.load_extension(CONVERSATION)
        await offers(scene, "ping", "voice_chat", "ask", "end_call", "skip", "voice_status")
        panel = await speaking(scene)
        bot.unload_extension(CONVERSATION)
        await scene.everybody_left(panel, "switched off")
        await offers(scene, "ping")
        await before.nothing(scene)
        assert not bot.cogs
        assert not bot.persistent_views
        assert (await scene.ben.command("ping", scene.text)).content == "Pong."


@pytest.mark.usefixtures("nothing_left", "environment")
async def test_loaded_again_after_it_was_unloaded_it_serves_again(scene: Scene) -> None:
    bot = foreign_bot(scene)
    async with running(bot, scene):
        bot.load_extension(CONVERSATION)
        await offers(scene, "ping", "voice_chat", "ask", "end_call", "skip", "voice_status")
        panel = await scene.begin_call()
        bot.unload_extension(CONVERSATION)
        await scene.everybody_left(panel, "switched off")
        bot.load_extension(CONVERSATION)
        await offers(scene, "ping", "voice_chat", "ask", "end_call", "skip", "voice_status")
        await scene.call_assistant()
        assert "You said hello." in (await scene.answer_to("hello")).content
        bot.unload_extension(CONVERSATION)
        await offers(scene, "ping")


@pytest.mark.usefixtures("nothing_left", "environment")
async def test_reloaded_in_the_middle_of_an_answer_the_call_goes_on_with_the_same_panel(scene: Scene) -> None:
    bot = foreign_bot(scene)
    bot.load_extensions(CONVERSATION, SETTINGS)
    async with running(bot, scene):
        await offers(scene, *ALL)
        panel = await speaking(scene)
        bot.reload_extension(CONVERSATION)
        answer = await scene.answer_to("still there?", timeout=30.0)
        assert "You said still there?" in answer.content
        await panel.wait_for(lambda message: "is in" in message.content, 10)
        assert len([message for message in scene.text.messages if "**Molly**" in message.content]) == 1
        taken = await scene.ada.command("voice_settings", scene.text, {"language": "German"})
        assert "German" in taken.content
        await scene.ada.click(panel, "End Call")
        await scene.everybody_left(panel, "Ada")
        before = Leftovers()
        for _ in range(3):
            bot.reload_extension(CONVERSATION)
        await scene.call_assistant()
        bot.unload_extension(CONVERSATION)
        await eventually(lambda: scene.discord.bot.id not in {user.id for user in scene.lounge.occupants}, 20.0)
        await before.nothing(scene)


@pytest.mark.usefixtures("nothing_left", "environment")
async def test_a_missing_intent_is_one_clear_error_and_nothing_is_left(scene: Scene) -> None:
    bot = foreign_bot(scene, message_content=False, voice_states=False)
    with pytest.raises(discord.ExtensionFailed, match="intents that this bot was made without: ") as failed:
        bot.load_extension(CONVERSATION)
    assert "intents.voice_states = True; intents.message_content = True" in str(failed.value)
    assert (bot.cogs, bot.extensions) == ({}, {})


@pytest.mark.usefixtures("nothing_left", "environment")
async def test_a_missing_setting_is_one_clear_error_and_nothing_is_left(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AI_BASE_URL")
    monkeypatch.delenv("AI_API_KEY")
    monkeypatch.setenv("TTS_ENGINE", "trumpet")
    bot = foreign_bot(scene)
    with pytest.raises(discord.ExtensionFailed, match="AI_API_KEY") as failed:
        bot.load_extension(CONVERSATION)
    assert "TTS_ENGINE" in str(failed.value)
    assert "DISCORD_TOKEN" not in str(failed.value)
    assert (bot.cogs, bot.extensions) == ({}, {})


@pytest.mark.usefixtures("nothing_left", "environment")
async def test_the_settings_without_the_conversation_are_one_clear_error(scene: Scene) -> None:
    with pytest.raises(discord.ExtensionFailed, match=r"load the extension cogs\.voice_conversation first"):
        foreign_bot(scene).load_extension(SETTINGS)


@pytest.mark.usefixtures("nothing_left", "environment")
async def test_a_database_that_can_not_be_opened_is_told_in_the_log_and_to_who_calls(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://ada:hidden@127.0.0.1:1/assistant")
    bot = foreign_bot(scene)
    bot.load_extension(CONVERSATION)
    with caplog.at_level(logging.ERROR):
        async with running(bot, scene):
            await offers(scene, "ping", "voice_chat", "ask", "end_call", "skip", "voice_status")
            await scene.ada.join(scene.lounge)
            reply = await scene.ada.command("voice_chat", scene.text)
            assert "couldn't start" in reply.content
            assert (await scene.ben.command("ping", scene.text)).content == "Pong."
            bot.unload_extension(CONVERSATION)
            await offers(scene, "ping")
    assert "Can't open the database at DATABASE_URL" in caplog.text


async def test_the_example_answers_and_ends_with_ctrl_c(scene: Scene, tmp_path: Path) -> None:
    example = APP.parent / "examples" / "your_own_bot.py"
    environment = variables(scene, SSL_CERT_FILE=str(scene.discord.ca_file), PYTHONPATH=str(APP.parent))
    async with BotProcess(example, environment, tmp_path / "bot.log") as bot:
        await scene.discord.wait_until_ready(30)
        await offers(scene, *ALL, "my_voice")
        await scene.begin_call()
        assert "You said hello." in (await scene.answer_to("hello")).content
        await scene.heard_to_the_end()
        assert (await scene.ben.command("ping", scene.text)).content == "Pong."
        await bot.stop(signal.SIGINT)
        assert "Traceback" not in bot.log


@pytest.mark.usefixtures("nothing_left", "environment")
async def test_an_answer_pings_nobody_whatever_the_bot_allows(scene: Scene) -> None:
    bot = foreign_bot(scene)
    bot.load_extension(CONVERSATION)
    async with running(bot, scene):
        await offers(scene, "ping", "voice_chat", "ask", "end_call", "skip", "voice_status")
        await scene.begin_call()
        answer = await scene.answer_to("hello")
        bot.unload_extension(CONVERSATION)
        await offers(scene, "ping")
    assert answer.allowed_mentions == {"parse": []}
