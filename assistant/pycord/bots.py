"""The bot, with one connection to the main gateway or with one for each shard."""

import logging
from typing import Any

import discord

from assistant.pycord.identify import IdentifyPace

_log = logging.getLogger(__name__)


class CallBot(discord.Bot):
    """py-cord's bot, which begins a new session no later than it has to, and completes every option that is typed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call] # py-cord leaves its constructor without types
        self._pace = IdentifyPace()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002 - py-cord passes it
        """The hook that py-cord offers in place of its own pause."""
        await self._pace.wait(is_first=initial)

    async def on_application_command_auto_complete(
        self, interaction: discord.Interaction, command: discord.ApplicationCommand[Any, Any, Any]
    ) -> None:
        """See `_complete`."""
        await _complete(self, interaction, command)


class ShardedCallBot(discord.AutoShardedBot):
    """The same for a bot of several shards."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call] # py-cord leaves its constructor without types
        self._pace = IdentifyPace()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002 - py-cord passes it
        """The hook that py-cord offers in place of its own pause."""
        await self._pace.wait(is_first=initial)

    async def on_application_command_auto_complete(
        self, interaction: discord.Interaction, command: discord.ApplicationCommand[Any, Any, Any]
    ) -> None:
        """See `_complete`."""
        await _complete(self, interaction, command)


async def _complete(
    bot: CallBot | ShardedCallBot, interaction: discord.Interaction, command: discord.ApplicationCommand[Any, Any, Any]
) -> None:
    """Offer what goes with what is typed into an option.

    In place of py-cord's own handler, which also cancels what it is looking up for one member when another types.
    """
    assert isinstance(command, discord.SlashCommand)  # no other kind has options
    interaction.command = command
    try:
        await command.invoke_autocomplete_callback(await bot.get_autocomplete_context(interaction))
    except discord.CheckFailure as refusal:
        _log.debug("An option is not completed here: %s", refusal)
