"""Every sentence that people in a channel read or hear, made from errors and states."""

from collections.abc import Mapping, Sequence
from typing import Final

from assistant.discord_io.plain_name import plain_name
from assistant.domain.call_ending import CallEnding, EndReason
from assistant.domain.call_refusal import CallRefused, Refusal
from assistant.domain.call_state import CallState
from assistant.domain.errors import (
    ModelAnswerFiltered,
    ModelAnswerInvalid,
    ModelAnswerTooLong,
    ModelContextExceeded,
    ModelError,
    ModelNoCredit,
    ModelRateLimited,
    ModelRefused,
    ModelSaidNothing,
    ModelTimeout,
    ModelUnreachable,
)
from assistant.domain.limit_reached import LimitReached
from assistant.domain.silence import Silence
from assistant.text.spoken_languages import SPOKEN_LANGUAGES
from assistant.util.plurals import counted

END_CALL: Final = "End Call"
SKIP: Final = "Skip"
SOMEBODY: Final = "somebody"
"""A person whose name is not known."""

_REFUSALS: Final = {
    Refusal.CALLER_NOT_IN_VOICE: "Join a voice channel first, then use /voice_chat again.",
    Refusal.IN_A_CALL: "I'm already in a call in {channel}. End it first, with its End Call button or /end_call.",
    Refusal.CANNOT_WRITE: "I can't write in {channel}. Give me View Channel and Send Messages there, "
    "or use /voice_chat in another channel.",
    Refusal.CALLER_CANNOT_WRITE: "You can't write in {channel}, where I'd take your messages. "
    "Use /voice_chat in another channel.",
    Refusal.CANNOT_VIEW: "I can't see your voice channel. Give me the View Channel permission in {channel}.",
    Refusal.CANNOT_CONNECT: "I can't join {channel}. Give me the Connect permission there.",
    Refusal.CANNOT_SPEAK: "I can't speak in {channel}. Give me the Speak permission there.",
    Refusal.STAGE_AUDIENCE: "{channel} is a stage channel: I would join as audience. Make me a stage moderator, "
    "or call me into a voice channel.",
    Refusal.TOO_MANY_CALLS: "I'm in as many calls as I can serve at once. Use /voice_chat again later.",
    Refusal.STOPPING: "I'm restarting. Use /voice_chat again in a moment.",
    Refusal.AFK: "{channel} is the server's AFK channel, where nobody can speak. Join another voice channel, "
    "then use /voice_chat again.",
    Refusal.FULL: "{channel} is full. Make room for one more, or give me the Move Members permission.",
}

_ENDINGS: Final = {
    EndReason.ASKED: "{by} ended it.",
    EndReason.REMOVED: "I was disconnected from the voice channel.",
    EndReason.CHANNEL_DELETED: "the voice channel was deleted.",
    EndReason.FORBIDDEN: "I can't join the voice channel anymore. Give me the Connect permission, then call me again.",
    EndReason.GUILD_LEFT: "I was removed from this server.",
    EndReason.ALONE: "everybody left.",
    EndReason.IDLE: "nobody wrote anything for a long time.",
    EndReason.SUSPENDED: "I'm restarting and will be back in a moment.",
    EndReason.TAKEN_OVER: "another process of mine goes on with it.",
    EndReason.UNLOADED: "I was switched off.",
    EndReason.SHUTDOWN: "I'm restarting. Call me again in a moment.",
    EndReason.JOIN_FAILED: "I couldn't join the voice channel. Please try again in a moment.",
    EndReason.REFUSED: "Discord doesn't accept my voice connection. Please tell my owner ({detail}).",
    EndReason.LOST: "I lost the voice connection and couldn't get it back. Use /voice_chat to call me again.",
    EndReason.BROKEN: "something went wrong on my side. Please tell my owner, and use /voice_chat to call me again.",
}

_MODEL_FAILURES: Final[Mapping[type[ModelError], str]] = {
    ModelUnreachable: "Sorry, I can't reach my language model right now.",
    ModelTimeout: "Sorry, my language model is taking too long to answer.",
    ModelRefused: "Sorry, my language model doesn't accept my key. Please tell my owner.",
    ModelRateLimited: "Sorry, my language model is getting too many questions. Please try again in a moment.",
    ModelAnswerInvalid: "Sorry, my language model didn't give a usable answer.",
    ModelAnswerTooLong: "Sorry, my language model went on for too long, so I stopped it there.",
    ModelAnswerFiltered: "Sorry, my language model was stopped there by a content filter.",
    ModelContextExceeded: "Sorry, my language model can't read that much at once.",
    ModelSaidNothing: "Sorry, my language model thought for so long that it had no room left for an answer.",
    ModelNoCredit: "Sorry, my language model has no credit left. Please tell my owner.",
}


def refused(refusal: CallRefused) -> str:
    """Why no call was started, and what to do about it."""
    return _REFUSALS[refusal.refusal].format(channel=refusal.channel)


