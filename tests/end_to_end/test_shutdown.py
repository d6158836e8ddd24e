"""Whatever hangs, the process is gone within 20 s of SIGTERM, with exit status 0, and what was typed is not lost."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from sandbox.standins.faults import Drip, Hang, HangAfterTokens, Slow
from sandbox.tools.bot_process import BotProcess
from tests.support.assistant_process import APP, variables
from tests.support.eventually import eventually
from tests.support.held_database import held_transaction
from tests.support.scene import Scene, SceneMaker
from tests.support.stored_questions import waiting_questions

pytestmark = pytest.mark.timeout(180)
starts_quickly = pytest.mark.usefixtures("quick_starts")
"""For all but those that are stopped as they start, hang for ever, or have a child that does."""

LIMIT_SECONDS = 20.0
"""What the docs promise, and hosts are told."""
SLACK_SECONDS = 3.0
"""For a machine on which much else runs."""
LONG = "one two three four five six seven eight, " * 9
STUCK_APP = Path(__file__).parents[1] / "support" / "stuck_app.py"


@pytest.fixture
def free_port() -> int:
    """A TCP port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Act:
    """A call with an answer in it, and a process that is about to be stopped."""

    def __init__(self, scene: Scene, bot: BotProcess, stack: AsyncExitStack) -> None:
        self.scene = scene
        self.bot = bot
        self.stack = stack
        """Left once the process has ended: what hung lets go."""

    async def begin(self) -> None:
        """Somebody calls, asks something, and hears the beginning of the answer."""
        await self.scene.discord.wait_until_ready(60)
        await self.scene.begin_call()
        await self.scene.ada.type("a sentence that takes a few seconds to say out loud", self.scene.lounge)
        await self.scene.call.wait_for_frames(10, 30)
        await self.scene.ada.type("a sentence that waits", self.scene.lounge)


Fault = Callable[[Act], Awaitable[None]]


async def model(act: Act) -> None:
    act.scene.model.order(HangAfterTokens(30))
    await act.begin()


async def silent_model(act: Act) -> None:
    act.scene.model.order(Hang())
    await act.scene.discord.wait_until_ready(60)
    await act.scene.begin_call()
    await act.scene.ada.type("hello", act.scene.lounge)
    await act.scene.model.wait_for_requests(1)


async def dripping_speech(act: Act) -> None:
    act.scene.google.order(Drip(0.5), Drip(0.5, is_head_too=True))
    act.scene.google.outage = Drip(0.5)
    await act.scene.discord.wait_until_ready(60)
    await act.scene.begin_call()
    await act.scene.ada.type("a sentence that takes a few seconds to say", act.scene.lounge)
    await act.scene.google.wait_for_requests(1)


async def speech_that_drips_from_the_second_piece_on(act: Act) -> None:
    act.scene.google.order(Slow(0.0))
    act.scene.google.outage = Drip(0.5)
    await act.begin()
    await act.scene.google.wait_for_requests(2)


async def rest(act: Act) -> None:
    await act.begin()
    hang_rest(act)


def hang_rest(act: Act) -> None:
    for path in ("/channels/*/messages", "/channels/*/messages/*", "/channels/*/typing", "/channels/*/voice-status"):
        act.scene.discord.faults.delay_route("*", path, 120.0, times=1000)


async def rest_at_its_limit(act: Act) -> None:
    await act.begin()
    act.scene.discord.faults.fail_route("*", "/channels/*/messages", times=1000, retry_after=60.0)
    act.scene.discord.faults.fail_route("*", "/channels/*/messages/*", times=1000, retry_after=60.0)


async def voice_gateway(act: Act) -> None:
    await act.begin()
    act.scene.discord.voice.faults.freeze(act.scene.lounge.id)


async def gateway(act: Act) -> None:
    await act.begin()
    act.scene.discord.faults.freeze_gateway()


async def database(act: Act) -> None:
    await act.begin()
    await act.stack.enter_async_context(held_transaction(act.scene.settings.database_url))


async def clients(act: Act) -> None:
    await act.begin()
    await open_clients(act)


async def open_clients(act: Act) -> None:
    """Of the HTTP port: some send half a request, some nothing, some read no answer."""
    port = int(act.bot.log.split("on port ")[1].split()[0])
    for sent in (b"", b"GET /heal", b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * 50) * 10:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        act.stack.callback(writer.close)


async def child(act: Act) -> None:
    await act.begin()
    stop_children(act)


def stop_children(act: Act) -> list[psutil.Process]:
    """The processes of the offline voice and of the pacer do nothing more, not even end."""
    children = psutil.Process(act.bot.process_id).children()
    for child in children:
        child.suspend()
    return children


async def plug_in(act: Act) -> None:
    await act.begin()
    os.kill(act.bot.process_id, signal.SIGUSR1)
    await asyncio.sleep(0.5)


