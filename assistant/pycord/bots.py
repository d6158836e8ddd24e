"""The bot, with one connection to the main gateway or with one for each shard, and the pause before each session."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

import discord

from assistant.pycord.unreadable_events import leave_out_unreadable_events

_logger = logging.getLogger(__name__)

_SHORTEST_SECONDS: Final = 1.0
_LONGEST_SECONDS: Final = 5.0
"""Discord asks for a pause between these two, at random, before an IDENTIFY that follows on a lost session
(https://discord.com/developers/docs/events/gateway#resuming)."""
_APART_SECONDS: Final = 5.0
"""Within so long Discord takes one IDENTIFY of a bot's shards
(https://discord.com/developers/docs/events/gateway#identifying)."""


class IdentifyPace:
    """Spaces the IDENTIFYs of one bot.

    py-cord waits for 5 s before each but the first. Calls are without a voice meanwhile: where a session is lost, the
    pause that Discord asks for is 3 s on average.
    """

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        between: Callable[[float, float], float] = random.uniform,
    ) -> None:
        """`now` is in seconds; `between` draws a number between two."""
        self._now = now
        self._sleep = sleep
        self._between = between
        self._last: float | None = None

    async def wait(self, *, is_first: bool) -> None:
        """Return when the next IDENTIFY may be sent, which is taken as sent then."""
        pause = 0.0 if is_first else self._between(_SHORTEST_SECONDS, _LONGEST_SECONDS)
        if self._last is not None:
            pause = max(pause, self._last + _APART_SECONDS - self._now())
        await self._sleep(pause)
        self._last = self._now()


class CallBot(discord.Bot):
    """py-cord's bot, which begins a new session no later than it has to, and completes every option that is typed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call] # py-cord leaves its constructor without types
        self._pace = IdentifyPace()
        self._is_closing = False
        leave_out_unreadable_events(self)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002 - py-cord passes it
        """The hook that py-cord offers in place of its own pause."""
        await self._pace.wait(is_first=initial)

    async def on_application_command_auto_complete(
        self, interaction: discord.Interaction, command: discord.ApplicationCommand[Any, Any, Any]
    ) -> None:
        """See `_complete`."""
        await _complete(self, interaction, command)

    async def on_connect(self) -> None:
        """Nothing: py-cord would register the commands, but once only. See `CommandRegistration`."""

    async def on_error(self, event_method: str, *_: Any, **__: Any) -> None:
        """See `_log_failure`."""
        _log_failure(event_method, is_closing=self._is_closing)

    async def close(self) -> None:
        """Close the connections; the handlers that this stops are no failure."""
        self._is_closing = True
        await super().close()


class ShardedCallBot(discord.AutoShardedBot):
    """The same for a bot of several shards."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call] # py-cord leaves its constructor without types
        self._pace = IdentifyPace()
        self._is_closing = False
        leave_out_unreadable_events(self)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002 - py-cord passes it
        """The hook that py-cord offers in place of its own pause."""
        await self._pace.wait(is_first=initial)

    async def on_application_command_auto_complete(
        self, interaction: discord.Interaction, command: discord.ApplicationCommand[Any, Any, Any]
    ) -> None:
        """See `_complete`."""
        await _complete(self, interaction, command)

    async def on_connect(self) -> None:
        """Nothing: py-cord would register the commands, but once only. See `CommandRegistration`."""

    async def on_error(self, event_method: str, *_: Any, **__: Any) -> None:
        """See `_log_failure`."""
        _log_failure(event_method, is_closing=self._is_closing)

    async def close(self) -> None:
        """Close the connections; the handlers that this stops are no failure."""
        self._is_closing = True
        await super().close()


def _log_failure(handler: str, *, is_closing: bool) -> None:
    """Log the exception that an event's handler has raised, as one record.

    In place of py-cord's own handler, which prints it line by line. A handler that is at work when the bot is closed
    has its requests end under it.
    """
    if is_closing:
        _logger.debug("The handler %s ended with the bot", handler, exc_info=True)
    else:
        _logger.exception("The handler %s failed", handler)


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
        _logger.debug("An option is not completed here: %s", refusal)
