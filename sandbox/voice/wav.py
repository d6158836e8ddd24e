"""Heard frames as a WAV file, each where it arrived."""

import logging
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from av.error import FFmpegError

from sandbox.voice.opus_codec import SAMPLE_RATE, OpusDecoder
from sandbox.voice.opus_packet import is_opus

_SAMPLE_BYTES: Final = 2
_JITTER_SECONDS: Final = 0.06
"""A frame no later than this follows its predecessor without a gap: a player's jitter buffer does the same."""


_logger = logging.getLogger(__name__)


def write_wav(frames: Sequence[tuple[float, bytes]], path: Path) -> None:
    """Decodes Opus frames and writes them to `path`: 48 kHz, mono, 16 bits.

    Each of `frames` is its arrival in seconds and the Opus packet; the file begins with the first arrival.
    A silence between arrivals stays one; frames that came in a burst are played one after the other. What cannot be
    decoded, such as the OpusHead and OpusTags of an Ogg file, is left out and logged.
    """
    samples = bytearray()
    decoder = OpusDecoder()
    start = frames[0][0] if frames else 0.0
    for arrival, opus in frames:
        place = round((arrival - start) * SAMPLE_RATE) * _SAMPLE_BYTES
        if place - len(samples) > _JITTER_SECONDS * SAMPLE_RATE * _SAMPLE_BYTES:
            samples.extend(bytes(place - len(samples)))
        samples.extend(_decoded(decoder, opus))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(_SAMPLE_BYTES)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(bytes(samples))


def _decoded(decoder: OpusDecoder, opus: bytes) -> bytes:
    if not is_opus(opus):
        _logger.warning("a packet of %d bytes is no Opus: %r", len(opus), opus[:16])
        return b""
    try:
        return decoder.decode(opus)
    except FFmpegError as error:
        # A listener's client goes on with the next packet too.
        _logger.warning("a packet of %d bytes cannot be decoded: %s", len(opus), error)
        return b""
