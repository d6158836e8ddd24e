"""What can be chosen in /voice_settings, and how it is offered while somebody types."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from gtts.lang import tts_langs

from assistant.tts.speech_settings import AUTO
from assistant.tts.voice import Voice

DEFAULT: Final = "default"
"""Takes a choice back."""
_MOST: Final = 25
"""What Discord shows at most (https://discord.com/developers/docs/interactions/application-commands)."""


class Choice(NamedTuple):
    """One thing that can be chosen."""

    name: str
    """What people see."""
    value: str
    """What is stored."""


def languages() -> list[Choice]:
    """All languages, the two that are no language first."""
    named = sorted(Choice(f"{name} – {code}", code) for code, name in tts_langs().items())
    return [
        Choice("Each sentence in its own language – auto", AUTO),
        Choice("What the server or the owner chose – default", DEFAULT),
        *named,
    ]


def voices(known: Sequence[Voice], language: str | None) -> list[Choice]:
    """The voices that speak a language, as far as it is known, and `DEFAULT` behind them."""
    fit = [voice for voice in known if language not in tts_langs() or language in voice.languages]
    return [
        *(Choice(f"{voice.label} – {voice.key}"[:100], voice.key) for voice in fit),
        Choice("What the server or the owner chose – default", DEFAULT),
    ]


def matching(choices: Iterable[Choice], typed: str) -> list[Choice]:
    """The choices in which everything typed occurs, those that begin with it first."""
    words = typed.casefold().split()
    fit = [choice for choice in choices if all(word in choice.name.casefold() for word in words)]
    fit.sort(key=lambda choice: not choice.name.casefold().startswith(typed.casefold().strip()))
    return fit[:_MOST]


def chosen(choices: Iterable[Choice], typed: str) -> str | None:
    """The value that was chosen, or typed instead of chosen; None when it is not on the list."""
    folded = typed.casefold().strip()
    return next(
        (choice.value for choice in choices if folded in (choice.value.casefold(), choice.name.casefold())), None
    )
