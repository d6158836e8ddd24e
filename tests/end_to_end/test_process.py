"""`python app.py` as an owner runs it: a process of its own, told everything by its environment."""

import asyncio
import itertools
import os
import signal
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.storage.database import Database
from sandbox import Sandbox
from sandbox.state.intents import Intent
from sandbox.tools.bot_process import BotProcess
from tests.support.assistant_process import AI_KEY, APP, in_discord, run_app, variables, without_davey
from tests.support.eventually import eventually
from tests.support.scene import Scene, SceneMaker


def test_all_mistakes_in_the_settings_are_told_together_and_the_exit_status_is_2() -> None:
    result = run_app({"DISCORD_TOKEN": "Bot abc def", "AI_BASE_URL": "ftp://x", "TTS_ENGINE": "trumpet"})
    assert result.returncode == 2
    for name in ("DISCORD_TOKEN", "AI_BASE_URL", "TTS_ENGINE"):
        assert name in result.stderr
    assert "Traceback" not in result.stderr


async def test_a_wrong_token_is_one_clear_line_and_exit_status_2(scene: Scene) -> None:
    result = await asyncio.to_thread(run_app, variables(scene, DISCORD_TOKEN="wrong.token.entirely"))
    assert result.returncode == 2
    assert "Discord doesn't accept DISCORD_TOKEN" in result.stderr
    assert "Traceback" not in result.stderr


async def test_a_database_that_can_not_be_opened_is_one_clear_line_and_exit_status_1(scene: Scene) -> None:
    environment = variables(scene, DATABASE_URL="postgres://ada:hidden@127.0.0.1:1/assistant")
    result = await asyncio.to_thread(run_app, environment)
    assert result.returncode == 1
    lines = result.stderr.splitlines()
    assert len(lines) == 1
    assert "Can't open the database at DATABASE_URL" in lines[0]
    assert "hidden" not in lines[0]


async def test_a_database_of_a_newer_version_is_one_clear_line_and_exit_status_2(scene: Scene) -> None:
    async with Database(scene.settings.database_url) as database:
        await database.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    result = await asyncio.to_thread(run_app, variables(scene))
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert "was changed by a newer version of this program" in line
    assert not scene.discord.identifies


async def test_a_missing_privileged_intent_is_one_clear_line_and_exit_status_2(scene: Scene) -> None:
    async with Sandbox(privileged_intents=Intent(0)) as strict:
        result = await asyncio.to_thread(run_app, variables(scene, **in_discord(strict)))
    assert result.returncode == 2
    assert "Message Content Intent" in result.stderr
    assert "Traceback" not in result.stderr


async def test_a_machine_on_which_no_call_can_be_is_one_clear_line_and_exit_status_2(
    scene: Scene, tmp_path: Path
) -> None:
    result = await asyncio.to_thread(run_app, variables(scene, **without_davey(tmp_path)))
    assert result.returncode == 2
    assert "Discord refuses calls without it. Install the packages of requirements.lock" in result.stderr
    assert "Traceback" not in result.stderr
    assert not scene.discord.identifies


async def test_sigterm_in_the_middle_of_speech_leaves_the_call_in_order(scene: Scene, tmp_path: Path) -> None:
    async with BotProcess(APP, variables(scene), tmp_path / "bot.log") as bot:
        await scene.discord.wait_until_ready(30)
        panel = await scene.begin_call()
        await scene.ada.type("a sentence that takes a few seconds to say out loud", scene.lounge)
        await scene.call.wait_for_frames(10)
        assert await bot.stop() == 0
        assert "restarting, back in a moment" in panel.content
        assert scene.discord.bot.id not in {user.id for user in scene.lounge.occupants}
        assert scene.lounge.status is None
        assert "Traceback" not in bot.log


@pytest.mark.usefixtures("quick_starts")
async def test_a_whole_run_at_debug_holds_no_secret(scene: Scene, tmp_path: Path) -> None:
    async with BotProcess(APP, variables(scene, LOG_LEVEL="DEBUG"), tmp_path / "bot.log") as bot:
        await scene.discord.wait_until_ready(30)
        panel = await scene.begin_call()
        await scene.answer_to("hello")
        await scene.heard_to_the_end()
        await scene.discord.voice.faults.close(scene.lounge.id, 4006)
        await scene.answer_to("good day")
        await scene.heard_to_the_end()
        await scene.ada.click(panel, "End Call")
        await scene.everybody_left(panel, "Ada ended it.")
        await bot.stop()
        log = bot.log
    assert "VOICE_SERVER_UPDATE" in log, "the run was not at DEBUG"
    assert len(scene.discord.secrets) >= 6, "a token, two interactions, two voice tokens with their keys"
    assert not [secret for secret in [*scene.discord.secrets, AI_KEY] if secret in log]