async def everything(act: Act) -> None:
    act.scene.google.outage = Drip(0.5)
    act.scene.model.order(HangAfterTokens(30))
    await act.scene.discord.wait_until_ready(60)
    await act.scene.begin_call()
    await act.scene.ada.type("a sentence that takes a few seconds to say", act.scene.lounge)
    await act.scene.google.wait_for_requests(1)
    await open_clients(act)
    os.kill(act.bot.process_id, signal.SIGUSR1)
    await asyncio.sleep(0.5)
    hang_rest(act)
    act.scene.discord.voice.faults.freeze(act.scene.lounge.id)
    act.scene.discord.faults.freeze_gateway()
    await act.stack.enter_async_context(held_transaction(act.scene.settings.database_url))


@asynccontextmanager
async def act_in(scene: Scene, folder: Path, program: Path = APP, **changes: str) -> AsyncIterator[Act]:
    """A process in a scene."""
    async with AsyncExitStack() as stack:
        bot = BotProcess(program, variables(scene, PYTHONPATH=str(APP.parent), **changes), folder / "bot.log")
        async with bot:
            yield Act(scene, bot, stack)


async def is_gone_in_time(act: Act, *numbers: signal.Signals, seconds: float = LIMIT_SECONDS) -> str:
    """Stop the process, by these signals half a second apart; return its log."""
    sent = time.monotonic()
    for number in numbers or (signal.SIGTERM,):
        os.kill(act.bot.process_id, number)
        await asyncio.sleep(0.5)
    async with asyncio.timeout(seconds + SLACK_SECONDS + 10):
        exit_code = await act.bot.wait()
    took = time.monotonic() - sent
    assert took < seconds + SLACK_SECONDS, act.bot.log
    assert exit_code == 0, act.bot.log
    assert "Traceback" not in act.bot.log
    return act.bot.log


@starts_quickly
@pytest.mark.parametrize(
    "fault",
    [
        model,
        silent_model,
        dripping_speech,
        speech_that_drips_from_the_second_piece_on,
        rest,
        rest_at_its_limit,
        voice_gateway,
        gateway,
        database,
    ],
    ids=lambda fault: fault.__name__,
)
async def test_one_thing_that_hangs_holds_up_no_shutdown(open_scene: SceneMaker, tmp_path: Path, fault: Fault) -> None:
    async with open_scene(responder=lambda _: LONG) as scene:
        async with act_in(scene, tmp_path) as act:
            await fault(act)
            await is_gone_in_time(act)
        assert waiting_questions(scene.settings)


@starts_quickly
async def test_a_database_server_that_is_locked_holds_up_no_shutdown(
    open_scene: SceneMaker, tmp_path: Path, postgresql_url: str
) -> None:
    url = postgresql_url.replace("postgresql+asyncpg", "postgresql")
    async with open_scene(responder=lambda _: LONG) as scene, act_in(scene, tmp_path, DATABASE_URL=url) as act:
        await act.begin()
        held = await act.stack.enter_async_context(held_transaction(postgresql_url))
        await held(lambda connection: connection.execute(text("LOCK TABLE processes, shards, calls, questions")))
        await asyncio.sleep(2.0)
        await is_gone_in_time(act)


@starts_quickly
async def test_clients_of_the_http_port_hold_up_no_shutdown(scene: Scene, tmp_path: Path, free_port: int) -> None:
    async with act_in(scene, tmp_path, PORT=str(free_port), PORT_ADDRESS="127.0.0.1") as act:
        await clients(act)
        await is_gone_in_time(act)


async def test_a_child_that_does_not_end_by_itself_is_gone_too(scene: Scene, tmp_path: Path) -> None:
    async with act_in(scene, tmp_path, TTS_ENGINE="hibari") as act:
        await act.begin()
        children = stop_children(act)
        await is_gone_in_time(act)
        assert len(children) == 2
        assert not any(child.is_running() for child in children)


@pytest.mark.parametrize("stuck", ["thread", "loop"])
async def test_what_a_plug_in_holds_for_ever_is_named_and_left(scene: Scene, tmp_path: Path, stuck: str) -> None:
    async with act_in(scene, tmp_path, STUCK_APP, STUCK=stuck) as act:
        await plug_in(act)
        log = await is_gone_in_time(act)
    assert "The shutdown takes too long, and is ended here. What hangs:" in log
    assert "stuck_app.py" in log


async def test_when_everything_hangs_at_once_the_process_is_gone_in_time_and_the_next_one_answers(
    open_scene: SceneMaker, tmp_path: Path, free_port: int
) -> None:
    async with open_scene(responder=lambda _: LONG) as scene:
        environment = {"PORT": str(free_port), "PORT_ADDRESS": "127.0.0.1", "TTS_ENGINE": "gtts,hibari"}
        async with act_in(scene, tmp_path, STUCK_APP, STUCK="thread", **environment) as act:
            await everything(act)
            await is_gone_in_time(act)
        assert waiting_questions(scene.settings)
        scene.google.outage = None
        scene.discord.faults.mend_routes()
        async with act_in(scene, tmp_path):
            await scene.lounge.wait_for_message(lambda message: message.content.startswith(LONG[:40]), 60)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells which signals a process takes")
