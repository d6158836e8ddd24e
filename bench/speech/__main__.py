"""`python -m bench.speech`: how text is said, what is heard while engines fail, and how the voices sound.

It takes about ten minutes. Google and hosted speech, and their voices, are stand-ins on this machine.
"""

import argparse
import asyncio
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bench.common.machine_info import machine_info
from bench.common.measurement import write_measurement
from bench.speech.english_sentences import ENGLISH
from bench.speech.normalization_cases import count_texts
from bench.speech.service_outages import try_outages
from bench.speech.speech_tables import speech_tables
from bench.speech.voice_samples import try_voices

_QUICK_SENTENCES: Final = 3


def main() -> int:
    """Measure and print the tables; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.speech", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few faults and sentences")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to this file")
    arguments = parser.parse_args()
    print(f"{machine_info()}\n")
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        texts = count_texts()
        outages = asyncio.run(try_outages(Path(name), quick=arguments.quick))
        sentences = ENGLISH[:_QUICK_SENTENCES] if arguments.quick else ENGLISH
        voices = asyncio.run(try_voices(sentences, Path(name)))
    print(speech_tables(texts, outages, voices))
    if arguments.json is not None:
        as_json = {
            "texts": [asdict(row) for row in texts],
            "outages": [asdict(row) for row in outages],
            "voices": [asdict(row) for row in voices],
        }
        write_measurement(arguments.json, as_json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
