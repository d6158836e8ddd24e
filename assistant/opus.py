"""Any audio to Opus frames of 20 ms, in this process: no ffmpeg, no libopus on the machine.

A Discord call carries 48 kHz Opus in frames of 20 ms (https://discord.com/developers/docs/topics/voice-connections).
Everything here blocks and belongs into a worker thread.
"""

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import av
from av import AudioFifo, AudioFrame, CodecContext
from av.audio.codeccontext import AudioCodecContext
from av.error import FFmpegError

from assistant.errors import AudioUnreadable

_log = logging.getLogger(__name__)

FRAME_SECONDS: Final = 0.02
SILENCE: Final = b"\xf8\xff\xfe"
"""Discord's own silence frame; five of them end a stretch of speech, so that no decoder interpolates into it."""

_BIT_RATE: Final = 64_000
_CODED_RATE: Final = 24_000
"""What the engines speak in. libopus codes what lies under half of it, and the packets are the same for a call."""
_GATHERED_SECONDS: Final = 0.2
"""Converting costs by the piece more than by the sample; MP3 comes in pieces of 24 ms."""
_PROBING: Final = {"probesize": "4096"}
"""Else FFmpeg reads a whole WAV in search of other sound hidden in it, 7 ms before the first frame."""


class OpusEncoder:
    """PCM of any rate and layout in, packets of exactly one 20 ms frame out."""

    def __init__(self) -> None:
        self._source: tuple[int, str, str] | None = None
        self._codec: AudioCodecContext | None = None
        self._waiting = AudioFifo()
        self._enough = 0

    def encode(self, frame: AudioFrame) -> Iterator[bytes]:
        """Take one piece of PCM; yield the Opus frames that it completes, or keep it for the next piece.

        The first piece is never kept.
        """
        source = (frame.sample_rate, frame.layout.name, frame.format.name)
        if source != self._source:
            # A codec is bound to one input form; what it still holds belongs before the new form.
            yield from self.finish()
            self._source, self._codec, self._enough = source, _codec(), 1
        frame.pts = None
        self._waiting.write(frame)
        if self._waiting.samples >= self._enough:
            self._enough = round(frame.sample_rate * _GATHERED_SECONDS)
            yield from self._packets()

    def finish(self) -> Iterator[bytes]:
        """Yield what is left; the last frame is filled up with silence."""
        if self._codec is None:
            return
        yield from self._packets()
        for packet in self._codec.encode(None):
            yield bytes(packet)
        self._source, self._codec, self._waiting = None, None, AudioFifo()

    def _packets(self) -> Iterator[bytes]:
        piece = self._waiting.read()
        if self._codec is None or piece is None:
            return
        piece.pts = None
        for packet in self._codec.encode(piece):
            yield bytes(packet)


def opus_frames(audio: Path) -> Iterator[bytes]:
    """Yield the Opus frames of an audio file, the first long before the file is read to its end.

    :raises AudioUnreadable: there is no audio in the file. A damaged part of a file is left out and logged.
    """
    encoder = OpusEncoder()
    count = 0
    for frame in _pcm(audio):
        for packet in encoder.encode(frame):
            count += 1
            yield packet
    for packet in encoder.finish():
        count += 1
        yield packet
    if not count:
        raise AudioUnreadable(name=audio.name, size=audio.stat().st_size)


def _pcm(audio: Path) -> Iterable[AudioFrame]:
    try:
        with av.open(audio, options=_PROBING) as container:
            if not container.streams.audio:
                return
            for packet in container.demux(container.streams.audio[0]):
                try:
                    yield from packet.decode()
                except FFmpegError as error:
                    _log.warning("Left out a damaged part of %s: %s", audio.name, error)
    except FFmpegError as error:
        _log.warning("Stopped reading %s: %s", audio.name, error)


def _codec() -> AudioCodecContext:
    """libopus with all that costs CPU and is not heard left out (see `python -m bench.encoder`).

    It converts and cuts what it is given by itself: an `AudioResampler` before it would do so a second time.
    """
    codec = CodecContext.create("libopus", "w")
    assert isinstance(codec, AudioCodecContext)
    codec.sample_rate = _CODED_RATE
    codec.layout = "mono"
    codec.format = "s16"
    codec.bit_rate = _BIT_RATE
    codec.options = {"application": "lowdelay", "frame_duration": "20", "compression_level": "0"}
    return codec
