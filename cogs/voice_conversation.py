"""A py-cord extension: passes commands, messages and events to the call they belong to.

All a bot needs is `bot.load_extension("cogs.voice_conversation")`; see docs/your_own_bot.md.
"""

import logging
from typing import Any, Final

import discord

from assistant.call.preconditions import may_write
from assistant.commands import status_text
from assistant.discord_io import consent_wording, wording
from assistant.domain.call_ending import CallEnding, EndReason
from assistant.domain.call_refusal import CallRefused
from assistant.domain.channels import TextPlace
from assistant.pycord.api import AnyBot
from assistant.runtime.assistant import Assistant
from assistant.runtime.extension import load_assistant, unload_assistant

_logger = logging.getLogger(__name__)

_LONGEST_QUESTION: Final = 1500
"""What /ask takes, in characters: a post of 2,000 shows it beside the asker's name."""
_ASK_OPTIONS: Final[list[Any]] = [
    discord.Option(str, name="question", description="Your question", max_length=_LONGEST_QUESTION)
]
_GUILDS_ONLY: Final = {discord.InteractionContextType.guild}


def setup(bot: AnyBot) -> None:
    """Add the assistant to the bot, with the settings of the environment. Called by `bot.load_extension`.

    Raises:
        MissingIntents: the bot was made without an intent that the assistant needs.
        SettingsError: an environment variable is missing or wrong.
    """
    bot.add_cog(VoiceConversation(load_assistant(bot)))


def teardown(bot: AnyBot) -> None:
    """End the calls, or in a reload hand them to the new extension. Called by `bot.unload_extension`."""
    unload_assistant(bot)


