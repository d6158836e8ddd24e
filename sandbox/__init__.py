"""A Discord on loopback: REST, gateway and voice for one unmodified bot, and humans who talk to it.

Start with `Sandbox`. What is so is in one `Store`, and changes only by the changes in `sandbox.state.changes`, each of
which also says what the gateway tells of it. What is not implemented is refused by name and kept in
`Sandbox.refusals`. The rooms, each of which imports only those below it:

    tools               programs: `make run`, and a bot in a process of its own
    playground          a page on which people talk to the bot in a browser
    loopback_discord    `Sandbox`: puts the rooms together and listens
    discord_faults      what a test can break in REST and gateway
    gateway, rest       the bot's ways in
    actions             what humans and the bot do, by Discord's rules; the handles that a test holds
    forms               what a bot sends, checked like Discord checks it
    state               guilds, channels, members, messages: what there is, and how it changes
    voice               the voice gateway, its UDP and end-to-end encryption
    standins            services besides Discord: a language model, Google's speech, OpenAI's speech
"""

from __future__ import annotations

from sandbox.actions.channel_handle import ChannelHandle
from sandbox.actions.guild_handle import GuildHandle
from sandbox.actions.member_actor import MemberActor
from sandbox.actions.reply import Reply
from sandbox.loopback_discord import Sandbox
from sandbox.state.choice import Choice
from sandbox.state.errors import NotAllowed, NotOffered
from sandbox.state.message import Message

__all__ = [
    "ChannelHandle",
    "Choice",
    "GuildHandle",
    "MemberActor",
    "Message",
    "NotAllowed",
    "NotOffered",
    "Reply",
    "Sandbox",
]
