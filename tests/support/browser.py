"""A headless Chromium of the system, driven by Playwright; tests that need one are skipped where it is missing."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest

_PROGRAM: Final = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_IS_REQUIRED: Final = "REQUIRE_BROWSER" in os.environ
_MISSING: Final = [
    *([] if _PROGRAM else ["Chromium (apt-get install chromium)"]),
    *(f"the package {name}" for name in ("playwright", "axe_playwright_python") if not importlib.util.find_spec(name)),
]

needs_browser = pytest.mark.skipif(
    bool(_MISSING) and not _IS_REQUIRED, reason=f"there is no browser to drive: {' and '.join(_MISSING)} missing"
)
"""Marks a test. With REQUIRE_BROWSER in the environment, as in CI, it fails instead of being skipped."""


@asynccontextmanager
async def open_browser(microphone: Path | None = None) -> AsyncIterator[Any]:
    """A browser (Playwright's `Browser`).

    `microphone` is a WAV file that its microphone hears, once; None: there is no microphone.
    """
    from playwright.async_api import async_playwright  # noqa: PLC0415 - it may be missing

    switches = ["--no-sandbox", "--use-fake-ui-for-media-stream"]
    if microphone is not None:
        switches += ["--use-fake-device-for-media-stream", f"--use-file-for-fake-audio-capture={microphone}%noloop"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_PROGRAM, args=switches)
        try:
            yield browser
        finally:
            await browser.close()
