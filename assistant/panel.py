"""The message with a call's state and its End Call button."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

import discord

from assistant import wording
from assistant.preflight import TextPlace

_log = logging.getLogger(__name__)

END_CALL_ID: Final = "end-call"
"""The button's custom id. It never changes: panels of earlier runs carry it too."""


class EndCallView(discord.ui.View):
    """The button. One instance is registered with the bot and hears the clicks on every panel there ever was."""

    def __init__(self, on_click: Callable[[discord.Interaction], Awaitable[None]] | None = None) -> None:
        """Without `on_click` the view is only sent along with a message, and stored nowhere."""
        super().__init__(timeout=None, store=on_click is not None)
        self._on_click = on_click
        button: discord.ui.Button[EndCallView] = discord.ui.Button(
            label=wording.END_CALL, style=discord.ButtonStyle.danger, custom_id=END_CALL_ID
        )
        button.callback = self._clicked  # type: ignore[method-assign] # py-cord's way for buttons made in code
        self.add_item(button)

    async def _clicked(self, interaction: discord.Interaction) -> None:
        if self._on_click is not None:
            await self._on_click(interaction)

    async def on_error(self, error: Exception, item: object, interaction: discord.Interaction) -> None:
        """Log what a click ran into; py-cord would print it."""
        _log.error("A click of %s on %s failed", interaction.user, item, exc_info=error)


class Panel:
    """One call's panel: an ordinary message, since an interaction's token dies after 15 minutes."""

    def __init__(self, place: TextPlace) -> None:
        self._place = place
        self._message: discord.Message | None = None
        self._shown = ""
        self._editing = asyncio.Lock()

    @property
    def message_id(self) -> int | None:
        """The panel's message, once it stands."""
        return self._message.id if self._message else None

    async def show(self, text: str, *, ended: bool = False) -> None:
        """Post or edit the panel; the button goes when the call has ended. Never fatal."""
        async with self._editing:
            if text == self._shown:
                return
            try:
                if self._message is not None:
                    await self._message.edit(content=text, view=None if ended else EndCallView())
                elif ended:
                    self._message = await self._place.send(text)
                else:
                    self._message = await self._place.send(text, view=EndCallView())
            except (discord.DiscordException, OSError) as error:
                _log.warning("The panel could not be shown: %s", error)
            else:
                self._shown = text
