"""The bot, with one connection to the main gateway or with one for each shard."""

from typing import Any

import discord

from assistant.pycord.identify import IdentifyPace


class CallBot(discord.Bot):
    """py-cord's bot, which begins a new session no later than it has to."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call] # py-cord leaves its constructor without types
        self._pace = IdentifyPace()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002 - py-cord passes it
        """The hook that py-cord offers in place of its own pause."""
        await self._pace.wait(is_first=initial)


class ShardedCallBot(discord.AutoShardedBot):
    """The same for a bot of several shards."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call] # py-cord leaves its constructor without types
        self._pace = IdentifyPace()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002 - py-cord passes it
        """The hook that py-cord offers in place of its own pause."""
        await self._pace.wait(is_first=initial)
