"""How soon first answers are heard, as a table in Markdown."""

import math
from collections.abc import Callable, Sequence
from statistics import median
from typing import Final

from bench.common.markdown_table import markdown_table
from bench.first_audio.first_sound import FirstSound

_HEAD: Final = (
    "answers",
    "number",
    "first sound p50 / p95",
    "model to the end of the piece + speech service",
    "own share",
    "of it, until the end is sure",
    "characters of the piece",
)


def answers_table(sounds: Sequence[FirstSound], some: Sequence[FirstSound], called: Sequence[FirstSound]) -> str:
    """All answers, by language; then some of them without a call and in one."""
    languages = sorted({sound.language for sound in sounds})
    return markdown_table(
        _HEAD,
        [
            _row("all", sounds),
            *(_row(language, [sound for sound in sounds if sound.language == language]) for language in languages),
            *([_row("some of them", some), _row("the same in a call", called)] if called else []),
        ],
    )


def _row(name: str, sounds: Sequence[FirstSound]) -> tuple[str, ...]:
    def both(value: Callable[[FirstSound], float], scale: float = 1e3, unit: str = " ms") -> str:
        values = sorted(value(sound) * scale for sound in sounds)
        return f"{median(values):.0f} / {values[math.ceil(len(values) * 0.95) - 1]:.0f}{unit}"

    return (
        name,
        str(len(sounds)),
        both(lambda sound: sound.seconds),
        both(lambda sound: sound.floor),
        both(lambda sound: sound.own),
        both(lambda sound: sound.until_sure),
        both(lambda sound: len(sound.piece), 1.0, ""),
    )
