"""The link for adding the bot to a server, with exactly the permissions it uses."""

from typing import Final

import discord

from assistant.pycord.api import AnyBot

PERMISSIONS: Final = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    attach_files=True,
    read_message_history=True,
    connect=True,
    speak=True,
    set_voice_channel_status=True,
)
"""What a call needs: to read and answer (at length in a file), to join and speak, and to show its status."""


def invite_link(bot: AnyBot) -> str:
    """The link. It holds no secret."""
    assert bot.application_id is not None, "known once the bot is logged in"
    return discord.utils.oauth_url(bot.application_id, permissions=PERMISSIONS, scopes=("bot", "applications.commands"))
