"""Every sentence that people in a channel read or hear: errors and states in, words out."""

from collections.abc import Mapping
from typing import Final

from gtts.lang import tts_langs

from assistant.domain.call_ending import CallEnding, EndReason
from assistant.domain.call_refusal import CallRefused, Refusal
from assistant.domain.call_state import CallState
from assistant.domain.errors import (
    ModelAnswerInvalid,
    ModelError,
    ModelRateLimited,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
)

END_CALL: Final = "End Call"
SKIP: Final = "Skip"

_REFUSALS: Final = {
    Refusal.CALLER_NOT_IN_VOICE: "Join a voice channel first, then use /voice_chat again.",
    Refusal.IN_A_CALL: "I am already in a call in {channel}; end it with its End Call button or /end_call first.",
    Refusal.CANNOT_WRITE: "I may not write in {channel}; give me View Channel and Send Messages there, "
    "or use /voice_chat in another channel.",
    Refusal.CANNOT_VIEW: "I cannot see your voice channel; give me the View Channel permission in {channel}.",
    Refusal.CANNOT_CONNECT: "I may not join {channel}; give me the Connect permission there.",
    Refusal.CANNOT_SPEAK: "I may not speak in {channel}; give me the Speak permission there.",
    Refusal.STAGE_AUDIENCE: "On the stage {channel} I would sit in the audience; make me a stage moderator, "
    "or call me into a voice channel.",
    Refusal.STOPPING: "I am being restarted; use /voice_chat again in a moment.",
    Refusal.FULL: "{channel} is full; make room for one more, or give me the Move Members permission.",
}

_ENDINGS: Final = {
    EndReason.ASKED: "{by} ended it.",
    EndReason.REMOVED: "I was disconnected from the voice channel.",
    EndReason.CHANNEL_DELETED: "the voice channel was deleted.",
    EndReason.FORBIDDEN: "I may not join the voice channel any more. Give me the Connect permission and call me again.",
    EndReason.GUILD_LEFT: "I was removed from this server.",
    EndReason.ALONE: "everybody had left.",
    EndReason.IDLE: "nobody had typed anything for a long while.",
    EndReason.SUSPENDED: "I am being restarted and come back in a moment.",
    EndReason.UNLOADED: "I was switched off.",
    EndReason.SHUTDOWN: "I am being restarted. Call me again in a moment.",
    EndReason.JOIN_FAILED: "I could not join the voice channel. Please try again in a moment.",
    EndReason.REFUSED: "Discord does not accept my voice connection. Please tell my owner ({detail}).",
    EndReason.LOST: "I lost the voice connection and could not get it back. Use /voice_chat to call me again.",
    EndReason.BROKEN: "something went wrong on my side. Please tell my owner, and use /voice_chat to call me again.",
}

_MODEL_FAILURES: Final[Mapping[type[ModelError], str]] = {
    ModelUnreachable: "Sorry, I cannot reach my language model right now.",
    ModelTimeout: "Sorry, my language model is taking too long to answer.",
    ModelRefused: "Sorry, my language model does not accept my key. Please tell my owner.",
    ModelRateLimited: "Sorry, my language model is getting too many questions. Please try again in a moment.",
    ModelAnswerInvalid: "Sorry, my language model gave no usable answer.",
}


def refused(refusal: CallRefused) -> str:
    """Why no call is begun, and what to do about it."""
    return _REFUSALS[refusal.refusal].format(channel=refusal.channel)


def joining(channel: str) -> str:
    """The answer to /voice_chat; `channel` is a mention."""
    return f"I am joining {channel}. Type your messages here or in its chat."


def panel(name: str, state: CallState, channel: str, *, is_mute: bool = False) -> str:
    """The panel's text while a call is going on; `channel` is a mention."""
    if is_mute:
        return (
            f"🔇 **{name}** cannot be heard in {channel} for now; I am still trying. "
            "Go on typing: I answer in text, and speak again as soon as I am back."
        )
    if state is CallState.JOINING:
        return f"🎙️ **{name}** is joining {channel} …"
    if state is CallState.RECOVERING:
        return (
            f"🎙️ **{name}** has lost the connection to {channel} and is coming back. "
            "Go on typing; nothing you say is lost."
        )
    return f"🎙️ **{name}** is in {channel}. Type here or in the voice channel's chat, and I answer out loud."


def panel_suspended(name: str, channel: str) -> str:
    """The panel's text between two processes; `channel` is a mention."""
    return (
        f"🔄 **{name}** is restarting, back in a moment in {channel}. Go on typing; nothing you say is lost. "
        "Should I not come back, use /voice_chat."
    )


def panel_ended(name: str, ending: CallEnding) -> str:
    """The panel's text after a call."""
    sentence = _ENDINGS[ending.reason].format(by=ending.by or "Somebody", detail=ending.detail)
    return f"📴 The call with **{name}** has ended: {sentence}"


OLD_PANEL: Final = "📴 This call has already ended. Use /voice_chat to start a new one."
CALL_ENDED: Final = "The call has ended."
NO_CALL: Final = "I am in no call here; use /voice_chat to start one."
SKIPPED: Final = "I skip the rest of that answer."
NOTHING_TO_SKIP: Final = "I am not answering anything just now, so there is nothing to skip."
REST_IN_CHAT: Final = "The rest is in the chat."
NO_TEXT: Final = "I can only read text, so I cannot answer that message."
NOT_READ_AGAIN: Final = (
    "I was restarted and could not read a message again that waited for me; please send it once more."
)
TURN_BROKEN: Final = "Something went wrong on my side, so I cannot answer that message. Please try it again."
COMMAND_BROKEN: Final = "Something went wrong on my side. Please try that again."
NOT_RUNNING: Final = "I could not be started. Whoever runs me finds the reason in the log."
UNSPOKEN: Final = "🔇 I could not speak this answer out loud; speech is not available just now."
PARTLY_SPOKEN: Final = "🔇 I could not speak all of this answer out loud; speech is not available just now."


def no_voice(language: str) -> str:
    """The note under the first answer in a language that nobody speaks; `language` is a gTTS code."""
    return f"🔇 I have no voice for {_name_of(language)}, so what I answer in it is in the chat only."


def no_voice_aloud(language: str) -> str:
    """What is said in its place, once."""
    return f"I have no voice for {_name_of(language)}. Please read that in the chat."


def interrupted(by: str) -> str:
    """The note under an answer that was not written to its end."""
    return f"-# ⏭️ Interrupted by {by}"


def inbox_full(waiting: int) -> str:
    """The answer to a message for which there is no room."""
    return f"I have {waiting} messages to answer before this one, so I did not take it; please send it again later."


def unanswered(count: int) -> str:
    """The note for messages that were accepted and that the end of the call left without an answer."""
    if count == 1:
        return "The call ended before I could answer this message."
    return f"The call ended before I could answer this message and the {count - 1} after it."


def model_failed(error: ModelError) -> str:
    """One sentence for the channel, and aloud, about a reply that did not come."""
    if isinstance(error, ModelAnswerInvalid) and error.reason == "truncated":
        return "Sorry, my language model stopped in the middle of its answer."
    return _MODEL_FAILURES.get(type(error), "Sorry, my language model failed to answer. Please try again.")


def _name_of(language: str) -> str:
    """The English name of a language, without the region in brackets."""
    name: str = tts_langs().get(language, language)
    return name.partition(" (")[0]


def channel_status(name: str) -> str:
    """What stands under the voice channel's name during a call."""
    return f"🎙️ AI Voice Assistant: {name}"
