"""GUILD_CREATE: a guild at length, as the bot reads it when it comes online or is invited."""

from __future__ import annotations

from sandbox.state.event import Event
from sandbox.state.guild import Guild
from sandbox.state.intents import Intent
from sandbox.state.json_types import Json, timestamp
from sandbox.state.store import Store


def guild_created(store: Store, guild: Guild, *, new: bool) -> Event:
    """GUILD_CREATE: of a guild to which the bot was invited, or of one that is there when it comes online."""
    return Event("GUILD_CREATE", lambda intents: _data(store, guild, intents, new=new), guild.id, Intent.GUILDS)


def _data(store: Store, guild: Guild, intents: Intent, *, new: bool) -> Json:
    """The guild as GUILD_CREATE shows it to a session with these intents.

    Without the presence intent the members are only the bot and whoever is in voice, as Discord does it.
    `new`: the bot has just been invited (rather than just come online).
    """
    everyone = bool(intents & Intent.GUILD_PRESENCES)
    members, voice_states, me = store.members_of(guild), store.voice_states_of(guild), store.bot_member(guild)
    shown = [each for each in members.values() if everyone or each is me or each.id in voice_states]
    hears_voice = bool(intents & Intent.GUILD_VOICE_STATES)
    data = guild.to_json() | {
        "joined_at": timestamp(me.joined_at) if me else None,
        "large": len(members) > 250,
        "member_count": len(members),
        "members": [member.to_json() for member in shown],
        "channels": [channel.to_json(with_status=True) for channel in store.channels_of(guild).values()],
        "voice_states": [state.to_json(in_guild_create=True) for state in voice_states.values()] if hears_voice else [],
        "presences": [],
        "threads": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }
    if not new:
        data["unavailable"] = False
    return data
