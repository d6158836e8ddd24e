"""The running assistant looked at from outside, over its HTTP port: what it tells is what happened."""

import asyncio
import os
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from assistant.runtime.bot import run
from assistant.stt.recognition_settings import RecognitionSettings
from sandbox.standins import faults as model_faults
from sandbox.standins import faults as speech_faults
from sandbox.standins.recognition import HostedRecognition, script
from sandbox.tools.bot_process import BotProcess
from tests.support.assistant_process import AI_KEY, APP, run_app, variables
from tests.support.eventually import eventually
from tests.support.recorded_speech import recording
from tests.support.scene import HASTE, Scene, SceneMaker

pytestmark = pytest.mark.usefixtures("quick_starts")

SAID = recording("en-libri-237-134500-0005")


@dataclass
class Outside:
    """Somebody who reaches the assistant's port."""

    port: int
    """The port."""
    session: aiohttp.ClientSession
    """Their connections."""

    async def get(self, path: str) -> tuple[int, Any]:
        """The status and the JSON of a page."""
        async with self.session.get(f"http://127.0.0.1:{self.port}{path}") as response:
            return response.status, await response.json()

    async def text(self, path: str) -> str:
        """A page as it is."""
        async with self.session.get(f"http://127.0.0.1:{self.port}{path}") as response:
            return await response.text()

    async def count(self, name: str, **labels: str) -> float:
        """A value of /metrics; 0.0 where it does not show that."""
        families = text_string_to_metric_families(await self.text("/metrics"))
        samples = (sample for family in families for sample in family.samples)
        wanted = (f"voice_assistant_{name}", labels)
        return next((sample.value for sample in samples if (sample.name, sample.labels) == wanted), 0.0)

    async def until(self, value: float, name: str, **labels: str) -> None:
        """Return once /metrics shows that value."""
        async with asyncio.timeout(15):
            while (seen := await self.count(name, **labels)) != value:
                assert seen < value, f"{name} {labels} is {seen}"
                await asyncio.sleep(0.02)

    async def until_ready(self) -> None:
        """Return once /readyz says so."""
        async with asyncio.timeout(20):
            while (await self.get("/readyz"))[0] != 200:  # noqa: ASYNC110 - nothing tells it but the page
                await asyncio.sleep(0.02)


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    with socket.create_server(("0.0.0.0", 0)) as nobody:
        port: int = nobody.getsockname()[1]
    async with aiohttp.ClientSession() as session:
        yield Outside(port, session)


@pytest.mark.parametrize("address", ["::", "localhost"])
async def test_the_port_is_there_at_ipv6_as_at_ipv4(
    scene: Scene, outside: Outside, tmp_path: Path, address: str
) -> None:
    if not socket.has_dualstack_ipv6():
        pytest.skip("this machine has no IPv6")
    environment = variables(scene, PORT=str(outside.port), PORT_ADDRESS=address)
    async with BotProcess(APP, environment, tmp_path / "bot.log"):
        await scene.discord.wait_until_ready(30)
        for host in ("127.0.0.1", "[::1]"):
            async with outside.session.get(f"http://{host}:{outside.port}/healthz") as response:
                assert (await response.json())["problems"] == []


async def test_calls_and_turns_are_told_as_they_happened(scene: Scene, outside: Outside) -> None:
    async with scene.assistant(port=outside.port):
        await outside.until_ready()
        assert await outside.get("/readyz") == (200, {"waiting_for": []})
        status, health = await outside.get("/healthz")
        assert (status, health["problems"], health["calls"]) == (200, [], [])
        assert health["gateway"]["connected"]
        assert 0 < health["loop_lag_ms"]["p99"] <= health["loop_lag_ms"]["max"]
        assert await outside.count("calls_started_total") == await outside.count("turns_total", outcome="answered") == 0
        panel = await scene.begin_call()
        for line in ("hello", "good day"):
            await scene.answer_to(line)
            await scene.heard_to_the_end()
        await outside.until(2, "turns_total", outcome="answered")
        assert await outside.count("calls_started_total") == await outside.count("calls", state="live") == 1
        assert await outside.count("first_audio_seconds_count") == 2
        assert 0 < await outside.count("first_audio_seconds_sum") < 10
        assert await outside.count("turn_step_seconds_count", step="first_speech") == 2
        assert await outside.count("model_requests_total") == len(scene.model.requests) == 2
        pieces = sum(len(request.tokens) for request in scene.model.requests)
        assert await outside.count("model_pieces_total") == pieces
        assert await outside.count("model_first_token_seconds_count") == 2
        assert await outside.count("speech_sentences_total", engine="gtts") == len(scene.google.requests)
        assert await outside.count("gateway_connected") == 1
        _, health = await outside.get("/healthz")
        (call,) = health["calls"]
        assert (call["guild"], call["state"], call["waiting"]) == (str(scene.guild.id), "live", 0)
        assert 0 < call["live_seconds"] < 60
        await scene.ada.click(panel, "End Call")
        await scene.everybody_left(panel, "Ada ended it.")
        await outside.until(1, "calls_ended_total", reason="asked")
        assert await outside.count("calls", state="live") == 0
        assert (await outside.get("/healthz"))[1]["calls"] == []


