"""The buttons of the panels: clicks come in here and go to the call they belong to."""

import discord

from assistant.call.registry import CallRegistry
from assistant.cluster.ownership import Ownership
from assistant.discord_io import wording
from assistant.discord_io.panel import PanelView
from assistant.domain.call_ending import CallEnding, EndReason
from assistant.pycord.api import AnyBot, stop_view


class PanelControls:
    """Hears the clicks on all panels, those of earlier processes included."""

    def __init__(self, bot: AnyBot, calls: CallRegistry, ownership: Ownership) -> None:
        """`ownership` says which clicks are served here. Nothing is heard before `listen`."""
        self._bot = bot
        self._calls = calls
        self._ownership = ownership
        self._view: PanelView | None = None

    def listen(self) -> None:
        """Hear clicks from now on; to be called on the event loop. A second time changes nothing."""
        if self._view is None:
            self._view = PanelView(on_end=self._end_clicked, on_skip=self._skip_clicked)
            self._bot.add_view(self._view)

    def close(self) -> None:
        """Hear no further click."""
        if self._view is not None:
            stop_view(self._bot, self._view)

    async def _end_clicked(self, interaction: discord.Interaction) -> None:
        ending = CallEnding(reason=EndReason.ASKED, by=_name_of(interaction))
        if await self._is_for_a_call(interaction):
            self._calls.end(interaction.guild_id, ending)  # or it is over, and the panel is about to say so
            await interaction.response.defer()

    async def _skip_clicked(self, interaction: discord.Interaction) -> None:
        if not await self._is_for_a_call(interaction):
            return
        session = self._calls.get(interaction.guild_id)
        if session is not None and session.skip(_name_of(interaction)):
            await interaction.response.defer()
        else:
            await interaction.response.send_message(wording.NOTHING_TO_SKIP, ephemeral=True)

    async def _is_for_a_call(self, interaction: discord.Interaction) -> bool:
        """Whether a click is to be served here, on the panel of a call; an old panel is told that it is one."""
        session = self._calls.listening(interaction.guild_id)
        if session is None and self._calls.is_closing:
            return False  # the call is about to go on elsewhere: Discord says that the click has failed
        if not await self._ownership.claim(interaction.id):
            return False
        session = self._calls.listening(interaction.guild_id)
        is_panel = (
            session is not None and interaction.message is not None and session.panel_id == interaction.message.id
        )
        if not is_panel and not (session is None and self._calls.is_returning(interaction.guild_id)):
            await interaction.response.edit_message(content=wording.OLD_PANEL, view=None)
            return False
        if interaction.user is not None and self._calls.may_control(interaction.guild, interaction.user):
            return True
        channel = session.voice.mention if session is not None else ""
        await interaction.response.send_message(wording.not_in_call(channel), ephemeral=True)
        return False


def _name_of(interaction: discord.Interaction) -> str:
    return interaction.user.display_name if interaction.user else "Somebody"
