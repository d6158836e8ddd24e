"""Any audio to Opus frames of 20 ms, in this process: no ffmpeg, no libopus on the machine.

A Discord call carries 48 kHz Opus in frames of 20 ms (https://discord.com/developers/docs/topics/voice-connections).
Everything here blocks and belongs into a worker thread.
"""

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import av
from av import AudioFrame, AudioResampler, CodecContext
from av.audio.codeccontext import AudioCodecContext
from av.error import FFmpegError

from assistant.errors import AudioUnreadable

_log = logging.getLogger(__name__)

FRAME_SECONDS: Final = 0.02
SAMPLE_RATE: Final = 48_000
SAMPLES_PER_FRAME: Final = 960
SILENCE: Final = b"\xf8\xff\xfe"
"""Discord's own silence frame; five of them end a stretch of speech, so that no decoder interpolates into it."""

_BIT_RATE: Final = 64_000


class OpusEncoder:
    """PCM of any rate and layout in, packets of exactly one 20 ms frame out."""

    def __init__(self) -> None:
        # `lowdelay` costs a third of `voip` and is as intelligible at this rate (see bench/).
        codec = CodecContext.create("libopus", "w")
        assert isinstance(codec, AudioCodecContext)
        codec.sample_rate = SAMPLE_RATE
        codec.layout = "mono"
        codec.format = "s16"
        codec.bit_rate = _BIT_RATE
        codec.options = {"application": "lowdelay", "frame_duration": "20"}
        self._codec = codec
        self._resampler: AudioResampler | None = None
        self._source: tuple[int, str, str] | None = None

    def encode(self, frame: AudioFrame) -> Iterator[bytes]:
        """Take one piece of PCM; yield the Opus frames that it completes."""
        source = (frame.sample_rate, frame.layout.name, frame.format.name)
        if source != self._source:
            # A resampler is bound to one input form; what it still holds belongs before the new form.
            yield from self._drain_resampler()
            self._resampler = AudioResampler(
                format="s16", layout="mono", rate=SAMPLE_RATE, frame_size=SAMPLES_PER_FRAME
            )
            self._source = source
        assert self._resampler is not None
        frame.pts = None
        for piece in self._resampler.resample(frame):
            yield from self._packets(piece)

    def finish(self) -> Iterator[bytes]:
        """Yield what is left; the last frame is filled up with silence."""
        yield from self._drain_resampler()
        for packet in self._codec.encode(None):
            yield bytes(packet)

    def _drain_resampler(self) -> Iterator[bytes]:
        if self._resampler is None:
            return
        for piece in self._resampler.resample(None):
            yield from self._packets(piece)

    def _packets(self, piece: AudioFrame) -> Iterator[bytes]:
        whole = piece if piece.samples == SAMPLES_PER_FRAME else _filled(piece)
        whole.pts = None
        for packet in self._codec.encode(whole):
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
    for packet in encoder.finish() if count else ():
        count += 1
        yield packet
    if not count:
        raise AudioUnreadable(name=audio.name, size=audio.stat().st_size)


def _pcm(audio: Path) -> Iterable[AudioFrame]:
    try:
        with av.open(audio) as container:
            if not container.streams.audio:
                return
            for packet in container.demux(container.streams.audio[0]):
                try:
                    yield from packet.decode()
                except FFmpegError as error:
                    _log.warning("Left out a damaged part of %s: %s", audio.name, error)
    except FFmpegError as error:
        _log.warning("Stopped reading %s: %s", audio.name, error)


def _filled(piece: AudioFrame) -> AudioFrame:
    """The same mono s16 samples, with silence up to a whole frame."""
    whole = AudioFrame(format="s16", layout="mono", samples=SAMPLES_PER_FRAME)
    whole.sample_rate = SAMPLE_RATE
    plane = bytes(piece.planes[0])[: piece.samples * 2]
    whole.planes[0].update(plane.ljust(whole.planes[0].buffer_size, b"\0"))
    return whole
