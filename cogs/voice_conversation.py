"""The face: commands, messages and clicks come in here and go to the call they belong to."""

import asyncio
import logging

import discord

from assistant import status_report, wording
from assistant.call_health import CallHealth
from assistant.ending import Ending, EndReason
from assistant.panel import PanelView
from assistant.posting import post
from assistant.preflight import CallRefused, Refusal, TextPlace, check_permissions, voice_channel_of
from assistant.pycord.api import AnyBot
from assistant.session import Services, VoiceSession
from assistant.turn import Question

_log = logging.getLogger(__name__)

_GUILDS_ONLY = {discord.InteractionContextType.guild}
_TYPED = {discord.MessageType.default, discord.MessageType.reply}


class VoiceConversation(discord.Cog):
    """Owns the calls, one a guild."""

    def __init__(self, bot: AnyBot, services: Services, tasks: asyncio.TaskGroup) -> None:
        """The calls run in `tasks`."""
        self._bot = bot
        self._services = services
        self._tasks = tasks
        self._sessions: dict[int, VoiceSession] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._is_closing = False

    @property
    def calls(self) -> dict[int, CallHealth]:
        """How each call is, by the id of its guild."""
        return {guild_id: session.health for guild_id, session in self._sessions.items()}

    async def end_all(self) -> None:
        """End every call, because the bot is stopping, and begin no new one. Cancelled, it cancels the calls."""
        self._is_closing = True
        for session in self._sessions.values():
            session.end(Ending(reason=EndReason.SHUTDOWN))
        await asyncio.gather(*self._running)

    @discord.slash_command(description="Call the assistant into your voice channel", contexts=_GUILDS_ONLY)
    async def voice_chat(self, ctx: discord.ApplicationContext) -> None:
        """Begin a call in the caller's voice channel."""
        try:
            session = self._begin(ctx)
        except CallRefused as refusal:
            _log.info("No call for %s: %s", ctx.author, refusal.refusal.value)
            await ctx.respond(wording.refused(refusal), ephemeral=True)
            return
        await ctx.respond(wording.joining(session.voice.mention), ephemeral=True)

    @discord.slash_command(description="End the assistant's call", contexts=_GUILDS_ONLY)
    async def end_call(self, ctx: discord.ApplicationContext) -> None:
        """End the guild's call."""
        session = self._sessions.get(ctx.guild_id or 0)
        if session is None:
            await ctx.respond(wording.NO_CALL, ephemeral=True)
            return
        session.end(Ending(reason=EndReason.ASKED, by=ctx.author.display_name))
        await ctx.respond(wording.CALL_ENDED, ephemeral=True)

    @discord.slash_command(description="Skip the rest of the answer of the moment", contexts=_GUILDS_ONLY)
    async def skip(self, ctx: discord.ApplicationContext) -> None:
        """Stop the answer that is being spoken or written."""
        session = self._sessions.get(ctx.guild_id or 0)
        if session is None:
            await ctx.respond(wording.NO_CALL, ephemeral=True)
            return
        is_skipped = session.skip(ctx.author.display_name)
        await ctx.respond(wording.SKIPPED if is_skipped else wording.NOTHING_TO_SKIP, ephemeral=True)

    @discord.slash_command(description="How the assistant's call is doing", contexts=_GUILDS_ONLY)
    async def voice_status(self, ctx: discord.ApplicationContext) -> None:
        """Tell how the guild's call is."""
        session = self._sessions.get(ctx.guild_id or 0)
        await ctx.respond(status_report.report(session.health) if session else wording.NO_CALL, ephemeral=True)

    async def cog_command_error(self, ctx: discord.ApplicationContext, error: Exception) -> None:
        """Tell the caller that a command broke, and the owner why."""
        _log.error("/%s failed", ctx.command, exc_info=error)
        try:
            await ctx.respond(wording.COMMAND_BROKEN, ephemeral=True)
        except discord.DiscordException as further:
            _log.warning("The caller could not be told: %s", further)

    @discord.Cog.listener()
    async def on_connect(self) -> None:
        """Hear the buttons of all panels, those of earlier runs included."""
        if not self._bot.persistent_views:
            self._bot.add_view(PanelView(on_end=self._end_clicked, on_skip=self._skip_clicked))
        await self.on_resumed()

    @discord.Cog.listener()
    async def on_resumed(self) -> None:
        """Tell the calls that the main gateway is back."""
        for session in tuple(self._sessions.values()):
            await session.gateway_returned()

    @discord.Cog.listener()
    async def on_ready(self) -> None:
        """After a new session on the main gateway, tidy up, and take what was typed while there was none."""
        for guild in self._bot.guilds:
            if guild.id not in self._sessions and guild.me.voice and guild.me.voice.channel:
                _log.info("Leaving %s, where a call of an earlier run was", guild.me.voice.channel)
                await guild.change_voice_state(channel=None)
        for session in tuple(self._sessions.values()):
            for message in await session.missed():
                await self.on_message(message)

    @discord.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Take what people type beside a call."""
        session = self._sessions.get(message.guild.id) if message.guild else None
        if session is None or message.author.bot or message.type not in _TYPED:
            return
        place = message.channel
        if not isinstance(place, TextPlace) or not session.hears(message):
            return
        text = message.clean_content.strip()
        if not text:
            await post(place, wording.NO_TEXT, answering=message)
            return
        question = Question(author=message.author.display_name, text=text, message=message, place=place)
        if not session.offer(question):
            await post(place, wording.inbox_full(self._services.settings.inbox_size), answering=message)

    @discord.Cog.listener()
    async def on_voice_state_update(
        self, member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        """Tell the guild's call that people came, went or were moved."""
        session = self._sessions.get(member.guild.id)
        if session is not None and before.channel != after.channel:
            session.voice_states_changed()

    @discord.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """End the call whose voice channel is gone."""
        session = self._sessions.get(channel.guild.id)
        if session is not None and session.voice.id == channel.id:
            session.end(Ending(reason=EndReason.CHANNEL_DELETED))

    @discord.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """End the call of a server that has removed the bot."""
        session = self._sessions.get(guild.id)
        if session is not None:
            session.end(Ending(reason=EndReason.GUILD_LEFT))

    def _begin(self, ctx: discord.ApplicationContext) -> VoiceSession:
        if self._is_closing:
            raise CallRefused(refusal=Refusal.STOPPING)
        caller, text = ctx.author, ctx.channel
        # Discord offers the command in servers only, and there only where messages are typed.
        assert isinstance(caller, discord.Member)
        assert isinstance(text, TextPlace)
        guild = caller.guild
        if guild.id in self._sessions:
            raise CallRefused(refusal=Refusal.IN_A_CALL, channel=self._sessions[guild.id].voice.mention)
        voice = voice_channel_of(caller)
        check_permissions(voice, text, guild.me)
        session = VoiceSession(self._services, voice, text, begun_by=ctx.interaction.id)
        self._sessions[guild.id] = session
        call = self._tasks.create_task(self._run(session, guild.id), name=f"call in guild {guild.id}")
        self._running.add(call)
        call.add_done_callback(self._running.discard)
        return session

    async def _run(self, session: VoiceSession, guild_id: int) -> None:
        try:
            ending = await session.run()
        finally:
            del self._sessions[guild_id]  # before the goodbye: whoever reads it may call again at once
        await session.say_goodbye(ending)

    async def _end_clicked(self, interaction: discord.Interaction) -> None:
        session = await self._session_of(interaction)
        if session is not None:
            session.end(Ending(reason=EndReason.ASKED, by=_name_of(interaction)))
            await interaction.response.defer()

    async def _skip_clicked(self, interaction: discord.Interaction) -> None:
        session = await self._session_of(interaction)
        if session is None:
            return
        if session.skip(_name_of(interaction)):
            await interaction.response.defer()
        else:
            await interaction.response.send_message(wording.NOTHING_TO_SKIP, ephemeral=True)

    async def _session_of(self, interaction: discord.Interaction) -> VoiceSession | None:
        """The call whose panel was clicked; if it is an old panel, that is said on it."""
        session = self._sessions.get(interaction.guild_id or 0)
        if session is not None and interaction.message is not None and session.panel_id == interaction.message.id:
            return session
        await interaction.response.edit_message(content=wording.OLD_PANEL, view=None)
        return None


def _name_of(interaction: discord.Interaction) -> str:
    return interaction.user.display_name if interaction.user else "Somebody"
