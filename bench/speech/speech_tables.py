"""What is measured of speech, as tables in Markdown."""

from collections.abc import Sequence
from typing import Final

from bench.common.markdown_table import markdown_table
from bench.speech.normalization_cases import TextRow
from bench.speech.service_outages import OutageRow, outage_summary
from bench.speech.voice_quality import VoiceRow

_TEXT_HEAD: Final = ("language", "cases", "passed", "known failures")
_OUTAGE_HEAD: Final = (
    "engine",
    "fault during three sentences",
    "spoken by",
    "heard whole and once",
    "broken off",
    "longest silence, s",
    "requests",
    "speaks again afterwards",
)
_VOICE_HEAD: Final = (
    "engine",
    "voice",
    "language",
    "word errors",
    "first / last word heard",
    "most clipped, ms",
    "frames too few or too many",
    "clicks at joins",
    "engine's LUFS",
    "heard LUFS",
    "first sentence, LUFS",
    "first frame, ms",
    "CPU per second of speech, ms",
)
_OUTAGE_LEGEND: Final = """\
A fault lasts for three sentences. Hibari is the fallback behind the engine, and a service may be silent for 2 s. Unless
the row says so, nobody has heard anything of a sentence when the engine fails."""
_VOICE_LEGEND: Final = """\
Each voice says the same sentences, through decoder, loudness control and Opus, up to what a member hears. Clipped is
how much of the audible part of a sentence is missing. Loudness is by EBU R128; the first sentence comes before anything
of the voice was measured. Google and hosted speech are stand-ins with hibari's voice, whose CPU time is included."""


def speech_tables(texts: Sequence[TextRow], outages: Sequence[OutageRow], voices: Sequence[VoiceRow]) -> str:
    """The three tables, each with its legend."""
    total = TextRow(language="all", cases=sum(row.cases for row in texts), passed=sum(row.passed for row in texts))
    return "\n\n".join(
        (
            markdown_table(_TEXT_HEAD, [_text_cells(row) for row in [*texts, total]]),
            _OUTAGE_LEGEND,
            markdown_table(_OUTAGE_HEAD, [_outage_cells(row) for row in outages]),
            outage_summary(outages),
            _VOICE_LEGEND,
            markdown_table(_VOICE_HEAD, [_voice_cells(row) for row in voices]),
        )
    )


def _text_cells(row: TextRow) -> tuple[str, ...]:
    return row.language, str(row.cases), str(row.passed), str(row.cases - row.passed)


def _outage_cells(row: OutageRow) -> tuple[str, ...]:
    return (
        row.engine,
        row.fault,
        row.spoken_by,
        f"{row.heard_whole} of 3",
        str(row.broken_off),
        f"{row.longest_silence:.1f}",
        str(row.requests),
        "yes" if row.comes_back else "**no**",
    )


def _voice_cells(row: VoiceRow) -> tuple[str, ...]:
    return (
        row.engine,
        row.voice,
        row.language,
        "–" if row.word_errors is None else f"{row.word_errors:.1%}",
        f"{row.first_words} {row.last_words}",
        f"{row.clipped_ms:.0f}",
        str(row.frames_off),
        str(row.clicks),
        f"{row.loudness_before:.1f}",
        f"{row.loudness:.1f}",
        f"{row.loudness_first:.1f}",
        f"{row.first_frame_ms:.0f}",
        f"{row.cpu_ms:.0f}",
    )
