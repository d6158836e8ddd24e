"""The kinds of channels that a call uses."""

from typing import TypeAlias

import discord

VocalChannel: TypeAlias = discord.VoiceChannel | discord.StageChannel


TextPlace: TypeAlias = discord.TextChannel | discord.Thread | discord.VoiceChannel | discord.StageChannel
"""A channel for a call's messages and panel."""
