"""The process that runs SVOX Pico, which never releases Python's interpreter lock, and may hang.

It reads lines of JSON, such as `{"text": "Guten Tag", "voice": "de-DE", "speed": 1.0}`. It answers each with four
bytes, the length of the audio (unsigned, big-endian), and the audio: PCM with 16 kHz, one channel, 16 bits,
little-endian. The length is 0 when there is nothing to say.
"""

import json
import struct
import sys
from typing import Final

from py_nanotts import NanoTTS

VOLUME: Final = 0.35
"""Pico's default volume of 1 clips the peaks of its voices."""
AUDIBLE: Final = 100
"""Audio whose peak is lower is the noise that Pico makes for a text with nothing to say."""


def main() -> None:
    """Answer requests until the input ends."""
    speech = NanoTTS()
    for line in sys.stdin.buffer:
        request = json.loads(line)
        pcm = speech.speak(request["text"], voice=request["voice"], speed=request["speed"], volume=VOLUME)
        if max(memoryview(pcm).cast("h"), default=0) < AUDIBLE:
            pcm = b""
        sys.stdout.buffer.write(struct.pack(">I", len(pcm)) + pcm)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