async def test_who_is_heard_is_counted_and_named_only_to_whoever_asks_in_the_call(
    scene: Scene, outside: Outside
) -> None:
    async with HostedRecognition(script("Is it raining?")) as service:
        hosted = RecognitionSettings(engine=("hosted",), base_url=service.base_url, model="sandbox-stt")
        async with scene.assistant(port=outside.port, recognition=hosted):
            await scene.begin_call()
            await scene.ada.speak(SAID.at_48_khz())
            await scene.text.wait_for_message(lambda message: "You said Is it raining?" in message.content, 10)
            assert await outside.count("members_listened_to") == 1
            assert await outside.count("recognition_engine_turns_total", engine="hosted") == 1
            assert await outside.count("recognition_breaker_open", engine="hosted") == 0
            _, health = await outside.get("/healthz")
            assert (health["calls"][0]["listened_to"], health["calls"][0]["unheard"]) == (1, 0)
            pages = [await outside.text(path) for path in ("/healthz", "/metrics")]
            assert not [word for word in ("Ada", "raining") if word in "".join(pages)]
            status = (await scene.ada.command("voice_status", scene.text)).content
    (line,) = [line for line in status.splitlines() if line.startswith("👂")]
    packets, decoded, _, lost = map(int, re.findall(r"(\d+) (?:packets|decoded|concealed|lost)", line))
    assert line.startswith("👂 Ada: last heard <t:")
    assert (decoded, lost) == (packets, 0)
    assert packets >= SAID.seconds * 45
    assert "Recognition by hosted: 1 turn so far" in status


async def test_nothing_that_is_told_is_secret_or_tells_of_people(scene: Scene, outside: Outside) -> None:
    async with scene.assistant(port=outside.port, ai_api_key=AI_KEY):
        await scene.begin_call()
        await scene.answer_to("something rather private")
        await scene.heard_to_the_end()
        pages = [await outside.text(path) for path in ("/healthz", "/readyz", "/metrics")]
    everything = "".join(pages)
    words = ["private", "Ada", "Ben", "Molly", scene.guild.name, scene.lounge.name, scene.text.name, AI_KEY]
    assert not [word for word in [*words, *scene.discord.secrets] if word in everything]
    assert str(scene.guild.id) not in pages[2], "metrics do not tell servers apart"


async def test_a_lost_voice_connection_is_counted_by_cause_and_no_reason_to_restart(
    scene: Scene, outside: Outside
) -> None:
    async with scene.assistant(port=outside.port):
        await scene.begin_call()
        scene.discord.voice.faults.ready_delay = 1.0
        await scene.discord.voice.faults.close(scene.lounge.id, 4006)
        await outside.until(1, "voice_losses_total", cause="closed")
        status, health = await outside.get("/healthz")
        assert (status, health["calls"][0]["state"]) == (200, "recovering")
        await outside.until(1, "voice_recoveries_total", cause="closed")
        assert await outside.count("voice_recovery_seconds_count") == 1
        assert await outside.count("voice_recovery_seconds_sum") > 0.9
        assert await outside.count("calls", state="live") == 1


async def test_a_gateway_that_is_away_is_shown_and_no_reason_to_restart(scene: Scene, outside: Outside) -> None:
    async with scene.assistant(port=outside.port):
        await outside.until_ready()
        scene.discord.faults.fail_route("GET", "/gateway", 503, times=1)
        await scene.discord.faults.drop_gateway(code=4000, resumable=True)
        async with asyncio.timeout(10):
            while (await outside.get("/healthz"))[1]["gateway"]["connected"]:  # noqa: ASYNC110 - nothing tells it but the page
                await asyncio.sleep(0.002)
        assert [(await outside.get(path))[0] for path in ("/healthz", "/readyz")] == [200, 200]
        await scene.discord.wait_until_connected(60)


async def test_an_engine_that_fails_is_shown_with_its_breaker(scene: Scene, outside: Outside) -> None:
    async with scene.assistant(port=outside.port):
        await scene.begin_call()
        scene.google.outage = speech_faults.Status(429)
        await scene.answer_to("hello")
        await outside.until(1, "turns_total", outcome="partly_spoken")
        assert await outside.count("speech_failures_total", engine="gtts", kind="refused") >= 1
        assert await outside.count("speech_breaker_open", engine="gtts") == 1
        assert await outside.count("speech_sentences_total", engine="gtts") == 0
        assert await outside.count("first_audio_seconds_count") == 0


async def test_a_model_that_fails_is_counted_by_kind(scene: Scene, outside: Outside) -> None:
    async with scene.assistant(port=outside.port):
        await scene.begin_call()
        scene.model.order(model_faults.Status(401))
        await scene.answer_to("hello")
        await outside.until(1, "turns_total", outcome="model_failed")
        assert await outside.count("model_errors_total", kind="refused") == 1
        assert await outside.count("model_requests_total") == 1


