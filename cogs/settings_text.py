"""The words of /voice_settings."""

from typing import Final

from gtts.lang import tts_langs

from assistant.preferences.reply_options import Manner
from assistant.tts.speech_settings import AUTO

NOT_ALLOWED: Final = "Only members with the Manage Server permission can choose for the whole server."
NOT_STORED: Final = "I could not store that, so nothing has changed. Please try again in a moment."


def not_on_the_list(option: str, typed: str) -> str:
    """The answer to a value that cannot be chosen."""
    shown = _harmless(typed)
    return f"There is no {option} “{shown}”. Please take one of those that are offered while you type."


def report(manner: Manner, *, changed: bool, is_server: bool) -> str:
    """What holds now."""
    who = "this server" if is_server else "you"
    head = f"{'Stored. ' if changed else ''}This holds for {who}, from the next message on:"
    language = "each sentence in its own" if manner.language == AUTO else tts_langs().get(manner.language, "")
    lines = [head, f"- language: {language}"]
    lines.append(f"- voice: {manner.voice.label}" if manner.voice else "- voice: the first that knows the language")
    if manner.voice is not None and manner.language not in (AUTO, *manner.voice.languages):
        lines[-1] += " – it does not know that language, so another one speaks"
    if manner.during_speech == "replace":
        lines.append("- a message during speech interrupts the answer")
    else:
        lines.append("- a message during speech waits for its turn")
    seconds = f"at most {manner.spoken_seconds:g} s, the rest is in the chat" if manner.spoken_seconds else "whole"
    lines.append(f"- answers are spoken: {seconds}")
    return "\n".join(lines)


def _harmless(text: str) -> str:
    """Text of somebody as it may stand in a sentence of ours: short, on one line, without marks."""
    return "".join(character for character in text[:40] if character.isalnum() or character in " -_:.")
