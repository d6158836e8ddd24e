"""The process that runs Moonshine's tiny English model: 190 MB that come when somebody speaks, and go again.

It reads lines of JSON, such as `{"bytes": 64000}`, and behind each that many bytes of sound: signed 16 bits,
little-endian, 16 kHz, one channel. It answers each with four bytes, the length of the text (unsigned, big-endian), and
the text in UTF-8; the length is 0 when nothing was said.
"""

from __future__ import annotations

import json
import os
import re
import struct
import sys
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from moonshine_voice.moonshine_api import ModelArch
from moonshine_voice.transcriber import Transcriber  # the package's module for microphones would need PortAudio
from moonshine_voice.utils import get_model_path

RATE: Final = 16_000
LONGEST: Final = 8 * RATE
"""Samples that are recognized at once. Its memory grows with the square of their number: 8 s take it to 220 MB, 30 s to
390 MB."""
SHORTEST: Final = 4 * RATE
"""A longer stretch is cut where it is softest, behind so many samples."""
WINDOW: Final = RATE // 10
"""The length of the softest place, in samples."""
SILENT: Final = 100
"""About -50 dBFS. The model hears "You" in what is softer."""
CIRCLE: Final = re.compile(r"\b(\w+(?:\W+\w+){0,4}?)(?:\W+\1\b){3}", re.IGNORECASE)
"""The same few words four times."""
ENDLESS: Final = re.compile(r"\b(\w+(?:\W+\w+){0,4}?)(?:\W+\1\b){9,}", re.IGNORECASE)
"""The same few words ten times or more, which nobody says: the model has not found the end."""
MOST_MEMORY: Final = 250 * 2**20
"""Bytes. A process that has come to hold more ends behind its answer, and is started anew."""
NICENESS: Final = 5
"""The frames of answers come first."""


def main() -> None:
    """Answer requests until the input ends."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    # Without its own detector of voices, which would cut a sentence at each pause: ours has done that.
    options = {"return_audio_data": "false", "vad_threshold": "0"}
    recognizer = Transcriber(str(get_model_path("tiny-en")), ModelArch.TINY, options=options)
    for line in sys.stdin.buffer:
        samples = array("h", sys.stdin.buffer.read(json.loads(line)["bytes"]))
        if sys.byteorder == "big":
            samples.byteswap()
        text = " ".join(filter(None, (recognized(recognizer, piece) for piece in pieces_of(samples)))).encode()
        sys.stdout.buffer.write(struct.pack(">I", len(text)) + text)
        sys.stdout.buffer.flush()
        if memory_used() > MOST_MEMORY:
            return


def recognized(recognizer: Transcriber, samples: array[int]) -> str:
    """The text of one piece."""
    if not samples or (max(samples) < SILENT and -min(samples) < SILENT):
        return ""
    floats = array("f", map((1 / 32_768).__mul__, samples))
    lines = recognizer.transcribe_without_streaming(floats, RATE).lines
    text = " ".join(line.text.strip() for line in lines)
    if len(samples) > SHORTEST and is_unfinished(text):
        cut = softest_place(samples, len(samples) // 3, len(samples) * 2 // 3)
        text = " ".join(filter(None, (recognized(recognizer, part) for part in (samples[:cut], samples[cut:]))))
    return ENDLESS.sub(r"\1", text)


def is_unfinished(text: str) -> bool:
    """Whether the model has run out of tokens, or goes in circles: what is said is too much for it at once."""
    return not text.endswith((".", "!", "?")) or CIRCLE.search(text) is not None


def pieces_of(samples: array[int]) -> Iterator[array[int]]:
    """The sound in pieces that are short enough, cut where it is softest."""
    while len(samples) > LONGEST:
        cut = softest_place(samples, SHORTEST, LONGEST)
        yield samples[:cut]
        samples = samples[cut:]
    yield samples


def softest_place(samples: array[int], begin: int, end: int) -> int:
    """The middle of the softest tenth of a second between two places."""
    starts = range(begin, end - WINDOW, WINDOW)
    return min(starts, key=lambda start: sum(map(abs, samples[start : start + WINDOW]))) + WINDOW // 2


def memory_used() -> int:
    """Bytes that this process holds; 0 where there is no /proc."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
