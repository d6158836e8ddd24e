"""The replies of /voice_settings."""

from collections.abc import Mapping
from typing import Final

from assistant.domain.preferences import Addressing, DuringSpeech
from assistant.preferences.reply_options import ReplyOptions
from assistant.text.spoken_languages import SPOKEN_LANGUAGES
from assistant.tts.speech_settings import AUTO

NOT_ALLOWED: Final = "Only members with the Manage Server permission can change this for the whole server."

_DURING_SPEECH: Final[Mapping[DuringSpeech, str]] = {
    "polite": "messages wait for their turn, and talking to me interrupts the answer",
    "queue": "messages and speech wait for their turn",
    "replace": "messages and speech interrupt the answer",
}
_ADDRESSED: Final[Mapping[Addressing, str]] = {
    "auto": "yours if you're alone with me; of several people, what begins or ends with my name or follows my answer",
    "name": "what begins or ends with my name, or follows my answer",
    "always": "everything",
}


def not_on_the_list(option: str, typed: str) -> str:
    """The reply to a value that is not a choice."""
    shown = _harmless(typed)
    return f"There is no {option} “{shown}”. Please pick one of the suggestions that appear while you type."


def report(options: ReplyOptions, *, changed: bool, is_server: bool) -> str:
    """The current settings."""
    who = "this server" if is_server else "you"
    head = f"{'Saved. ' if changed else ''}The settings for {who}, from the next message on:"
    language = (
        "each sentence in its own language" if options.language == AUTO else SPOKEN_LANGUAGES.get(options.language, "")
    )
    lines = [head, f"- language: {language}"]
    lines.append(f"- voice: {options.voice.label}" if options.voice else "- voice: the first that speaks the language")
    if options.voice is not None and options.language not in (AUTO, *options.voice.languages):
        lines[-1] += " (it doesn't speak that language, so another voice does)"
    lines.append(f"- while I'm talking, {_DURING_SPEECH[options.during_speech]}")
    seconds = f"{options.spoken_seconds:g} s, the rest is in the chat" if options.spoken_seconds else "none"
    lines.append(f"- speaking limit per answer: {seconds}")
    if options.control == "everyone":
        lines.append("- who can skip and end calls, and hears answers: everyone")
    else:
        lines.append("- who can skip and end calls, and hears answers: people in the call, and who can move members")
    lines.append(f"- speech that I take as said to me: {_ADDRESSED[options.addressing]}")
    shown = "written in the chat as well" if options.captions == "on" else "not written in the chat"
    lines.append(f"- what is said to me, and what I answer to it: {shown}")
    return "\n".join(lines)


def _harmless(text: str) -> str:
    """Somebody's text, safe to quote: short, on one line, without markup."""
    return "".join(character for character in text[:40] if character.isalnum() or character in " -_:.")