class VoiceConversation(discord.Cog):
    """The commands and events of calls, of which each guild has at most one."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        """The assistant that serves the calls."""
        self._calls = assistant.calls

    async def cog_check(self, ctx: discord.ApplicationContext) -> bool:  # type: ignore[override] # py-cord awaits it
        """Whether this process serves the command."""
        return await self.assistant.command_guard.claim(ctx)

    async def cog_command_error(self, ctx: discord.ApplicationContext, error: Exception) -> None:
        """Report a command that failed."""
        await self.assistant.command_guard.report(ctx, error)

    @discord.slash_command(description="Call the assistant into your voice channel", contexts=_GUILDS_ONLY)
    async def voice_chat(self, ctx: discord.ApplicationContext) -> None:
        """Begin a call in the caller's voice channel."""
        try:
            caller, text = ctx.author, ctx.channel
            # Discord offers the command only in servers, and only in channels with text.
            assert isinstance(caller, discord.Member)
            assert isinstance(text, TextPlace)
            session = self._calls.begin(caller, text, ctx.interaction.id)
        except CallRefused as refusal:
            _logger.info("Refused to start a call for %s: %s", ctx.author, refusal.refusal.value)
            await ctx.respond(wording.refused(refusal), ephemeral=True)
            return
        lines = [wording.joining(session.voice.mention, session.needed_mention)]
        if self.assistant.consents.listening == "ask":
            is_heard = await self.assistant.consents.agree_by_calling(caller.guild.id, caller.id)
            lines.append(consent_wording.heard_after_calling(self.assistant.name, is_heard=is_heard))
        await ctx.respond(" ".join(lines), ephemeral=True)

    @discord.slash_command(
        description="Ask the assistant something in its call", contexts=_GUILDS_ONLY, options=_ASK_OPTIONS
    )
    async def ask(self, ctx: discord.ApplicationContext, question: str) -> None:
        """Post a question in the caller's name. The call hears of that message as of all others, and answers it."""
        session = self._calls.get(ctx.guild_id)
        if session is None:
            await ctx.respond(wording.NO_CALL, ephemeral=True)
        elif ctx.channel_id not in {place.id for place in session.places}:
            await ctx.respond(wording.ask_there([place.mention for place in session.places]), ephemeral=True)
        elif not question.strip():
            await ctx.respond(wording.NO_QUESTION, ephemeral=True)
        elif not _may_write(ctx):
            await ctx.respond(wording.cannot_ask(f"<#{ctx.channel_id}>"), ephemeral=True)
        else:
            shown = wording.asked(ctx.author.display_name, question)
            await ctx.respond(shown, allowed_mentions=discord.AllowedMentions.none())

    @discord.slash_command(description="End the assistant's call", contexts=_GUILDS_ONLY)
    async def end_call(self, ctx: discord.ApplicationContext) -> None:
        """End the guild's call."""
        if not await self._may_control(ctx):
            return
        is_ended = self._calls.end(ctx.guild_id, CallEnding(reason=EndReason.ASKED, by=ctx.author.display_name))
        await ctx.respond(wording.CALL_ENDED if is_ended else wording.NO_CALL, ephemeral=True)

    @discord.slash_command(description="Stop the current answer", contexts=_GUILDS_ONLY)
    async def skip(self, ctx: discord.ApplicationContext) -> None:
        """Stop the answer that is being spoken or written."""
        session = self._calls.get(ctx.guild_id)
        if session is None:
            await ctx.respond(wording.NO_CALL, ephemeral=True)
            return
        if not await self._may_control(ctx):
            return
        is_skipped = session.skip(ctx.author.display_name)
        await ctx.respond(wording.SKIPPED if is_skipped else wording.NOTHING_TO_SKIP, ephemeral=True)

    @discord.slash_command(description="Show how the call is doing", contexts=_GUILDS_ONLY)
    async def voice_status(self, ctx: discord.ApplicationContext) -> None:
        """Show how the guild's call is doing."""
        session = self._calls.get(ctx.guild_id)
        await ctx.respond(status_text.report(session.health) if session else wording.NO_CALL, ephemeral=True)

    async def _may_control(self, ctx: discord.ApplicationContext) -> bool:
        """Whether the caller may skip and end the guild's call; if not, they are told."""
        if ctx.author is not None and self._calls.may_control(ctx.guild, ctx.author):
            return True
        session = self._calls.get(ctx.guild_id)
        await ctx.respond(wording.not_in_call(session.voice.mention if session else ""), ephemeral=True)
        return False

    @discord.Cog.listener()
    async def on_connect(self) -> None:
        """A new session on the main gateway has started."""
        await self.assistant.gateway_connected()

    @discord.Cog.listener()
    async def on_resumed(self) -> None:
        """The session on the main gateway has been resumed."""
        await self.assistant.gateway_resumed()

    @discord.Cog.listener()
    async def on_ready(self) -> None:
        """All guilds are known."""
        await self.assistant.guilds_ready()

    @discord.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A guild became available after the bot was ready."""
        await self.assistant.guild_available(guild)

    @discord.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Pass a message to its guild's call."""
        session = self._calls.listening(message.guild.id) if message.guild else None
        if session is not None:
            await session.accept_message(message)

    @discord.Cog.listener()
    async def on_raw_message_delete(self, deleted: discord.RawMessageDeleteEvent) -> None:
        """Take back a message that waits. The event without "raw" comes for cached messages only: we have none."""
        for session in self._calls.concerned(deleted.guild_id):
            await session.messages_deleted({deleted.message_id})

    @discord.Cog.listener()
    async def on_raw_bulk_message_delete(self, deleted: discord.RawBulkMessageDeleteEvent) -> None:
        """Take back all messages that a moderator has deleted, or those of somebody who was banned."""
        for session in self._calls.concerned(deleted.guild_id):
            await session.messages_deleted(deleted.message_ids)

    @discord.Cog.listener()
    async def on_raw_message_edit(self, edited: discord.RawMessageUpdateEvent) -> None:
        """Take a message that waits as it is now."""
        for session in self._calls.concerned(edited.guild_id):
            await session.message_edited(edited.new_message)

    @discord.Cog.listener()
    async def on_voice_state_update(
        self, member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        """Tell the guild's call that somebody joined, left or was moved."""
        session = self._calls.get(member.guild.id)
        if session is None:
            return
        if before.channel != after.channel:
            session.voice_states_changed()
        if member == member.guild.me:
            await session.own_voice_state_changed()

    @discord.Cog.listener()
    async def on_member_update(self, _: discord.Member, member: discord.Member) -> None:
        """Look whether the call may still speak: of ourselves we hear also without the Server Members Intent."""
        session = self._calls.get(member.guild.id)
        if session is not None and member == member.guild.me:
            await session.own_voice_state_changed()

    @discord.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Look whether the call may still speak without a role that it may have had."""
        session = self._calls.get(role.guild.id)
        if session is not None:
            await session.own_voice_state_changed()

    @discord.Cog.listener()
    async def on_guild_channel_update(self, _: discord.abc.GuildChannel, channel: discord.abc.GuildChannel) -> None:
        """Look whether the call may still speak in its channel."""
        session = self._calls.get(channel.guild.id)
        if session is not None and channel.id == session.voice.id:
            await session.own_voice_state_changed()

    @discord.Cog.listener()
    async def on_guild_role_update(self, _: discord.Role, role: discord.Role) -> None:
        """Look whether the call may still speak."""
        session = self._calls.get(role.guild.id)
        if session is not None and role in role.guild.me.roles:
            await session.own_voice_state_changed()

    @discord.Cog.listener()
    async def on_guild_update(self, _: discord.Guild, guild: discord.Guild) -> None:
        """Look whether the call's channel has become the one where nobody is heard."""
        session = self._calls.get(guild.id)
        if session is not None:
            await session.own_voice_state_changed()

    @discord.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """End the call whose voice channel was deleted; what was typed in a deleted channel is not answered."""
        for session in self._calls.concerned(channel.guild.id):
            await session.channel_deleted(channel.id)

    @discord.Cog.listener()
    async def on_raw_thread_delete(self, thread: discord.RawThreadDeleteEvent) -> None:
        """What was typed in a deleted thread is not answered."""
        for session in self._calls.concerned(thread.guild_id):
            await session.channel_deleted(thread.thread_id)

    @discord.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """End the call of a server that removed the bot, and forget who may be heard there."""
        self._calls.end(guild.id, CallEnding(reason=EndReason.GUILD_LEFT))
        await self.assistant.consents.forget_guild(guild.id)

    @discord.Cog.listener()
    async def on_raw_member_remove(self, left: discord.RawMemberRemoveEvent) -> None:
        """Forget whether somebody may be heard in a server that they have left.

        Only a bot with the Server Members Intent is told. In others, what they decided lapses after a year.
        """
        await self.assistant.consents.forget_member(left.guild_id, left.user.id)


def _may_write(ctx: discord.ApplicationContext) -> bool:
    """Whether the caller could also type here: Discord offers commands to those who may not."""
    place, caller = ctx.channel, ctx.author
    return isinstance(place, TextPlace) and isinstance(caller, discord.Member) and may_write(place, caller)
