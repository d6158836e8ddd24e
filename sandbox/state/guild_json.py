"""The two forms in which Discord shows a guild: over REST, and at length in GUILD_CREATE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.state.intents import Intent
from sandbox.state.json_types import Json, timestamp

if TYPE_CHECKING:
    from sandbox.state.guild import Guild


def rest(guild: Guild) -> Json:
    """The guild object of the REST API."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id),
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "features": [],
        "application_id": None,
        "region": "rotterdam",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 0,
        "default_message_notifications": 0,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": "en-US",
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
        "incidents_data": None,
        "roles": [role.to_json() for role in guild.roles.values()],
    }


def gateway(guild: Guild, intents: Intent, *, new: bool) -> Json:
    """The guild as GUILD_CREATE shows it to a session with these intents.

    Without the presence intent the members are only the bot and whoever is in voice, as Discord does it.
    `new`: the bot has just been invited (rather than just come online).
    """
    everyone = bool(intents & Intent.GUILD_PRESENCES)
    members = [
        member for member in guild.members.values() if everyone or member is guild.me or member.id in guild.voice_states
    ]
    hears_voice = bool(intents & Intent.GUILD_VOICE_STATES)
    me = guild.me
    data = rest(guild) | {
        "joined_at": timestamp(me.joined_at) if me else None,
        "large": len(guild.members) > 250,
        "member_count": len(guild.members),
        "members": [member.to_json() for member in members],
        "channels": [channel.to_json(with_status=True) for channel in guild.channels.values()],
        "voice_states": [state.to_json(in_guild_create=True) for state in guild.voice_states.values()]
        if hears_voice
        else [],
        "presences": [],
        "threads": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }
    if not new:
        data["unavailable"] = False
    return data
