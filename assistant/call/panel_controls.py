"""The buttons of the panels: clicks come in here and go to the call they belong to."""

import discord

from assistant.call.registry import CallRegistry
from assistant.cluster.ownership import Ownership
from assistant.discord_io import consent_wording, wording
from assistant.discord_io.panel import PanelView
from assistant.domain.call_ending import CallEnding, EndReason
from assistant.preferences.consents import Consents
from assistant.pycord.api import AnyBot, stop_view


class PanelControls:
    """Hears the clicks on all panels, those of earlier processes included."""

    def __init__(
        self, bot: AnyBot, calls: CallRegistry, ownership: Ownership, consents: Consents, *, name: str
    ) -> None:
        """Nothing is heard before `listen`.

        Args:
            bot: whose panels they are.
            calls: the calls of this process.
            ownership: says which clicks are served here.
            consents: who may be heard.
            name: the assistant's.
        """
        self._bot = bot
        self._calls = calls
        self._ownership = ownership
        self._consents = consents
        self._name = name
        self._view: PanelView | None = None

    def listen(self) -> None:
        """Hear clicks from now on; to be called on the event loop. A second time changes nothing."""
        if self._view is None:
            self._view = PanelView(
                talk=consent_wording.talk(self._name),
                on_end=self._end_clicked,
                on_skip=self._skip_clicked,
                on_talk=self._talk_clicked,
            )
            self._bot.add_view(self._view)

    def close(self) -> None:
        """Hear no further click."""
        if self._view is not None:
            stop_view(self._bot, self._view)

    async def _end_clicked(self, interaction: discord.Interaction) -> None:
        ending = CallEnding(reason=EndReason.ASKED, by=_name_of(interaction))
        if await self._controls_a_call(interaction):
            self._calls.end(interaction.guild_id, ending)  # or it is over, and the panel is about to say so
            await interaction.response.defer()

    async def _skip_clicked(self, interaction: discord.Interaction) -> None:
        if not await self._controls_a_call(interaction):
            return
        session = self._calls.get(interaction.guild_id)
        if session is not None and session.skip(_name_of(interaction)):
            await interaction.response.defer()
        else:
            await interaction.response.send_message(wording.NOTHING_TO_SKIP, ephemeral=True)

    async def _talk_clicked(self, interaction: discord.Interaction) -> None:
        if await self._is_for_a_call(interaction):
            await interaction.response.send_message(await self._switch_consent(interaction), ephemeral=True)

    async def _switch_consent(self, interaction: discord.Interaction) -> str:
        """Take somebody's yes for a no, and the other way around; what to tell them."""
        consents = self._consents
        if consents.listening == "everyone":
            return consent_wording.ALL_HEARD
        if consents.heard_by is None or consents.listening == "off":  # the panel is older than that
            return consent_wording.NOBODY_HEARD
        # Panels stand in servers, and whoever clicks is somebody.
        assert interaction.guild_id is not None
        assert interaction.user is not None
        if await consents.switch(interaction.guild_id, interaction.user.id):
            return consent_wording.now_heard(self._name, consents.heard_by)
        return consent_wording.NO_LONGER_HEARD

    async def _controls_a_call(self, interaction: discord.Interaction) -> bool:
        """Whether a click is to be served here, and by somebody who may skip and end the call; others are told."""
        if not await self._is_for_a_call(interaction):
            return False
        if interaction.user is not None and self._calls.may_control(interaction.guild, interaction.user):
            return True
        session = self._calls.listening(interaction.guild_id)
        channel = session.voice.mention if session is not None else ""
        await interaction.response.send_message(wording.not_in_call(channel), ephemeral=True)
        return False

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
        if is_panel or (session is None and self._calls.is_returning(interaction.guild_id)):
            return True
        await interaction.response.edit_message(content=wording.OLD_PANEL, view=None)
        return False


def _name_of(interaction: discord.Interaction) -> str:
    return interaction.user.display_name if interaction.user else "Somebody"
