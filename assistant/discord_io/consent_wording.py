"""Every sentence about who is heard, made from who agreed and who turns speech into text."""

import math
from collections.abc import Sequence
from typing import Final

from babel.lists import format_list

from assistant.discord_io.plain_name import plain_name
from assistant.domain.consent import Consent, Listening
from assistant.domain.heard_by import HeardBy
from assistant.util.plurals import counted

_MOST_NAMES: Final = 5
"""How many people the panel names; of more it tells how many there are."""


def talk(name: str) -> str:
    """The label of the button; `name` is the assistant's."""
    return f"Talk to {name}"


def heard(name: str, heard_by: HeardBy, people: Sequence[str], *, is_asked: bool) -> str:
    """The panel's line about who is heard.

    Args:
        name: the assistant's.
        heard_by: who turns speech into text.
        people: the display names of those in the voice channel who are heard; empty for one that is not known.
        is_asked: whether only those are heard who agreed.
    """
    line = f"I hear {_named(people) if people else 'nobody yet'}."
    if is_asked:
        line += f" To talk to me, or to stop that, press **{talk(plain_name(name))}**."
    what = "English" if heard_by.is_english_only else "Speech"
    return f"-# 👂 {line} {what} is recognized {_where(heard_by)}."


def unheard(people: Sequence[str]) -> str:
    """The panel's line about people who speak and are not heard; of one who is not known the name is empty."""
    return f"🙉 I cannot hear {_named(people)} just now. I'm trying to mend that. Please type meanwhile."


def spoke_too_long(people: Sequence[str]) -> str:
    """The panel's line about people who have spoken so much that it is not recognized for now; names as above."""
    return f"🙉 {_named(people)} spoke more than I can follow. After a pause of a minute I listen again."


def heard_after_calling(name: str, *, is_heard: bool) -> str:
    """What the answer to /voice_chat adds, where people are asked; `name` is the assistant's."""
    button = f"**{talk(plain_name(name))}**"
    if is_heard:
        return f"I also hear what you say there. If you don't want that, press {button} or use /my_voice."
    return f"I don't hear what you say there. To talk to me, press {button}."


def now_heard(name: str, heard_by: HeardBy) -> str:
    """The answer to somebody who agreed; `name` is the assistant's."""
    only = " I understand spoken English only." if heard_by.is_english_only else ""
    return (
        f"I hear you now, in calls on this server. What you say is recognized {_where(heard_by)}, and the sound is not "
        f"kept.{only} If others are in the call, say my name first or last when you mean me. To stop it, press "
        f"**{talk(plain_name(name))}** again, or use /my_voice."
    )


NO_LONGER_HEARD: Final = (
    "I don't hear you any more in calls on this server. Press the button again if you want to talk."
)
DEAFENED: Final = "🙉 A moderator has deafened me in this server, so I hear nobody. To talk to me, undeafen me there."
NOBODY_HEARD: Final = "I don't listen: I answer what is typed."
ALL_HEARD: Final = (
    "I hear everyone in my calls: whoever runs me decided that. To keep something to yourself, mute your microphone."
)


def decisions(listening: Listening, here: Consent | None, elsewhere: Sequence[tuple[Consent, str]], name: str) -> str:
    """The answer to /my_voice.

    Args:
        listening: whose speech is heard.
        here: what the member has decided on this server; None: nothing yet.
        elsewhere: what they have decided on others, with the names of those; empty for one that is not known.
        name: the assistant's.
    """
    lines = [_here(listening, here, name)]
    agreed = [(consent, server) for consent, server in elsewhere if consent.is_given]
    if agreed:
        lines.append("You also agreed that I hear you on:")
        lines += [f"- {plain_name(server) if server else 'another server'}, {_since(each)}" for each, server in agreed]
    if agreed or (here is not None and here.is_given):
        lines.append(
            "To take it back, use /my_voice with `take_back`. What I hear is kept like what you type, as text."
        )
    return "\n".join(lines)


def taken_back(*, everywhere: bool, listening: Listening) -> str:
    """The answer to /my_voice when something is taken back."""
    if listening == "everyone":
        return f"I have noted that, but it changes nothing for now. {ALL_HEARD}"
    return f"I don't hear you any more, {'on any server' if everywhere else 'in calls on this server'}."


def _here(listening: Listening, here: Consent | None, name: str) -> str:
    if listening == "everyone":
        return ALL_HEARD
    agreed = here is not None and here.is_given
    if listening == "off":
        return NOBODY_HEARD + (" You agreed to be heard on this server, should that change." if agreed else "")
    if here is None or not agreed:
        return f"I don't hear you on this server. To talk to me, press **{talk(plain_name(name))}** in a call."
    return f"I hear you in calls on this server, {_since(here)}."


def _since(consent: Consent) -> str:
    if math.isinf(consent.changed_at):  # the database is away, and has not said when it was
        return "since just now"
    return f"since <t:{int(consent.changed_at)}:D>"


def _named(people: Sequence[str]) -> str:
    if len(people) > _MOST_NAMES:
        return counted(len(people), "person", "people")
    return format_list([plain_name(person) for person in people], locale="en")


def _where(heard_by: HeardBy) -> str:
    hosts = [f"by {host}" for host in heard_by.hosts]
    places = ["on this machine"] if heard_by.is_local else []
    return format_list([*places, *hosts], style="or", locale="en")