async def test_a_skipped_turn_is_counted_as_such(scene: Scene, outside: Outside) -> None:
    async with scene.assistant(port=outside.port):
        panel = await scene.begin_call()
        await scene.ada.type("a sentence that takes a few seconds to say out loud, and nobody wants it", scene.lounge)
        await scene.call.wait_for_frames(5)
        await scene.ada.click(panel, "Skip")
        await outside.until(1, "turns_total", outcome="skipped")
        assert await outside.count("turns_total", outcome="answered") == 0


async def test_silence_between_sentences_that_come_too_late_is_counted_as_a_hole(
    open_scene: SceneMaker, outside: Outside
) -> None:
    async with open_scene(responder=lambda _: "It is one. It is two. It is three.") as scene:
        scene.google.delay = 2.0
        async with scene.assistant(port=outside.port):
            await scene.begin_call()
            await scene.answer_to("count")
            await outside.until(1, "turns_total", outcome="answered")
            holes, seconds = await outside.count("hole_seconds_count"), await outside.count("hole_seconds_sum")
    assert holes >= 1
    assert 0.6 < seconds < 3.5


async def test_what_is_said_from_a_recording_is_counted_as_such(scene: Scene, outside: Outside, tmp_path: Path) -> None:
    speech = scene.speech(cache_megabytes=1, cache_folder=tmp_path / "cache")
    async with scene.assistant(port=outside.port, speech=speech):
        await scene.begin_call()
        for _ in range(2):
            await scene.answer_to("hello")
            await scene.heard_to_the_end()
        spoken = await outside.count("speech_sentences_total", engine="gtts")
        assert await outside.count("speech_replayed_total", engine="gtts") == spoken == len(scene.google.requests)


@asynccontextmanager
async def starting(scene: Scene, port: int) -> AsyncIterator[asyncio.Event]:
    """An assistant from its first moment to its last; it stops when the event is set."""
    stop = asyncio.Event()
    bot = asyncio.create_task(run(replace(scene.settings, port=port), stop, HASTE))
    try:
        yield stop
    finally:
        stop.set()
        await bot
        await eventually(lambda: not scene.discord.connected)


async def test_the_bot_is_not_ready_before_discord_knows_its_commands_nor_while_it_stops(
    scene: Scene, outside: Outside
) -> None:
    scene.discord.faults.delay_route("*", "/applications/*/commands", 1.0)
    async with starting(scene, outside.port) as stop:
        async with asyncio.timeout(10):
            while True:
                try:
                    status, told = await outside.get("/readyz")
                    break
                except aiohttp.ClientConnectorError:  # the database is opened first
                    await asyncio.sleep(0.01)
        assert status == 503
        assert "the commands are not registered with Discord" in told["waiting_for"]
        assert (await outside.get("/healthz"))[0] == 200
        await outside.until_ready()
        await scene.begin_call()
        scene.discord.faults.delay_route("PATCH", "/channels/*/messages/*", 1.0)  # the goodbye on the panel
        stop.set()
        await asyncio.sleep(0.1)
        assert await outside.get("/readyz") == (503, {"waiting_for": ["the bot is stopping"]})
        assert (await outside.get("/healthz"))[0] == 200
    with pytest.raises(aiohttp.ClientError):
        await outside.get("/healthz")


async def test_a_port_in_use_is_one_clear_line_and_exit_status_2(scene: Scene) -> None:
    with socket.create_server(("0.0.0.0", 0)) as other:
        environment = variables(scene, PORT=str(other.getsockname()[1]))
        result = await asyncio.to_thread(run_app, environment)
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert "Can't listen on PORT" in line
    assert "in use" in line


@pytest.mark.parametrize("has_port", [False, True])
async def test_without_a_port_nothing_is_listened_at(
    scene: Scene, outside: Outside, tmp_path: Path, has_port: bool
) -> None:
    environment = variables(scene, PORT=str(outside.port) if has_port else "")
    async with BotProcess(APP, environment, tmp_path / "bot.log") as bot:
        await scene.discord.wait_until_ready(30)
        sockets = psutil.Process(bot.process_id).net_connections("tcp")
        assert bot.process_id != os.getpid()
    listened = [each.laddr.port for each in sockets if each.status == psutil.CONN_LISTEN]
    assert set(listened) == ({outside.port} if has_port else set())


@pytest.mark.skipif(sys.platform == "win32", reason="sets a limit of file descriptors as Unix has it")
async def test_half_open_connections_by_the_thousand_silence_nobody_and_fill_no_log(
    scene: Scene, outside: Outside, tmp_path: Path
) -> None:
    async with BotProcess(APP, variables(scene, PORT=str(outside.port)), tmp_path / "bot.log") as bot:
        psutil.Process(bot.process_id).rlimit(psutil.RLIMIT_NOFILE, (256, 256))
        await scene.discord.wait_until_ready(30)
        await scene.begin_call()
        held = [await asyncio.open_connection("127.0.0.1", outside.port) for _ in range(1100)]
        await scene.answer_to("hello")
        assert (await outside.get("/healthz"))[0] == 200
        assert psutil.Process(bot.process_id).num_fds() < 256 / 2
        assert len(bot.log.splitlines()) < 100
        for _, writer in held:
            writer.close()
