"""A host from which nothing leaves but through a proxy: a whole call, and what is said where the proxy refuses."""

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from yarl import URL

from sandbox.standins.google import GoogleSpeech
from sandbox.standins.http_proxy import HttpProxy, ProxiedRequest
from sandbox.standins.speech import HostedSpeech
from sandbox.tools.bot_process import BotProcess
from tests.support.assistant_process import APP, run_app, variables
from tests.support.eventually import eventually
from tests.support.scene import Scene, hum

pytestmark = pytest.mark.usefixtures("quick_starts")

PASSWORD: Final = "hush/hush"


def through(proxy: HttpProxy, **changes: str) -> dict[str, str]:
    """The variables of a host whose proxy asks for a password."""
    url = proxy.url.replace("//", "//ada:hush%2Fhush@")
    return {"HTTPS_PROXY": url, "HTTP_PROXY": url, "NO_PROXY": "", **changes}


def proxy_before(google: GoogleSpeech) -> HttpProxy:
    """A proxy that asks for a password, and leads to Google, too."""
    return HttpProxy({re.compile(r"translate\.google\.com"): google.port}, login=f"ada:{PASSWORD}")


def asked(proxy: HttpProxy, url: str) -> set[str]:
    """How the host and port of `url` were asked for."""
    place = URL(url)
    return {each.method for each in proxy.requests if (each.host, each.port) == (place.host, place.port)}


async def test_all_that_a_call_needs_goes_through_it_and_the_password_is_nowhere(scene: Scene, tmp_path: Path) -> None:
    async with HostedSpeech(hum, voices=("alloy",)) as hosted, proxy_before(scene.google) as proxy:
        speech = {"TTS_ENGINE": "hosted,gtts", "TTS_BASE_URL": hosted.base_url, "TTS_MODEL": "sandbox-tts"}
        environment = variables(scene, **through(proxy), **speech, TTS_HOSTED_LANGUAGES="en", LOG_LEVEL="DEBUG")
        async with BotProcess(APP, environment, tmp_path / "bot.log") as bot:
            await scene.discord.wait_until_ready(30)
            await scene.begin_call()
            await scene.answer_to("hello there my friend")
            await scene.heard_to_the_end()
            await scene.ada.command("voice_settings", scene.text, {"language": "de"})
            await scene.answer_to("hello there my friend")
            await scene.heard_to_the_end()
            assert await bot.stop() == 0
            log = bot.log
        assert {"GET", "POST"} <= asked(proxy, scene.discord.api_url)
        assert [each for each in proxy.requests if each.is_websocket], "the gateway is asked directly"
        assert asked(proxy, scene.model.base_url) >= {"POST"}
        assert asked(proxy, hosted.base_url) >= {"POST"}
        assert asked(proxy, "https://translate.google.com") == {"CONNECT"}
        others = {each for each in proxy.requests if each.method == "CONNECT" and each.host == "127.0.0.1"}
        assert len(others) == 1, "the voice gateway is asked directly, or something else is not"
    assert len(hosted.requests) == len(scene.google.requests) == 1
    assert proxy.refused == []
    assert not {"hush/hush", "hush%2Fhush", "YWRhOmh1c2gvaHVzaA=="} & set(re.split(r"[\s'\"@:]", log))
    assert "hush" not in log


async def test_what_no_proxy_names_is_asked_directly(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    async with proxy_before(scene.google) as proxy:
        for name, value in through(proxy, NO_PROXY="127.0.0.0/8").items():
            monkeypatch.setenv(name, value)
        async with scene.assistant():
            await scene.begin_call()
            await scene.answer_to("hello there my friend")
            await scene.heard_to_the_end()
    assert {request.host for request in proxy.requests} == {"translate.google.com"}


async def test_a_proxy_that_begins_to_refuse_is_one_line_for_each_answer(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with proxy_before(scene.google) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", through(proxy)["HTTPS_PROXY"])
        async with scene.assistant(ai_base_url="https://model.example/v1"):
            await scene.begin_call()
            answer = await scene.answer_to("hello there my friend")
            assert "Sorry" in answer.content
    told = [record.getMessage() for record in caplog.records if "of HTTPS_PROXY answers 502" in record.getMessage()]
    assert told
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("status", [407, 403])
async def test_a_proxy_that_refuses_at_the_start_is_told_with_what_to_do(
    scene: Scene, tmp_path: Path, status: int
) -> None:
    async with HttpProxy() as proxy:
        proxy.answer_instead = status
        environment = variables(scene, **through(proxy), DISCORD_API_URL="https://discord.com/api/v10")
        async with BotProcess(APP, environment, tmp_path / "bot.log") as bot:
            await eventually(lambda: "Trying again in" in bot.log, 30)
            assert await bot.stop() == 0
            log = bot.log
        result = await asyncio.to_thread(run_app, environment, "--check")
    said = f"the proxy http://•••@127.0.0.1:{proxy.port} of HTTPS_PROXY answers {status}"
    assert said in log
    assert "Traceback" not in log
    assert said in result.stdout
    assert "hush" not in log + result.stdout + result.stderr


async def test_check_names_the_proxy_and_what_goes_past_it(scene: Scene) -> None:
    async with proxy_before(scene.google) as proxy:
        result = await asyncio.to_thread(run_app, variables(scene, **through(proxy)), "--check")
    (line,) = (line for line in result.stdout.splitlines() if line.startswith("proxy "))
    assert f"through http://•••@127.0.0.1:{proxy.port}" in line
    assert all(name in line for name in ("Discord's API", "gateways", "language model", "speech: gtts", "UDP"))
    assert result.returncode == 0, result.stdout
    assert "hush" not in result.stdout


async def test_a_socks_proxy_is_refused_at_the_start_with_exit_status_2(scene: Scene) -> None:
    environment = variables(scene, HTTPS_PROXY=f"socks5://ada:{PASSWORD}@127.0.0.1:1080")
    result = await asyncio.to_thread(run_app, environment)
    assert result.returncode == 2
    assert "HTTPS_PROXY is a SOCKS proxy" in result.stderr
    assert "hush" not in result.stderr


async def test_the_proxies_of_the_file_count_as_those_of_the_environment_do(scene: Scene, tmp_path: Path) -> None:
    async with proxy_before(scene.google) as proxy:
        environment = variables(scene) | through(proxy)
        lines = [f"{name}={environment.pop(name)}" for name in ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY")]
        (tmp_path / ".env").write_text("\n".join(lines))
        others = {name: value for name, value in os.environ.items() if not name.upper().endswith("_PROXY")}
        result = await asyncio.to_thread(
            subprocess.run,
            [
                sys.executable,
                "-c",
                "from assistant.runtime.entry_point import main; raise SystemExit(main())",
                "--check",
            ],
            cwd=tmp_path,
            env={**others, **environment, "PYTHONPATH": str(APP.parent)},
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert result.returncode == 1, "the mode of the file is not complained of"
        assert ProxiedRequest("CONNECT", "translate.google.com", 443) in proxy.requests
        assert asked(proxy, scene.model.base_url) == {"POST"}
    assert b"hush" not in result.stdout + result.stderr
