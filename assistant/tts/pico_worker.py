"""A process that speaks: SVOX Pico computes in C without ever letting go of the interpreter, and may hang.

It reads lines of JSON, `{"text": "Guten Tag", "voice": "de-DE", "speed": 1.0}`, and answers each with four bytes, the
length of what follows (unsigned, big-endian), and so many bytes of PCM: 16 kHz, one channel, 16 bits, little-endian;
none where there is nothing to say.
"""

import json
import struct
import sys
from typing import Final

from py_nanotts import NanoTTS

VOLUME: Final = 0.35
"""Pico's own volume of 1 cuts the peaks of its voices off."""
AUDIBLE: Final = 100
"""A peak below it is the noise that Pico makes of a text with nothing to say."""


def main() -> None:
    """Answer until the input ends."""
    speech = NanoTTS()
    for line in sys.stdin.buffer:
        order = json.loads(line)
        pcm = speech.speak(order["text"], voice=order["voice"], speed=order["speed"], volume=VOLUME)
        if max(memoryview(pcm).cast("h"), default=0) < AUDIBLE:
            pcm = b""
        sys.stdout.buffer.write(struct.pack(">I", len(pcm)) + pcm)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
