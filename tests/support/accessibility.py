"""What axe-core finds wrong with a page for people who cannot see it, cannot tell its colors, or use no mouse."""

from __future__ import annotations

from typing import Any, Final

_GRAVE: Final = ("serious", "critical")


async def grave_violations(page: Any) -> list[str]:
    """The violations that axe-core calls serious or critical on a Playwright `Page`, as it is now."""
    from axe_playwright_python.async_playwright import Axe  # noqa: PLC0415 - it may be missing

    found = (await Axe().run(page)).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {node['html']} {node['failureSummary']}"
        for each in found
        if each["impact"] in _GRAVE
        for node in each["nodes"]
    ]
