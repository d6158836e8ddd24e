"""The choices of /voice_settings, and which of them to suggest while somebody types."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from assistant.text.language_tags import gtts_code
from assistant.text.spoken_languages import SPOKEN_LANGUAGES
from assistant.tts.speech_settings import AUTO
from assistant.tts.voice import Voice

DEFAULT: Final = "default"
"""The value that resets an option."""
_MOST: Final = 25
"""The most choices that Discord shows (https://discord.com/developers/docs/interactions/application-commands)."""


class Choice(NamedTuple):
    """One choice."""

    name: str
    """The text people see."""
    value: str
    """The value that is stored."""


def languages() -> list[Choice]:
    """All languages, after the two choices that are not languages."""
    named = sorted(Choice(f"{name} – {code}", code) for code, name in SPOKEN_LANGUAGES.items())
    return [
        Choice("Each sentence in its own language – auto", AUTO),
        Choice("The server's default – default", DEFAULT),
        *named,
    ]


def matching_languages(typed: str) -> list[Choice]:
    """The languages to suggest: those that `matching` finds, or the one that goes by another code (`he`, `pt-br`)."""
    found = matching(languages(), typed)
    code = None if found else gtts_code(typed)
    return found or [choice for choice in languages() if choice.value == code]


def voices(known: Sequence[Voice], language: str | None) -> list[Choice]:
    """The voices that speak `language` (all, if it is unknown), followed by `DEFAULT`."""
    code = gtts_code(language or "")
    fit = [voice for voice in known if code is None or code in voice.languages]
    return [
        *(Choice(f"{voice.label} – {voice.key}"[:100], voice.key) for voice in fit),
        Choice("The server's default – default", DEFAULT),
    ]


def matching(choices: Iterable[Choice], typed: str) -> list[Choice]:
    """The choices that contain every typed word; those that begin with the text come first."""
    words = typed.casefold().split()
    fit = [choice for choice in choices if all(word in choice.name.casefold() for word in words)]
    fit.sort(key=lambda choice: not choice.name.casefold().startswith(typed.casefold().strip()))
    return fit[:_MOST]


def chosen_language(typed: str) -> str | None:
    """The value of the language that was picked or typed, by any of its codes or names; None for an unknown one."""
    return chosen(languages(), typed) or gtts_code(typed)


def chosen(choices: Iterable[Choice], typed: str) -> str | None:
    """The value of the choice that was picked or typed; None when there is no such choice."""
    folded = typed.casefold().strip()
    return next(
        (choice.value for choice in choices if folded in (choice.value.casefold(), choice.name.casefold())), None
    )
