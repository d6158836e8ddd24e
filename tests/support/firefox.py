"""A headless Firefox of the system, driven by WebDriver BiDi (https://w3c.github.io/webdriver-bidi)."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import re
import shutil
import tempfile
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest

from tests.support.eventually import eventually

_PROGRAM: Final = shutil.which("firefox-esr") or shutil.which("firefox")
_SOUND_SERVER: Final = shutil.which("pulseaudio")
"""Firefox runs no `AudioContext` where there is no sound card; Chromium has one of its own making."""
_START_SECONDS: Final = 60.0
_ANSWER_SECONDS: Final = 10.0
_SHOWN: Final = "`${document.body.innerText} [at ${document.activeElement.id}: ${document.activeElement.value}]`"
"""What is on the page, and what is typed."""
_LAST: Final = 5000
"""How many characters of what Firefox said are shown."""
_PREFERENCES: Final = {
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.disabledForTesting": True,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "media.navigator.permission.disabled": True,  # nobody is there to say yes
    "media.navigator.streams.fake": True,  # a microphone that hums
}
_KEYS: Final = {"Enter": "\ue007", "Tab": "\ue004"}

needs_firefox = pytest.mark.skipif(
    (_PROGRAM is None or _SOUND_SERVER is None) and "REQUIRE_FIREFOX" not in os.environ,
    reason="there is no Firefox with sound to drive (apt-get install firefox-esr pulseaudio)",
)
"""Marks a test. With REQUIRE_FIREFOX in the environment, as in CI, it fails instead of being skipped."""


class FirefoxTab:
    """One tab."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, said: Path) -> None:
        """`said` is the file to which Firefox writes what goes wrong."""
        self._socket = socket
        self._said = said
        self._numbers = itertools.count(1)
        self._context = ""

    async def open(self) -> None:
        """Begin the session, and take the tab that there is."""
        await self._ask("session.new", capabilities={})
        self._context = (await self._ask("browsingContext.getTree"))["contexts"][0]["context"]

    async def go(self, address: str) -> None:
        """Load a page, and wait until it is there."""
        await self._ask("browsingContext.navigate", context=self._context, url=address, wait="complete")

    async def evaluate(self, expression: str) -> Any:
        """The value of an expression of JavaScript; what is no text, number or truth value must be made JSON there."""
        answer = await self._ask(
            "script.evaluate",
            expression=expression,
            target={"context": self._context},
            awaitPromise=True,
            userActivation=False,
        )
        assert answer["type"] == "success", answer
        return answer["result"].get("value")

    async def until(self, expression: str, seconds: float = 90.0) -> None:
        """Return once an expression is true.

        Raises:
            TimeoutError: it does not become so.
        """
        try:
            async with asyncio.timeout(seconds):
                while not await self.evaluate(f"Boolean({expression})"):
                    await self.evaluate("new Promise((passed) => setTimeout(passed, 50))")
        except TimeoutError as error:
            error.add_note(f"{expression} is not so. The page: {await self._shown()}")
            raise

    async def click(self, selector: str) -> None:
        """Press the mouse's button on the first element of a selector."""
        where = f"document.querySelector({json.dumps(selector)}).getBoundingClientRect()"
        x, y = [int(await self.evaluate(f"{where}.{side}")) + 5 for side in ("left", "top")]
        steps = [{"type": "pointerMove", "x": x, "y": y}, *({"type": f"pointer{way}", "button": 0} for way in _WAYS)]
        await self._act({"type": "pointer", "id": "mouse", "actions": steps})

    async def type(self, text: str, *keys: str) -> None:
        """Type a text, and then keys by their names."""
        pressed = [*text, *(_KEYS[each] for each in keys)]
        steps = [{"type": f"key{way}", "value": each} for each in pressed for way in _WAYS]
        await self._act({"type": "key", "id": "keyboard", "actions": steps})

    async def _shown(self) -> str:
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                return str(await self.evaluate(_SHOWN))
        except TimeoutError:
            return "Firefox does not answer. It said: " + self._said.read_text("utf-8", errors="replace")[-_LAST:]

    async def _act(self, source: dict[str, Any]) -> None:
        await self._ask("input.performActions", context=self._context, actions=[source])

    async def _ask(self, method: str, **params: Any) -> Any:
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": params})
        async for message in self._socket:
            answer = json.loads(message.data)
            if answer.get("id") == number:
                assert answer["type"] == "success", answer
                return answer["result"]
        pytest.fail("Firefox is gone")


_WAYS: Final = ("Down", "Up")


@asynccontextmanager
async def open_firefox() -> AsyncIterator[FirefoxTab]:
    """A tab of a Firefox that was just started."""
    assert _PROGRAM is not None, "Firefox is missing"
    async with AsyncExitStack() as stack:
        profile = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True)))
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in _PREFERENCES.items()]
        (profile / "user.js").write_text("\n".join(lines))
        sound_server = await stack.enter_async_context(_sound_card(profile))
        # A file, not a pipe: Firefox stands still once nobody reads what it has to say.
        said = stack.enter_context((profile / "said.txt").open("wb"))
        process = await asyncio.create_subprocess_exec(
            *(_PROGRAM, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"),
            env={**os.environ, "HOME": str(profile), "NO_PROXY": "127.0.0.1", "PULSE_SERVER": sound_server},
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=said,
        )
        stack.push_async_callback(_end, process)
        address = await _address_of(process, Path(said.name))
        client = await stack.enter_async_context(aiohttp.ClientSession())
        socket = await stack.enter_async_context(client.ws_connect(f"{address}/session", max_msg_size=0))
        tab = FirefoxTab(socket, Path(said.name))
        await tab.open()
        yield tab


@asynccontextmanager
async def _sound_card(folder: Path) -> AsyncIterator[str]:
    """A sound card that nobody hears; yields its address."""
    assert _SOUND_SERVER is not None, "pulseaudio is missing"
    socket = folder / "pulse.socket"
    modules = ("module-null-sink", f"module-native-protocol-unix socket={socket} auth-anonymous=1")
    process = await asyncio.create_subprocess_exec(
        *(_SOUND_SERVER, "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"),
        *(part for module in modules for part in ("-L", module)),
        env={**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)},
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    try:
        await eventually(socket.exists, _START_SECONDS)
        yield f"unix:{socket}"
    finally:
        await _end(process)


async def _address_of(process: Process, said: Path) -> str:
    def found() -> re.Match[str] | None:
        assert process.returncode is None, f"Firefox ended before it listened: {said.read_text()}"
        return re.search(r"WebDriver BiDi listening on (ws://\S+)", said.read_text("utf-8", errors="replace"))

    await eventually(lambda: found() is not None, _START_SECONDS)
    match = found()
    assert match is not None
    return match[1]


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.communicate()
