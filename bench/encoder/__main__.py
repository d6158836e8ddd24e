"""`python -m bench.encoder`: what MP3 to Opus costs in each setting, and whether it is understood.

It takes about eight minutes. Costs are CPU time, so a busy machine hardly changes them.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bench.common.machine_info import machine_info
from bench.encoder.encoder_settings import QUICK, settings
from bench.encoder.encoder_trial import EncoderRow, try_all
from bench.encoder.recordings import SENTENCES, SOUND_RATE, Recording, record, write_wav
from tests.support.listener import Listener, word_error_rate

_REPEATS: Final = 7
_QUICK_REPEATS: Final = 2
_QUICK_SENTENCES: Final = 3
_HEAD: Final = (
    "setting",
    "decode and resample, CPU ms",
    "encode, CPU ms",
    "all, CPU ms",
    "first frame, ms",
    "bytes/s",
    "word errors",
    "distance, dB",
    "padding, ms",
    "coded as",
    "packets not of one 20 ms frame",
)
_LEGEND: Final = """\
CPU times are for 10 s of speech: 24 kHz MP3 as Google sends it, the median of several rounds. "Before" is av.open, an
AudioResampler to 48 kHz s16, and libopus with lowdelay, complexity 10 and 64 kbit/s, whose context cuts the frames
again in a filter of its own; "best" is an MP3 parser, pieces of 4800 samples, and libopus with 24 kHz s16, lowdelay,
complexity 0 and 64 kbit/s, whose context converts and cuts by itself; "assistant" is `assistant/audio/opus.py` as it
is. With one converter, "decode and resample" is that of an AudioResampler that does the same. Distance is the mean
difference from the MP3 in a third of an octave and 20 ms. Padding is what a sentence's frames last longer than its MP3.
"Of WAV" starts from the same speech as the offline voice writes it, which lacks what MP3 adds at both ends."""


def main() -> int:
    """Try the settings and print the table; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.encoder", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few settings, sentences and rounds")
    parser.add_argument("--only", metavar="NAME", help="the settings whose name contains this")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there")
    arguments = parser.parse_args()
    chosen = [
        setting
        for setting in settings()
        if (not arguments.quick or setting.name in QUICK) and (arguments.only or "") in setting.name
    ]
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        cache = record(SENTENCES[:_QUICK_SENTENCES] if arguments.quick else SENTENCES, folder)
        rows = try_all(chosen, cache, _QUICK_REPEATS if arguments.quick else _REPEATS, folder)
        errors = _errors_without_opus(cache, folder / "heard.wav")
    print(f"{_LEGEND}\n\n{table(rows)}\n\n- word errors in the MP3 itself: {errors:.1%}\n- machine: {machine_info()}")
    if arguments.json is not None:
        arguments.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), "utf-8")
    return 0


def table(rows: Sequence[EncoderRow]) -> str:
    """One line of Markdown for each row."""
    lines = [_HEAD, tuple("---" for _ in _HEAD), *map(_cells, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cells(row: EncoderRow) -> tuple[str, ...]:
    return (
        row.setting,
        "–" if row.converting_ms is None else f"{row.converting_ms:.1f}",
        "–" if row.encoding_ms is None else f"{row.encoding_ms:.1f}",
        f"{row.total_ms:.1f}",
        f"{row.first_frame_ms:.2f}",
        f"{row.bytes_per_second:.0f}",
        f"{row.word_errors:.1%}",
        f"{row.distance:.2f}",
        f"{row.padding_ms:.0f}",
        row.coded,
        str(row.irregular),
    )


def _errors_without_opus(cache: Sequence[Recording], wav: Path) -> float:
    heard = []
    with Listener() as listener:
        for recording in cache:
            write_wav(recording.sound, SOUND_RATE, wav)
            heard.append(listener.transcribe(wav))
    return word_error_rate(" ".join(recording.sentence for recording in cache), " ".join(heard))


if __name__ == "__main__":
    sys.exit(main())
