"""`python app.py --check`: a table of what works and what does not, and an exit status that says so too."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from sandbox import Sandbox
from sandbox.standins.faults import Status
from sandbox.standins.recognition import HostedRecognition, script
from sandbox.state.intents import Intent
from tests.support.assistant_process import AI_KEY, in_discord, run_app, run_app_quickly, variables, without_davey
from tests.support.scene import Scene


async def check(
    environment: dict[str, str], run: Callable[..., CompletedProcess[str]] = run_app_quickly
) -> tuple[int, str]:
    """Run it; return its exit status and its table, after making sure that it says nothing else."""
    result = await asyncio.to_thread(run, environment, "--check")
    assert result.stderr == ""
    return result.returncode, result.stdout


def row(table: str, name: str) -> str:
    """The finding of this name, and the advice below it."""
    lines = table.splitlines()
    (at,) = (number for number, line in enumerate(lines) if line.startswith(f"{name}  "))
    is_advised = lines[at + 1].lstrip().startswith("->")
    return "\n".join(lines[at : at + 1 + is_advised])


async def test_where_all_is_right_the_table_says_so_and_the_exit_status_is_0(scene: Scene, tmp_path: Path) -> None:
    cache = {"TTS_CACHE_MEGABYTES": "1", "TTS_CACHE_FOLDER": str(tmp_path / "cache")}
    environment = variables(scene, TTS_ENGINE="gtts,pico", **cache)
    status, table = await check(environment)
    assert status == 0, table
    names = {line.partition("  ")[0] for line in table.splitlines()}
    assert names >= {
        "settings",
        "Discord token",
        "intents",
        "session starts",
        "clock",
        "proxy",
        "UDP",
        "language model",
        "speech: gtts",
        "speech: pico",
        "hearing",
        "recognition",
        "database",
        "secrets",
        "DAVE library",
        "Opus encoder",
        "temporary folder",
        "speech cache",
    }
    assert table.endswith("17 ok, 0 failed, 1 unknown\n"), table
    assert "unknown" in row(table, "UDP")
    assert not [secret for secret in (*scene.discord.secrets, AI_KEY) if secret in table]


async def test_who_recognizes_speech_is_told_and_each_has_heard_a_sentence(scene: Scene) -> None:
    async with HostedRecognition(script("Hello, this is a test."), api_key="stt-secret") as service:
        hosted = {"STT_BASE_URL": service.base_url, "STT_API_KEY": "stt-secret", "STT_MODEL": "sandbox-stt"}
        status, table = await check(variables(scene, STT_ENGINE="hosted,offline", **hosted))
        assert status == 0, table
        assert "hosted, then moonshine" in row(table, "recognition")
        for name in ("recognition: hosted", "recognition: moonshine"):
            assert "this is a test.” was heard" in row(table, name)
        assert "stt-secret" not in table
        status, table = await check(variables(scene, STT_ENGINE="hosted", **hosted | {"STT_API_KEY": "wrong-secret"}))
    assert status == 1, table
    assert "RecognitionRefused" in row(table, "recognition: hosted")
    assert "Check STT_API_KEY" in row(table, "recognition: hosted")
    assert "wrong-secret" not in table


async def test_where_nobody_is_to_be_heard_no_recognizer_is_tried(scene: Scene) -> None:
    status, table = await check(variables(scene, LISTENING="off", STT_ENGINE="offline"))
    assert status == 0, table
    assert "nobody is heard (LISTENING=off)" in row(table, "hearing")
    assert "recognition" not in table


async def test_a_check_spends_no_identify(scene: Scene) -> None:
    await check(variables(scene))
    assert scene.discord.identifies == 0
    assert not scene.discord.connected


def nothing_listens(_: Scene) -> dict[str, str]:
    return {"DISCORD_API_URL": "http://127.0.0.1:9/api/v10"}


def wrong_token(_: Scene) -> dict[str, str]:
    return {"DISCORD_TOKEN": "wrong.token.entirely"}


def too_many_requests(scene: Scene) -> dict[str, str]:
    scene.discord.faults.block_route("GET", "/users/@me", retry_after=82_800)
    return {}


def slow_clock(scene: Scene) -> dict[str, str]:
    scene.discord.faults.set_clock(600.0)
    return {}


def no_model(_: Scene) -> dict[str, str]:
    return {"AI_BASE_URL": "http://127.0.0.1:9/v1"}


def google_refuses(scene: Scene) -> dict[str, str]:
    scene.google.order(Status(429))
    return {}


def no_database(_: Scene) -> dict[str, str]:
    return {"DATABASE_URL": "postgres://ada:hidden@127.0.0.1:1/assistant"}


def no_folder(_: Scene) -> dict[str, str]:
    return {"TTS_CACHE_MEGABYTES": "1", "TTS_CACHE_FOLDER": "/dev/null/recordings"}


@pytest.mark.parametrize(
    ("arrange", "name", "said", "advice"),
    [
        (nothing_listens, "Discord token", "can't be reached", "internet connection"),
        (wrong_token, "Discord token", "Discord answered 401", "Copy it again from the Bot page"),
        (too_many_requests, "Discord token", "retry in 23 h", "another address"),
        (slow_clock, "clock", "10 min behind", "Synchronize the clock"),
        (no_model, "language model", "ModelUnreachable", "Check AI_BASE_URL"),
        (google_refuses, "speech: gtts", "SpeechRefused", "another engine first in TTS_ENGINE"),
        (no_database, "database", "127.0.0.1:1", "Check DATABASE_URL"),
        (no_folder, "speech cache", "/dev/null", "TTS_CACHE_FOLDER"),
    ],
)
async def test_what_is_wrong_has_a_row_that_says_what_to_do_and_the_exit_status_is_1(
    scene: Scene, arrange: Callable[[Scene], dict[str, str]], name: str, said: str, advice: str
) -> None:
    status, table = await check(variables(scene, **arrange(scene)))
    assert status == 1, table
    found = row(table, name)
    assert " failed " in found
    assert said in found
    assert advice in found
    assert ", 1 failed," in table, table
    assert "hidden" not in table


async def test_what_is_taken_for_something_else_or_left_out_is_said(scene: Scene) -> None:
    address = "postgres://ada:hidden@127.0.0.1:1/assistant?sslmode=disable&channel_binding=require"
    _, table = await check(variables(scene, TTS_LANGUAGE="pt-br", DATABASE_URL=address))
    assert "'pt-br' is spoken as pt (Portuguese (Brazil))" in row(table, "settings")
    assert "channel_binding left out" in row(table, "settings")
    assert "hidden" not in table


async def test_a_missing_intent_is_wrong(scene: Scene) -> None:
    async with Sandbox(privileged_intents=Intent(0)) as strict:
        status, table = await check(variables(scene, **in_discord(strict)))
    assert status == 1, table
    assert " failed " in row(table, "intents")
    assert "Turn on the Message Content Intent" in row(table, "intents")
    assert "MESSAGE_CONTENT=off" in row(table, "intents")


async def test_an_intent_that_is_not_needed_is_not_missed(scene: Scene) -> None:
    async with Sandbox(privileged_intents=Intent(0)) as strict:
        status, table = await check(variables(scene, **in_discord(strict), MESSAGE_CONTENT="off"))
    assert status == 0, table
    assert " ok " in row(table, "intents")


async def test_a_bot_without_starts_left_is_told_to_wait(scene: Scene) -> None:
    async with Sandbox(session_starts=0) as used_up:
        status, table = await check(variables(scene, **in_discord(used_up)))
    assert status == 1, table
    assert "The bot waits 24 h" in row(table, "session starts")


async def test_a_missing_dave_library_is_wrong(scene: Scene, tmp_path: Path) -> None:
    status, table = await check(variables(scene, **without_davey(tmp_path)), run_app)
    assert status == 1, table
    assert "no wheel for this machine" in row(table, "DAVE library")
    assert "pip install" in row(table, "DAVE library")


def test_settings_that_cannot_be_read_are_told_and_the_exit_status_is_1() -> None:
    result = run_app({"DISCORD_TOKEN": "Bot abc def", "TTS_ENGINE": "trumpet"}, "--check")
    assert result.returncode == 1
    for name in ("DISCORD_TOKEN", "TTS_ENGINE"):
        assert name in result.stderr
    assert "Traceback" not in result.stderr


def test_an_option_that_there_is_not_is_refused_before_anything_is_begun() -> None:
    result = run_app({}, "--chekc")
    assert result.returncode == 2
    assert "unrecognized arguments: --chekc" in result.stderr