def joining(channel: str, me: str = "") -> str:
    """The answer to /voice_chat; both are mentions, and `me` is empty where all that is typed is read."""
    if me:
        return f"I'm joining {channel}. Mention me ({me}) here or in its chat, or use /ask."
    return f"I'm joining {channel}. Type your messages here or in its chat."


_SILENT: Final = {
    Silence.MUTED: "A moderator has muted **{name}** in this server, so I can't be heard in {channel}. "
    "To hear me, unmute me there.",
    Silence.AUDIENCE: "**{name}** is in the audience of {channel}, so I can't be heard. "
    "To hear me, ask a stage moderator to invite me to speak.",
    Silence.HAND_RAISED: "**{name}** is in the audience of {channel} and has asked to speak. "
    "To hear me, ask a stage moderator to accept.",
    Silence.AFK: "{channel} is the server's AFK channel, where nobody can speak, so **{name}** can't be heard. "
    "To hear me, move me to another voice channel.",
    Silence.FORBIDDEN: "**{name}** may not speak in {channel}, so I can't be heard. "
    "To hear me, give me the Speak permission there.",
}


def panel(
    name: str, state: CallState, channel: str, *, is_cut_off: bool = False, silence: Silence | None = None, me: str = ""
) -> str:
    """The panel's text while a call is going on.

    Args:
        name: the assistant's.
        state: the state of its voice connection.
        channel: the voice channel, as a mention.
        is_cut_off: whether the connection has been lost for long.
        silence: why nobody hears it, though it is connected.
        me: our own mention, where only what mentions us is read; else empty.
    """
    if is_cut_off:
        return (
            f"🔇 **{name}** can't be heard in {channel} right now. I'm still trying. "
            "Keep typing: I'll answer in text, and speak again as soon as I'm back."
        )
    if state is CallState.JOINING:
        return f"🎙️ **{name}** is joining {channel} …"
    if state is CallState.RECOVERING:
        return (
            f"🎙️ **{name}** has lost the connection to {channel} and is coming back. "
            "Keep typing; nothing you type is lost."
        )
    if silence is not None and state is CallState.LIVE:
        return f"🔇 {_SILENT[silence].format(name=name, channel=channel)} Until then, I answer in text."
    where = "here or in the voice channel's chat"
    how = f"Mention me ({me}) {where}, or use /ask" if me else f"Type {where}"
    return f"🎙️ **{name}** is in {channel}. {how}, and I'll answer out loud."


def panel_suspended(name: str, channel: str) -> str:
    """The panel's text between two processes; `channel` is a mention."""
    return (
        f"🔄 **{name}** is restarting, back in a moment in {channel}. Keep typing; nothing you type is lost. "
        "If I don't come back, use /voice_chat."
    )


def panel_ended(name: str, ending: CallEnding) -> str:
    """The panel's text after a call."""
    sentence = _ENDINGS[ending.reason].format(by=plain_name(ending.by or "Somebody"), detail=ending.detail)
    return f"📴 The call with **{name}** has ended: {sentence}"


OLD_PANEL: Final = "📴 This call has already ended. Use /voice_chat to start a new one."
CALL_ENDED: Final = "The call has ended."
NO_CALL: Final = "I'm not in a call here. Use /voice_chat to start one."
SKIPPED: Final = "Skipped the rest of that answer."
NOTHING_TO_SKIP: Final = "I'm not answering anything right now, so there is nothing to skip."
REST_IN_CHAT: Final = "The rest is in the chat."
REST_LEFT_OUT: Final = "I'll leave it at that."
NO_TEXT: Final = "I can only read text, so I can't answer that message."
NO_WORDS: Final = "I can only answer what you write. Send that again with a few words, and I'll answer them."
NOT_READ_AGAIN: Final = (
    "I was restarted and couldn't read all messages that were waiting. Please send again what I leave out."
)
NOT_RECOGNIZED: Final = (
    "🙉 I couldn't make out what was said just now: speech recognition isn't available. Please type it."
)
NOT_ALL_HEARD: Final = "🙉 You were faster than I could follow, so I missed something. Please say it again."
TURN_BROKEN: Final = "Something went wrong on my side, so I can't answer that message. Please try again."
NOT_POSTED: Final = "I couldn't post my answer to this message. Please ask again."
IN_FILE: Final = "-# 📄 The whole answer is in the file."
COMMAND_BROKEN: Final = "Something went wrong on my side. Please try again."
NOT_RUNNING: Final = "I couldn't start. Whoever runs me will find the reason in the log."
UNSPOKEN: Final = "🔇 I couldn't speak this answer out loud. Speech isn't available right now."
PARTLY_SPOKEN: Final = "🔇 I couldn't speak all of this answer out loud. Speech isn't available right now."


def no_voice(language: str, *, is_written: bool = True) -> str:
    """The note about the first answer in a language without a voice; `language` is a gTTS code."""
    where = "my answers in it are in the chat only" if is_written else "nobody can hear my answers in it"
    return f"🔇 I have no voice for {_name_of(language)}, so {where}."


