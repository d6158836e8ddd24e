"""Guilds: servers, with what belongs to one from the start. What is in them is in the store."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.state.change_signal import ChangeSignal
from sandbox.state.json_types import Json
from sandbox.state.role import Role
from sandbox.state.user import User


@dataclass(eq=False, repr=False)
class Guild:
    """A server."""

    id: int
    """The guild's id."""
    name: str
    """Its name."""
    owner_id: int
    """The user who owns it and may do everything."""
    bot: User
    """The bot that lives in this Discord, also where it has been removed from the guild."""
    human_role: Role
    """The role that human members get when they join."""
    bot_role: Role
    """The role that came with the bot's invite."""
    changes: ChangeSignal
    """Wakes whoever waits for something in this Discord."""
    roles: dict[int, Role] = field(default_factory=dict)
    """All roles by id; @everyone has the guild's id."""
    afk_channel_id: int | None = None
    """The voice channel for whoever is away: nobody can speak there."""
    is_direct: bool = False
    """Whether it is no server, but what a human and the bot have in its place who write to each other alone."""
    preferred_locale: str = "en-US"
    """The language of a server: English, unless it is a community that has chosen another one
    (https://docs.discord.com/developers/resources/guild#guild-object)."""

    def __repr__(self) -> str:
        return f"<Guild {self.name!r}>"

    @property
    def everyone(self) -> Role:
        """The role that every member has."""
        return self.roles[self.id]

    def to_json(self) -> Json:
        """The guild object of the REST API."""
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": str(self.owner_id),
            "icon": None,
            "description": None,
            "home_header": None,
            "splash": None,
            "discovery_splash": None,
            "banner": None,
            "features": [],
            "application_id": None,
            "region": "rotterdam",
            "afk_channel_id": None if self.afk_channel_id is None else str(self.afk_channel_id),
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
            "preferred_locale": self.preferred_locale,
            "rules_channel_id": None,
            "safety_alerts_channel_id": None,
            "public_updates_channel_id": None,
            "nsfw": False,
            "nsfw_level": 0,
            "emojis": [],
            "stickers": [],
            "incidents_data": None,
            "roles": [role.to_json() for role in self.roles.values()],
        }
