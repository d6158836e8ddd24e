"""The process that runs hibari, whose runtime holds Python's interpreter lock for a fifth of a second when it loads.

It reads lines of JSON, such as `{"text": "Good morning."}`, once the voice is loaded. It answers each with four bytes,
the length of the audio (unsigned, big-endian), and the audio: PCM with 24 kHz, one channel, 16 bits, little-endian. The
length is 0 when there is nothing to say.
"""

import json
import os
import struct
import sys
from typing import Final

AUDIBLE: Final = 0.003
"""Samples (from -1 to 1) that are quieter are not speech."""


def main() -> None:
    """Answer requests until the input ends."""
    # onnxruntime sends telemetry to its maker unless this is set before its import.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    from hibari import Hibari  # noqa: PLC0415 - see above

    speak = Hibari()
    speak("Ready.")  # builds the lexicon and warms the model up
    for line in sys.stdin.buffer:
        pcm = b""
        try:
            samples = speak(json.loads(line)["text"])
        except Exception as error:  # noqa: BLE001 - a text that it can't read costs no other one its voice
            sys.stderr.write(f"hibari failed on a text: {type(error).__name__}\n")
        else:
            if (abs(samples) > AUDIBLE).any():
                pcm = (samples.clip(-1.0, 1.0) * 32767.0).astype("<i2").tobytes()
        sys.stdout.buffer.write(struct.pack(">I", len(pcm)) + pcm)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
