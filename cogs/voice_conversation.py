"""The face: commands, messages and clicks come in here and go to the call they belong to."""

import asyncio
import logging

import discord

from assistant.call.registry import CallRegistry
from assistant.cluster.ownership import Ownership
from assistant.discord_io import wording
from assistant.discord_io.panel import PanelView
from assistant.domain.call_ending import CallEnding, EndReason
from assistant.domain.call_refusal import CallRefused
from assistant.domain.channels import TextPlace
from assistant.pycord.api import AnyBot
from cogs import status_text

_log = logging.getLogger(__name__)

_GUILDS_ONLY = {discord.InteractionContextType.guild}


class VoiceConversation(discord.Cog):
    """Owns the calls, one a guild."""

    def __init__(self, bot: AnyBot, calls: CallRegistry, ownership: Ownership) -> None:
        """`ownership` says which commands and clicks are served here."""
        self._bot = bot
        self._calls = calls
        self._ownership = ownership
        self._knows_guilds = False

    @discord.slash_command(description="Call the assistant into your voice channel", contexts=_GUILDS_ONLY)
    async def voice_chat(self, ctx: discord.ApplicationContext) -> None:
        """Begin a call in the caller's voice channel."""
        try:
            caller, text = ctx.author, ctx.channel
            # Discord offers the command in servers only, and there only where messages are typed.
            assert isinstance(caller, discord.Member)
            assert isinstance(text, TextPlace)
            session = self._calls.begin(caller, text, ctx.interaction.id)
        except CallRefused as refusal:
            _log.info("No call for %s: %s", ctx.author, refusal.refusal.value)
            await ctx.respond(wording.refused(refusal), ephemeral=True)
            return
        await ctx.respond(wording.joining(session.voice.mention), ephemeral=True)

    @discord.slash_command(description="End the assistant's call", contexts=_GUILDS_ONLY)
    async def end_call(self, ctx: discord.ApplicationContext) -> None:
        """End the guild's call."""
        is_ended = self._calls.end(ctx.guild_id, CallEnding(reason=EndReason.ASKED, by=ctx.author.display_name))
        await ctx.respond(wording.CALL_ENDED if is_ended else wording.NO_CALL, ephemeral=True)

    @discord.slash_command(description="Skip the rest of the answer of the moment", contexts=_GUILDS_ONLY)
    async def skip(self, ctx: discord.ApplicationContext) -> None:
        """Stop the answer that is being spoken or written."""
        session = self._calls.get(ctx.guild_id)
        if session is None:
            await ctx.respond(wording.NO_CALL, ephemeral=True)
            return
        is_skipped = session.skip(ctx.author.display_name)
        await ctx.respond(wording.SKIPPED if is_skipped else wording.NOTHING_TO_SKIP, ephemeral=True)

    @discord.slash_command(description="How the assistant's call is doing", contexts=_GUILDS_ONLY)
    async def voice_status(self, ctx: discord.ApplicationContext) -> None:
        """Tell how the guild's call is."""
        session = self._calls.get(ctx.guild_id)
        await ctx.respond(status_text.report(session.health) if session else wording.NO_CALL, ephemeral=True)

    @discord.Cog.listener()
    async def on_connect(self) -> None:
        """Serve, from now on, and hear the buttons of all panels, those of earlier runs included."""
        for session in self._calls.all:
            session.gateway_connected()
        if not self._bot.persistent_views:
            self._bot.add_view(PanelView(on_end=self._end_clicked, on_skip=self._skip_clicked))
        if not self._knows_guilds:
            await self._calls.expect([guild.id for guild in self._bot.guilds])
        await self._ownership.claim_shards()
        await self.on_resumed()

    @discord.Cog.listener()
    async def on_resumed(self) -> None:
        """Tell the calls that the main gateway is back."""
        for session in self._calls.all:
            await session.gateway_returned()

    @discord.Cog.listener()
    async def on_ready(self) -> None:
        """After a new session on the main gateway, take what was typed, and go on with the calls there are."""
        self._knows_guilds = True
        # First: until then, the calls hear nothing, and the database may be slow.
        await asyncio.gather(*(session.catch_up() for session in self._calls.all))
        if self._ownership.is_ours:
            await self._calls.resume_calls(self._bot.guilds)

    @discord.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Go on with the call of a server that Discord has only now."""
        if self._knows_guilds and self._ownership.is_ours:
            await self._calls.resume_calls([guild])

    @discord.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Take what people type beside a call."""
        session = self._calls.get(message.guild.id) if message.guild else None
        if session is not None:
            await session.accept_message(message)

    @discord.Cog.listener()
    async def on_voice_state_update(
        self, member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        """Tell the guild's call that people came, went or were moved."""
        session = self._calls.get(member.guild.id)
        if session is not None and before.channel != after.channel:
            session.voice_states_changed()

    @discord.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """End the call whose voice channel is gone."""
        session = self._calls.get(channel.guild.id)
        if session is not None and session.voice.id == channel.id:
            session.end(CallEnding(reason=EndReason.CHANNEL_DELETED))

    @discord.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """End the call of a server that has removed the bot."""
        self._calls.end(guild.id, CallEnding(reason=EndReason.GUILD_LEFT))

    async def _end_clicked(self, interaction: discord.Interaction) -> None:
        ending = CallEnding(reason=EndReason.ASKED, by=_name_of(interaction))
        if await self._is_for_a_call(interaction) and self._calls.end(interaction.guild_id, ending):
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
        if not await self._ownership.claim(interaction.id):
            return False
        session = self._calls.get(interaction.guild_id)
        if session is None and self._calls.is_returning(interaction.guild_id):
            return True
        if session is not None and interaction.message is not None and session.panel_id == interaction.message.id:
            return True
        await interaction.response.edit_message(content=wording.OLD_PANEL, view=None)
        return False


def _name_of(interaction: discord.Interaction) -> str:
    return interaction.user.display_name if interaction.user else "Somebody"
