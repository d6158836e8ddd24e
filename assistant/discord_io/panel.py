"""The panel: the message that shows a call's state and its buttons."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeAlias

import discord

from assistant.discord_io import wording
from assistant.discord_io.request_errors import REQUEST_ERRORS
from assistant.domain.channels import TextPlace

_logger = logging.getLogger(__name__)

END_CALL_ID: Final = "end-call"
"""The custom id of the End Call button. It never changes: panels of earlier runs carry it too."""
SKIP_ID: Final = "skip-answer"
"""The custom id of the Skip button."""
TALK_ID: Final = "talk"
"""The custom id of the button with which somebody agrees to be heard, and takes it back."""

OnClick: TypeAlias = Callable[[discord.Interaction], Coroutine[Any, Any, None]]
"""Handles a click."""


class PanelView(discord.ui.View):
    """The buttons. One instance is registered with the bot and handles the clicks on all panels, old ones included."""

    def __init__(
        self,
        *,
        talk: str | None,
        on_end: OnClick | None = None,
        on_skip: OnClick | None = None,
        on_talk: OnClick | None = None,
    ) -> None:
        """Without handlers, the view only draws the buttons of a message and is not stored.

        `talk` is the label of the button for those who want to be heard; None: there is none.
        """
        super().__init__(timeout=None, store=any((on_end, on_skip, on_talk)))
        self._add(wording.END_CALL, discord.ButtonStyle.danger, END_CALL_ID, on_end)
        self._add(wording.SKIP, discord.ButtonStyle.secondary, SKIP_ID, on_skip)
        if talk is not None:
            self._add(talk, discord.ButtonStyle.primary, TALK_ID, on_talk)

    def _add(self, label: str, style: discord.ButtonStyle, custom_id: str, on_click: OnClick | None) -> None:
        button: discord.ui.Button[PanelView] = discord.ui.Button(label=label, style=style, custom_id=custom_id)
        if on_click is not None:
            button.callback = on_click  # type: ignore[assignment, method-assign] # py-cord's way for buttons made in code
        self.add_item(button)

    async def on_error(self, error: Exception, item: object, interaction: discord.Interaction) -> None:
        """Log the error of a click handler; py-cord would print it."""
        _logger.error("Handling a click on %s by %s failed", item, interaction.user, exc_info=error)


class Panel:
    """One call's panel: an ordinary message, since an interaction's token dies after 15 minutes."""

    def __init__(self, place: TextPlace, message_id: int | None, *, talk: str | None = None) -> None:
        """`message_id` is the panel's message if an earlier process posted it; `talk` is as for `PanelView`."""
        self._place = place
        self._talk = talk
        self._message: discord.Message | discord.PartialMessage | None = None
        if message_id is not None:
            self._message = place.get_partial_message(message_id)
        self._shown = ""
        self._editing = asyncio.Lock()

    @property
    def message_id(self) -> int | None:
        """The id of the panel's message; None before it is posted."""
        return self._message.id if self._message else None

    async def show(self, text: str, *, ended: bool = False) -> None:
        """Post or edit the panel, without buttons once the call has `ended`. A failure is logged, not raised."""
        async with self._editing:
            if text == self._shown:
                return
            try:
                await self._write(text, None if ended else PanelView(talk=self._talk))
            except REQUEST_ERRORS as error:
                _logger.warning("Couldn't show the panel: %s", error)
            else:
                self._shown = text

    async def _write(self, text: str, view: PanelView | None) -> None:
        if self._message is not None:
            try:
                await self._message.edit(content=text, view=view)
            except discord.NotFound:  # somebody deleted it: post a new one
                self._message = None
            else:
                return
        options: dict[str, Any] = {} if view is None else {"view": view}
        self._message = await self._place.send(text, allowed_mentions=discord.AllowedMentions.none(), **options)
