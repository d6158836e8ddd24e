"""Whether anybody hears what is said in a call, as Discord's rules have it; and the way up onto a stage."""

import asyncio
import logging

import aiohttp
import discord

from assistant.domain.channels import VocalChannel
from assistant.domain.silence import Silence

_logger = logging.getLogger(__name__)


class Audibility:
    """Follows our own voice state in a guild. On a stage, where one begins in the audience, it steps up if it may."""

    def __init__(self) -> None:
        """Nothing keeps us from being heard, until `look` finds it."""
        self.silence: Silence | None = None
        """Why nobody hears us; None where they do."""
        self._stepped_up_in: int | None = None
        self._was_on_stage = False
        self._looking = asyncio.Lock()

    async def look(self, guild: discord.Guild) -> bool:
        """Look at our voice state, and step up onto a stage. Returns whether `silence` has changed."""
        async with self._looking:
            state = guild.me.voice
            channel = state.channel if state is not None else None
            if state is None or not isinstance(channel, VocalChannel):
                self._stepped_up_in = None  # once we are in again, we are in the audience again
                return False
            if channel.id != self._stepped_up_in:
                self._stepped_up_in, self._was_on_stage = None, False
            found = _silence_in(channel, state)
            if found is Silence.AUDIENCE:
                found = await self._step_up(channel, state)
            elif self._stepped_up_in is not None:
                self._was_on_stage = True
            has_changed, self.silence = found is not self.silence, found
        if has_changed:
            _logger.info("In %s now: %s", channel, found.value if found is not None else "it is heard")
        return has_changed

    async def _step_up(self, stage: VocalChannel, state: discord.VoiceState) -> Silence | None:
        """Go from the audience onto the stage, or raise the hand. Once: whoever is sent back to the audience stays."""
        me = stage.guild.me
        rights = stage.permissions_for(me)
        if self._stepped_up_in is not None:
            if self.silence is None and not self._was_on_stage:
                return None  # Discord has taken the step, and the news of it is on the way
            return Silence.HAND_RAISED if state.requested_to_speak_at is not None else Silence.AUDIENCE
        self._stepped_up_in = stage.id
        try:
            if rights.mute_members:
                await me.edit(suppress=False)
                return None
            if rights.request_to_speak:
                await me.request_to_speak()
                return Silence.HAND_RAISED
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _logger.warning("Stepping up onto the stage %s failed: %s", stage, error)
        return Silence.AUDIENCE


def _silence_in(channel: VocalChannel, state: discord.VoiceState) -> Silence | None:
    if state.mute:
        return Silence.MUTED
    if channel == channel.guild.afk_channel:
        return Silence.AFK
    if isinstance(channel, discord.StageChannel):
        return Silence.AUDIENCE if state.suppress else None
    return Silence.FORBIDDEN if state.suppress or _may_not_speak(channel.permissions_for(channel.guild.me)) else None


def _may_not_speak(rights: discord.Permissions) -> bool:
    """Whether the right to speak itself is missing.

    py-cord takes it away with View Channel and Connect, which Discord wants only of those who come in: a channel that
    is locked or hidden does not silence who is in it.
    """
    return rights.view_channel and rights.connect and not rights.speak
