"""How soon the bots are heard, as a table in Markdown."""

from collections.abc import Sequence
from typing import Final

from bench.common.markdown_table import markdown_table
from bench.first_audio.first_audio_row import FirstAudioRow

_HEAD: Final = (
    "bot",
    "answer",
    "first audio p50",
    "p95",
    "model and speech service",
    "overhead p50",
    "p95",
    "speech requests",
    "holes inside sentences",
    "longest added pause between sentences",
)


def first_audio_table(rows: Sequence[FirstAudioRow]) -> str:
    """One line for each row."""
    return markdown_table(_HEAD, map(_cells, rows))


def _cells(row: FirstAudioRow) -> tuple[str, ...]:
    return (
        row.bot.label,
        row.answers,
        _ms(row.first_audio_p50),
        _ms(row.first_audio_p95),
        _ms(row.floor_p50),
        _ms(row.overhead_p50),
        _ms(row.overhead_p95),
        f"{row.pieces:.1f}",
        str(row.holes),
        _ms(row.longest_pause),
    )


def _ms(milliseconds: float | None) -> str:
    return "–" if milliseconds is None else f"{milliseconds:.0f} ms"
