"""What people see of a call besides its answers: the panel, and the status under the voice channel's name."""

import asyncio
from contextlib import suppress
from typing import Final

from assistant.call.context import CallContext
from assistant.call.heard_members import HeardMembers
from assistant.discord_io import wording
from assistant.discord_io.channel_status import ChannelStatus
from assistant.discord_io.panel import Panel
from assistant.domain.call_ending import CallEnding
from assistant.domain.call_snapshot import CallSnapshot
from assistant.domain.call_state import CallState

_SUSPENDED_SECONDS: Final = 4.0
"""How long the panel may take to say that the call is suspended."""


class StatusDisplay:
    """Keeps both as the call is."""

    def __init__(self, context: CallContext, name: str, heard: HeardMembers, snapshot: CallSnapshot | None) -> None:
        """`name` is the assistant's; `snapshot` tells what an earlier process has put up."""
        self._context = context
        self._name = name
        self._heard = heard
        panel_id = snapshot.panel_id if snapshot is not None else None
        self._panel = Panel(context.text, panel_id, talk=heard.button)
        left_in = context.voice if snapshot is not None else None
        self._status = ChannelStatus(wording.channel_status(name), left_in=left_in)
        self._due = asyncio.Event()

    @property
    def panel_id(self) -> int | None:
        """The panel's message, once it stands."""
        return self._panel.message_id

    def refresh(self) -> None:
        """Have `run` look at the call again."""
        self._due.set()

    def replace_panel(self) -> None:
        """Put up another panel, in the voice channel's own chat: the one there was is gone with its channel."""
        self._panel = Panel(self._context.voice, None, talk=self._heard.button)
        self.refresh()

    async def run(self) -> None:
        """Show how the call is, until its connection has ended."""
        written_down = self._context.voice.id
        while (state := self._context.connection.state) is not CallState.ENDED:  # then the goodbye is next
            text = self._text(state)
            is_first = self.panel_id is None
            await self._panel.show(text)
            if is_first and self.panel_id is not None:
                await self._context.journal.update_call(panel_id=self.panel_id)
            if self._context.voice.id != written_down:
                written_down = self._context.voice.id
                await self._context.journal.update_call(voice_id=written_down)
            if state is CallState.LIVE:
                await self._status.put_up(self._context.voice)
            await self._due.wait()
            self._due.clear()

    def _text(self, state: CallState) -> str:
        connection, voice = self._context.connection, self._context.voice
        text = wording.panel(
            self._name,
            state,
            voice.mention,
            is_cut_off=connection.is_cut_off,
            silence=connection.silence,
            me=self._context.needed_mention,
        )
        heard = self._heard.line if state is CallState.LIVE else ""
        return f"{text}\n{heard}" if heard else text

    async def show_suspended(self) -> None:
        """Say that the call is back in a moment, unless that takes long: the next process writes there anyway."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_SUSPENDED_SECONDS):
                await self._panel.show(wording.panel_suspended(self._name, self._context.voice.mention))

    async def show_ended(self, ending: CallEnding) -> None:
        """Say why the call is over."""
        await self._panel.show(wording.panel_ended(self._name, ending), ended=True)

    async def clear_status(self) -> None:
        """Remove the status; to be called while the bot is still in the channel."""
        await self._status.clear()