@pytest.mark.usefixtures("quick_starts")
async def test_a_bot_that_was_killed_and_whose_database_is_lost_leaves_the_channel_when_it_starts_again(
    scene: Scene, tmp_path: Path
) -> None:
    async with BotProcess(APP, variables(scene), tmp_path / "first.log") as bot:
        await scene.discord.wait_until_ready(30)
        panel = await scene.begin_call()
        os.kill(bot.process_id, signal.SIGKILL)
        await bot.wait()
    assert scene.discord.bot.id in {user.id for user in scene.lounge.occupants}
    await eventually(lambda: not scene.discord.connected)
    lost = variables(scene, DATABASE_URL=f"sqlite:///{tmp_path}/another.db")
    async with BotProcess(APP, lost, tmp_path / "second.log"):
        await eventually(lambda: scene.discord.bot.id not in {user.id for user in scene.lounge.occupants}, 30)
        await scene.ada.click(panel, "End Call")
        await panel.wait_for(lambda message: "already ended" in message.content, 10)
        await scene.begin_call()


@pytest.mark.timeout(180)
@pytest.mark.usefixtures("quick_starts")
async def test_heartbeats_are_on_time_while_the_model_the_speech_and_the_playback_take_long(
    open_scene: SceneMaker, tmp_path: Path
) -> None:
    answer = " ".join(f"This is sentence {number} of an answer that takes about 15 seconds." for number in range(12))
    async with open_scene(responder=lambda _: answer) as scene:
        scene.model.first_token_seconds, scene.google.delay = 5.0, 3.0
        async with BotProcess(APP, variables(scene), tmp_path / "bot.log") as bot:
            await scene.discord.wait_until_ready(30)
            panel = await scene.begin_call()
            await scene.ada.type("talk", scene.lounge)
            await scene.heard_to_the_end(4, 60)  # between two sentences there are less than 3 s
            connections = scene.call.connections
            await scene.ada.click(panel, "End Call")
            await scene.everybody_left(panel, "Ada ended it.")
            await bot.stop()
            lag = float(bot.log.split("Event loop lag: p99 ")[1].split(" ms")[0])
    assert len(scene.call.speech()) * 0.02 > 15
    assert len(connections) == 1
    beats = connections[0].heartbeats
    gaps = [later - earlier for earlier, later in itertools.pairwise(beats)]
    assert len(gaps) >= 3
    assert max(gaps) < 5 + 1, "py-cord beats every 5 s"
    assert lag < 500, "waiting in the loop for the model or the speech would make it seconds"


@pytest.mark.parametrize("seconds", [8, 23])
@pytest.mark.timeout(180)
@pytest.mark.usefixtures("quick_starts")
async def test_a_blocked_event_loop_is_reported_with_its_stack_and_the_call_survives(
    open_scene: SceneMaker, tmp_path: Path, seconds: int
) -> None:
    program = Path(__file__).parents[1] / "support" / "blocked_app.py"
    async with open_scene(responder=lambda _: "one two three four five six seven eight nine ten, " * 12) as scene:
        environment = variables(scene, BLOCK_SECONDS=str(seconds), PYTHONPATH=str(APP.parent))
        async with BotProcess(program, environment, tmp_path / "bot.log") as bot:
            await scene.discord.wait_until_ready(30)
            panel = await scene.begin_call()
            await scene.ada.type("talk", scene.lounge)
            await scene.call.wait_for_frames(50)
            os.kill(bot.process_id, signal.SIGUSR1)
            await scene.ada.type("typed meanwhile", scene.lounge)
            await asyncio.sleep(seconds)
            while len(scene.model.requests) < 2:
                await scene.heard_to_the_end(0.1, 60)
            assert len(scene.call.connections) == 1, "the connection was lost"
            await scene.ada.click(panel, "End Call")
            await scene.everybody_left(panel, "Ada ended it.")
            await bot.stop()
            assert "a_badly_written_plug_in" in bot.log
            assert "The event loop was blocked for" in bot.log


@pytest.mark.usefixtures("quick_starts")
async def test_speech_that_was_in_the_making_when_the_event_loop_was_blocked_is_heard(
    open_scene: SceneMaker, tmp_path: Path
) -> None:
    program = Path(__file__).parents[1] / "support" / "blocked_app.py"
    async with open_scene() as scene:
        environment = variables(scene, BLOCK_SECONDS="8", TTS_TIMEOUT="3", PYTHONPATH=str(APP.parent))
        async with BotProcess(program, environment, tmp_path / "bot.log") as bot:
            await scene.discord.wait_until_ready(30)
            await scene.begin_call()
            scene.google.delay = 1.0
            await scene.ada.type("hello", scene.lounge)
            await scene.google.wait_for_requests(1)
            os.kill(bot.process_id, signal.SIGUSR1)
            await scene.heard_to_the_end(timeout=30)
            await bot.stop()
            assert "The event loop was blocked for" in bot.log
            assert "SpeechTimeout" not in bot.log
            assert len(scene.call.speech()) >= len("You said hello.")
