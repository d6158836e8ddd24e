"""`python -m bench.speech`: what is said of text, what is heard while engines fail, and how the voices sound.

It takes about ten minutes. Google, hosted speech and their voices are stand-ins on this machine.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bench.common.machine_info import machine_info
from bench.speech.normalization_cases import TextRow, texts
from bench.speech.service_outages import OutageRow, outages, summary
from bench.speech.voice_quality import VoiceRow
from bench.speech.voice_samples import voice_samples
from bench.speech.word_errors import ENGLISH

_QUICK_SENTENCES: Final = 3

_TEXT_HEAD: Final = ("language", "cases", "passed", "not passed, known")
_OUTAGE_HEAD: Final = (
    "engine",
    "fault for three sentences",
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
    "clipped at most, ms",
    "frames too few or many",
    "clicks at joins",
    "LUFS of the engine",
    "LUFS as heard",
    "first sentence, LUFS",
    "first frame, ms",
    "CPU for 1 s of speech, ms",
)
_OUTAGE_LEGEND: Final = """\
A fault lasts for three sentences; hibari stands behind the engine, a service may be silent for 2 s, and nobody has
heard anything of a sentence when it fails, unless the row says so."""
_VOICE_LEGEND: Final = """\
Each voice says the same sentences, through decoder, loudness and Opus, to what a member hears. Clipped is what is
missing of the audible part of a sentence. Loudness is by EBU R128; the first sentence comes before anything of the
voice was measured. Google and hosted speech are stand-ins with hibari's voice, whose share of the CPU is counted in."""


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.speech", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few faults and sentences")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        said = texts()
        failed = asyncio.run(outages(Path(name), quick=arguments.quick))
        sentences = ENGLISH[:_QUICK_SENTENCES] if arguments.quick else ENGLISH
        heard = asyncio.run(voice_samples(sentences, Path(name)))
    print(report(said, failed, heard))
    if arguments.json is not None:
        as_json = {
            "texts": [asdict(row) for row in said],
            "outages": [asdict(row) for row in failed],
            "voices": [asdict(row) for row in heard],
        }
        arguments.json.write_text(json.dumps(as_json, indent=1), "utf-8")
    return 0


def report(said: Sequence[TextRow], failed: Sequence[OutageRow], heard: Sequence[VoiceRow]) -> str:
    """The three tables."""
    total = TextRow(language="all", cases=sum(row.cases for row in said), passed=sum(row.passed for row in said))
    return "\n\n".join(
        (
            _table(_TEXT_HEAD, [_text_cells(row) for row in [*said, total]]),
            f"{_OUTAGE_LEGEND}\n\n{_table(_OUTAGE_HEAD, [_outage_cells(row) for row in failed])}\n\n{summary(failed)}",
            f"{_VOICE_LEGEND}\n\n{_table(_VOICE_HEAD, [_voice_cells(row) for row in heard])}",
            f"- machine: {machine_info()}",
        )
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *rows])


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


if __name__ == "__main__":
    sys.exit(main())
