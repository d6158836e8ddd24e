"""Points py-cord, discord.py and disnake to the sandbox, in a bot's own process, before it runs.

Python imports a module of this name by itself at the start (https://docs.python.org/3/library/site.html). It needs the
standard library only: the bot's environment need not have the sandbox. The libraries are adjusted as they are imported,
so nothing is imported that the bot does not.
"""

from __future__ import annotations

import functools
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any, Final


def _adjust_http(module: ModuleType) -> None:
    """REST goes to the sandbox, with the sandbox's token: whatever the bot has is sent nowhere."""
    name = "API_BASE_URL" if hasattr(module.Route, "API_BASE_URL") else "BASE"  # py-cord's name, and the others'
    setattr(module.Route, name, os.environ["DISCORD_API_URL"])
    log_in = module.HTTPClient.static_login

    @functools.wraps(log_in)
    async def static_login(client: Any, _token: str, *rest: Any, **options: Any) -> Any:
        return await log_in(client, os.environ["DISCORD_TOKEN"], *rest, **options)

    module.HTTPClient.static_login = static_login


def _adjust_gateway(module: ModuleType) -> None:
    """The address that discord.py takes without asking; the others ask."""
    socket = module.DiscordWebSocket
    if hasattr(socket, "DEFAULT_GATEWAY"):
        socket.DEFAULT_GATEWAY = type(socket.DEFAULT_GATEWAY)(os.environ["DISCORD_GATEWAY_URL"])


_ADJUSTMENTS: Final[dict[str, Callable[[ModuleType], None]]] = {
    "discord.http": _adjust_http,
    "disnake.http": _adjust_http,
    "discord.gateway": _adjust_gateway,
}


class _Loader(SourceFileLoader):
    """Loads a module, and adjusts it before anybody sees it."""

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        _ADJUSTMENTS[module.__name__](module)


class _Finder(MetaPathFinder):
    """Finds what is to be adjusted, where Python finds it anyway."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname in _ADJUSTMENTS else None
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(fullname, spec.loader.path)
        return spec


def _run_the_hidden_one() -> None:
    """Run the environment's own `sitecustomize`, which this one hides."""
    here, path = Path(__file__).parent, list(sys.path)
    me = sys.modules.pop("sitecustomize")
    sys.path[:] = [each for each in path if Path(each) != here]
    try:
        importlib.import_module("sitecustomize")
    except ModuleNotFoundError as error:
        if error.name != "sitecustomize":
            raise
    finally:
        sys.path[:] = path
        sys.modules["sitecustomize"] = me


if os.environ.get("DISCORD_LOOPBACK"):
    sys.meta_path.insert(0, _Finder())
    _run_the_hidden_one()
