"""Adds the assistant to any bot: what the extensions' `setup` and `teardown` call."""

import asyncio
import logging
import os
from collections.abc import Callable
from typing import Final, cast

from assistant.config.settings import read_settings
from assistant.discord_io.request_errors import REQUEST_ERRORS
from assistant.domain.call_ending import CallEnding, EndReason
from assistant.domain.errors import ExtensionMissing, MissingIntents
from assistant.pycord.api import AnyBot, use_api
from assistant.runtime.assistant import Assistant
from assistant.runtime.failures import report_failure
from assistant.runtime.shutdown_budget import ShutdownBudget
from assistant.voice.timing import VoiceTiming

_logger = logging.getLogger(__name__)

_ATTRIBUTE: Final = "voice_assistant_host"
"""The bot's attribute for its host: py-cord gives an extension nothing but the bot."""


class AssistantHost:
    """The assistants of one bot, one after the other: loading the extension creates one, unloading ends it.

    A reload does not end the calls: the next assistant resumes them, as the next process would.
    """

    def __init__(self, bot: AnyBot, make_assistant: Callable[[], Assistant], *, starts_itself: bool) -> None:
        """Without `starts_itself`, the host's creator enters `current` and calls its `serve`."""
        self._bot = bot
        self._make_assistant = make_assistant
        self._starts_itself = starts_itself
        self._unloaded = asyncio.Event()
        self._serving: asyncio.Task[None] | None = None
        self._syncing: set[asyncio.Task[None]] = set()
        self._is_listening = False
        self.current: Assistant | None = None
        """The assistant of the loaded extension; None when it is not loaded."""

    def load(self) -> Assistant:
        """Create the assistant. It starts at once if an event loop runs, else when the bot is connected.

        Raises:
            MissingIntents: the bot was made without an intent that the assistant needs.
            SettingsError: an environment variable is missing or wrong.
        """
        assistant = self._make_assistant()
        missing = [name for name in assistant.needed_intents if not getattr(self._bot.intents, name)]
        if missing:
            raise MissingIntents(names=tuple(missing))
        self.current = assistant
        self._unloaded = asyncio.Event()
        if self._starts_itself:
            try:
                asyncio.get_running_loop()
            except RuntimeError:  # the usual case: extensions are loaded before the bot runs
                self._bot.add_listener(self._start, "on_connect")
                self._is_listening = True
            else:
                self._begin_serving(self.current)
        return self.current

    def unload(self) -> None:
        """End the assistant in the background: py-cord does not wait for an unload."""
        self.current = None
        self._unloaded.set()
        self._stop_listening()
        if self._starts_itself and self._serving is None:
            delattr(self._bot, _ATTRIBUTE)

    def sync_commands_soon(self) -> None:
        """Tell Discord which commands there are, in the background, if the bot is on Discord already."""
        if self._starts_itself and self._bot.is_ready():
            syncing = asyncio.get_running_loop().create_task(self._sync_commands(), name="sync commands")
            self._syncing.add(syncing)
            syncing.add_done_callback(self._syncing.discard)

    async def _start(self) -> None:
        self._stop_listening()
        if self.current is not None:
            self._begin_serving(self.current)

    def _stop_listening(self) -> None:
        if self._is_listening:
            self._bot.remove_listener(self._start, "on_connect")
            self._is_listening = False

    def _begin_serving(self, assistant: Assistant) -> None:
        # No task group can own this task: py-cord gives an extension nothing but the bot.
        serving = self._serve(assistant, self._unloaded, self._serving)
        self._serving = asyncio.get_running_loop().create_task(serving, name="voice assistant")

    async def _serve(self, assistant: Assistant, unloaded: asyncio.Event, earlier: asyncio.Task[None] | None) -> None:
        if earlier is not None:
            await asyncio.wait([earlier])
        await self._run(assistant, unloaded)
        await unloaded.wait()  # if it could not run, commands say so until then
        if self.current is None:
            await self._sync_commands()
            if self._serving is asyncio.current_task():
                delattr(self._bot, _ATTRIBUTE)

    async def _run(self, assistant: Assistant, unloaded: asyncio.Event) -> None:
        try:
            await self._sync_commands()
            async with assistant, asyncio.TaskGroup() as tasks:
                await assistant.serve(tasks.create_task(self._until_unloaded(assistant, unloaded)))
        except* Exception as errors:  # noqa: BLE001 - the bot is somebody else's and keeps running
            report_failure(errors)

    async def _until_unloaded(self, assistant: Assistant, unloaded: asyncio.Event) -> None:
        await unloaded.wait()
        if self.current is None:  # not a reload, which would have created the next one by now
            await assistant.calls.end_all(CallEnding(reason=EndReason.UNLOADED))

    async def _sync_commands(self) -> None:
        """Register the commands with Discord. Before the bot is ready, py-cord does that by itself."""
        if self._bot.is_ready() and not self._bot.is_closed() and self._bot.auto_sync_commands:
            try:
                await self._bot.sync_commands()
            except REQUEST_ERRORS as error:
                _logger.warning("Couldn't register the commands with Discord: %s", error)


def attach_host(bot: AnyBot, host: AssistantHost) -> None:
    """Make the bot's extensions use this host instead of one that reads the environment."""
    setattr(bot, _ATTRIBUTE, host)


def load_assistant(bot: AnyBot) -> Assistant:
    """For `setup(bot)`: create the bot's assistant, with the settings of the environment.

    Raises:
        MissingIntents: the bot was made without an intent that the assistant needs.
        SettingsError: an environment variable is missing or wrong.
    """
    if not hasattr(bot, _ATTRIBUTE):
        attach_host(bot, AssistantHost(bot, lambda: _assistant_from_environment(bot), starts_itself=True))
    return _host_of(bot).load()


def unload_assistant(bot: AnyBot) -> None:
    """For `teardown(bot)`: undo `load_assistant`. py-cord also calls it after a failed `setup`."""
    if hasattr(bot, _ATTRIBUTE):
        _host_of(bot).unload()


def sync_commands_soon(bot: AnyBot) -> None:
    """For an extension that only adds commands: tell Discord of them, or that they are gone, if the bot is running."""
    if hasattr(bot, _ATTRIBUTE):
        _host_of(bot).sync_commands_soon()


def assistant_of(bot: AnyBot) -> Assistant:
    """The bot's current assistant, created by the last load of the extension.

    Raises:
        ExtensionMissing: the extension is not loaded.
    """
    assistant = _host_of(bot).current if hasattr(bot, _ATTRIBUTE) else None
    if assistant is None:
        raise ExtensionMissing(extension="cogs.voice_conversation")
    return assistant


def _host_of(bot: AnyBot) -> AssistantHost:
    return cast(AssistantHost, getattr(bot, _ATTRIBUTE))


def _assistant_from_environment(bot: AnyBot) -> Assistant:
    environment = {name: value for name, value in os.environ.items() if value.strip()}
    settings, notes = read_settings(environment, needs_token=False)
    for note in notes:
        _logger.warning("%s", note)
    use_api(settings.discord_api_url)
    return Assistant(bot, settings, VoiceTiming(), ShutdownBudget())