@pytest.mark.parametrize("pause", [0.0, 0.5, 1.0, 2.0])
async def test_a_process_that_has_just_been_started_ends_as_one_that_was_stopped(
    scene: Scene, tmp_path: Path, pause: float
) -> None:
    async with act_in(scene, tmp_path) as act:
        await eventually(lambda: takes_sigterm(act.bot.process_id), 30)  # until then, Python itself starts
        await asyncio.sleep(pause)
        await is_gone_in_time(act)


def takes_sigterm(process_id: int) -> bool:
    """Whether a process has a handler for it."""
    lines = Path(f"/proc/{process_id}/status").read_text().splitlines()
    (caught,) = (line.split()[1] for line in lines if line.startswith("SigCgt:"))
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


async def test_a_database_that_is_opened_when_the_process_is_stopped_holds_it_up_for_a_moment(
    scene: Scene, tmp_path: Path
) -> None:
    async with act_in(scene, tmp_path) as act, held_transaction(scene.settings.database_url):
        process = psutil.Process(act.bot.process_id)
        await eventually(lambda: any("assistant.db" in each.path for each in process.open_files()), 30)
        await is_gone_in_time(act, seconds=8.0)


@starts_quickly
async def test_a_database_server_that_does_not_answer_holds_up_no_shutdown(scene: Scene, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"postgresql://ada:hidden@127.0.0.1:{server.getsockname()[1]}/assistant"
        async with act_in(scene, tmp_path, DATABASE_URL=url) as act:
            connection, _ = await asyncio.to_thread(server.accept)
            with connection:
                await is_gone_in_time(act, seconds=8.0)


@starts_quickly
async def test_a_goodbye_that_hangs_holds_up_no_shutdown(scene: Scene, tmp_path: Path) -> None:
    async with act_in(scene, tmp_path) as act:
        await act.begin()
        panel = scene.text.messages[-1]
        hang_rest(act)
        await scene.ada.click(panel, "End Call")
        await eventually(lambda: "The call in Lounge ends" in act.bot.log)
        await is_gone_in_time(act)


@starts_quickly
@pytest.mark.parametrize("path", ["/users/@me", "/gateway", "/gateway/bot", "/applications/*/commands"])
async def test_a_login_that_hangs_holds_up_no_shutdown(scene: Scene, tmp_path: Path, path: str) -> None:
    scene.discord.faults.delay_route("*", path, 120.0, times=100)
    async with act_in(scene, tmp_path) as act:
        await eventually(lambda: scene.discord.faults.route_faults_left < 100, 30)
        await is_gone_in_time(act, seconds=8.0)


@starts_quickly
@pytest.mark.parametrize("what", ["ready", "description", "VOICE_SERVER_UPDATE"])
async def test_a_call_that_is_being_joined_holds_up_no_shutdown(scene: Scene, tmp_path: Path, what: str) -> None:
    match what:
        case "ready":
            scene.discord.voice.faults.ready_delay = 120.0
        case "description":
            scene.discord.voice.faults.withhold_description = True
        case _:
            scene.discord.faults.withhold_event(what, times=100)
    async with act_in(scene, tmp_path) as act:
        await scene.discord.wait_until_ready(60)
        await scene.ada.join(scene.lounge)
        await scene.call_assistant("is joining")
        await scene.ada.type("hello", scene.lounge)
        await asyncio.sleep(0.5)
        await is_gone_in_time(act, seconds=16.0)
    assert waiting_questions(scene.settings)


@starts_quickly
async def test_a_second_signal_changes_nothing(open_scene: SceneMaker, tmp_path: Path) -> None:
    async with open_scene(responder=lambda _: LONG) as scene, act_in(scene, tmp_path) as act:
        await act.begin()
        panel = scene.text.messages[-1]
        await is_gone_in_time(act, signal.SIGTERM, signal.SIGTERM, signal.SIGINT)
        assert "restarting, back in a moment" in panel.content


async def test_a_log_that_nobody_reads_holds_up_no_shutdown(scene: Scene) -> None:
    environment = {**os.environ, **variables(scene, LOG_LEVEL="DEBUG")}
    reading, writing = os.pipe()
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(APP), env=environment, stdin=asyncio.subprocess.DEVNULL, stderr=writing
    )
    os.close(writing)
    await scene.discord.wait_until_ready(60)
    await scene.begin_call()
    for number in range(30):
        await scene.ada.type(f"hello {number}", scene.lounge)
    await asyncio.sleep(3.0)
    sent = time.monotonic()
    process.terminate()
    async with asyncio.timeout(LIMIT_SECONDS + SLACK_SECONDS):
        assert await process.wait() == 0
    os.close(reading)
    assert time.monotonic() - sent < LIMIT_SECONDS + SLACK_SECONDS