def no_voice_aloud(language: str, *, is_written: bool = True) -> str:
    """What is said aloud in its place, once."""
    return f"I have no voice for {_name_of(language)}.{' Please read that in the chat.' if is_written else ''}"


def not_understood(language: str) -> str:
    """The note about speech in a language that nobody recognizes; `language` is a code, "" where it is not known."""
    named = _name_of(language) if language else "this language"
    return (
        f"🙉 I can't understand {named} when it is spoken. Please type it. "
        "Whoever speaks another language chooses it with /voice_settings."
    )


def interrupted(by: str) -> str:
    """The note under an answer that was stopped while it was written."""
    return f"-# ⏭️ Interrupted by {plain_name(by)}"


def answered_elsewhere(channel: str) -> str:
    """The line above an answer to a message in a channel where it can't be posted; `channel` is a mention."""
    return f"-# To a message in {channel}, where I can't write:"


def not_in_call(channel: str) -> str:
    """The answer to somebody who may not skip or end the call; `channel` is a mention, or empty if it isn't known."""
    where = f"in {channel}" if channel else "in the call"
    return f"Only people {where}, or who can move members, can do that. The server can change it with /voice_settings."


def written_only(channel: str) -> str:
    """The note for somebody who is not in the call; `channel` is a mention."""
    return f"-# You're not in {channel}, so I only answer you in writing. Join it to hear me."


def mention_me(me: str) -> str:
    """The hint for a message that Discord doesn't show us; `me` is our own mention."""
    return f"I can only read messages that mention me. Send yours again with {me} in front, or use /ask."


def cannot_ask(channel: str) -> str:
    """The answer to /ask by somebody who may not write in the channel, a mention, in which it would be posted."""
    return f"You can't write in {channel}, so I can't post your question there."


def ask_there(channels: Sequence[str]) -> str:
    """The answer to /ask elsewhere; `channels` are mentions of the call's."""
    return f"Use /ask in one of the call's channels: {' or '.join(dict.fromkeys(channels))}."


NO_QUESTION: Final = "Your question is empty. Ask me something."


_ASKED: Final = "-# 💬 "


def asked(by: str, question: str) -> str:
    """The message that shows what somebody asked with /ask: read again by `asked_text`, also in a later process."""
    return f"{_ASKED}{plain_name(by)} asks:\n{question}"


def is_asked(message: str) -> bool:
    """Whether a message of ours is such a one."""
    return message.startswith(_ASKED) and "\n" in message


def asked_text(message: str) -> str:
    """The question in such a message."""
    return message.partition("\n")[2].strip()


def inbox_full(waiting: int) -> str:
    """The answer to a message that the full inbox can't take."""
    waiting_messages = counted(waiting, "message")
    return f"I have {waiting_messages} to answer first, so I couldn't take this one. Please send it again later."


def missed_too_many(count: int) -> str:
    """The note for messages that were typed during an outage, beside as many as could be taken."""
    more_messages = counted(count, "more message")
    return f"While I was away, {more_messages} came than I can answer. Please send again what still matters."


def share_used(waiting: int) -> str:
    """The answer to a message of somebody who has as many waiting as one member may."""
    your_messages = counted(waiting, "message")
    return f"I have {your_messages} of yours to answer first, so I couldn't take this one. Please send it again later."


def limit_reached(limit: LimitReached) -> str:
    """The answer to a message of somebody who has to wait; Discord shows the time as "in 5 minutes"."""
    who = "This server has" if limit.is_server else "You have"
    what = "asked as much of my language model as it may in a day"
    if not limit.is_daily:
        what = "sent more messages in a minute than I can answer"
    if not limit.is_server:
        what = what.replace("it may", "one member may")
    return f"{who} {what}, so I can't take this one. I'll answer again <t:{limit.ends_at}:R>."


def unanswered(count: int) -> str:
    """The note for accepted messages that the call's end left unanswered."""
    after = "" if count == 1 else f" and the {counted(count - 1, 'message')} after it"
    return f"The call ended before I could answer this message{after}."


def model_failed(error: ModelError) -> str:
    """One sentence, posted and spoken, about a reply that failed."""
    if isinstance(error, ModelAnswerInvalid) and error.reason == "truncated":
        return "Sorry, my language model stopped in the middle of its answer."
    if isinstance(error, ModelSaidNothing) and error.cause == "tool_calls":
        return "Sorry, my language model wanted to use a tool that I don't have, and said nothing else."
    return _MODEL_FAILURES.get(type(error), "Sorry, my language model failed to answer. Please try again.")


def _name_of(language: str) -> str:
    """The English name of a language, without the region in brackets."""
    name: str = SPOKEN_LANGUAGES.get(language, language)
    return name.partition(" (")[0]


def channel_status(name: str) -> str:
    """The status under the voice channel's name during a call."""
    return f"🎙️ AI Voice Assistant: {name}"
