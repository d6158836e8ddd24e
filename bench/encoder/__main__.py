"""`python -m bench.encoder`: what MP3 to Opus costs in each setting, and whether a listener understands the result.

It takes about eight minutes. Costs are CPU time, so a busy machine hardly changes them.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bench.common.machine_info import machine_info
from bench.common.measurement import write_measurement
from bench.encoder.encoder_settings import QUICK, settings
from bench.encoder.encoder_table import LEGEND, encoder_table
from bench.encoder.encoder_trial import try_all
from bench.encoder.recordings import SENTENCES, SOUND_RATE, Recording, record, write_wav
from tests.support.listener import Listener, word_error_rate

_REPEATS: Final = 7
_QUICK_REPEATS: Final = 2
_QUICK_SENTENCES: Final = 3


def main() -> int:
    """Try the settings and print the table; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.encoder", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few settings, sentences and rounds")
    parser.add_argument("--only", metavar="TEXT", help="only settings whose name contains this text")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to this file")
    arguments = parser.parse_args()
    print(f"{machine_info()}\n")
    chosen = [
        setting
        for setting in settings()
        if (not arguments.quick or setting.name in QUICK) and (arguments.only or "") in setting.name
    ]
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        recordings = record(SENTENCES[:_QUICK_SENTENCES] if arguments.quick else SENTENCES, folder)
        rows = try_all(chosen, recordings, _QUICK_REPEATS if arguments.quick else _REPEATS, folder)
        errors = _errors_without_opus(recordings, folder / "heard.wav")
    print(f"{LEGEND}\n\n{encoder_table(rows)}\n\n- word errors in the MP3 itself: {errors:.1%}")
    if arguments.json is not None:
        write_measurement(arguments.json, [asdict(row) for row in rows])
    return 0


def _errors_without_opus(recordings: Sequence[Recording], wav: Path) -> float:
    heard = []
    with Listener() as listener:
        for recording in recordings:
            write_wav(recording.sound, SOUND_RATE, wav)
            heard.append(listener.transcribe(wav))
    return word_error_rate(" ".join(recording.sentence for recording in recordings), " ".join(heard))


if __name__ == "__main__":
    sys.exit(main())
