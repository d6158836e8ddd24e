"""From MP3 to Opus frames, with a parameter for every choice that `assistant/audio/opus.py` makes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import av
from av import AudioFifo, AudioFrame, AudioResampler, CodecContext
from av.audio.codeccontext import AudioCodecContext

FRAMES_PER_SECOND: Final = 50
_CHUNK_BYTES: Final = 1024

Reader = Callable[[Path], Iterator[AudioFrame]]
"""Decodes an audio file, one piece at a time."""


def by_container(audio: Path, format_name: str | None = None, probe_bytes: int | None = None) -> Iterator[AudioFrame]:
    """Let FFmpeg open the file; without a `format_name` it guesses the format from 5 MB or `probe_bytes` of it."""
    options = {} if probe_bytes is None else {"probesize": str(probe_bytes)}
    with av.open(audio, format=format_name, options=options) as container:
        for packet in container.demux(container.streams.audio[0]):
            yield from packet.decode()


def from_wav(audio: Path, probe_bytes: int | None = None) -> Iterator[AudioFrame]:
    """Let FFmpeg open the WAV beside an MP3 (see `Recording`)."""
    yield from by_container(audio.with_suffix(".wav"), probe_bytes=probe_bytes)


def by_parser(
    audio: Path, decoder_name: str = "mp3float", chunk_bytes: int = _CHUNK_BYTES, threads: int | None = None
) -> Iterator[AudioFrame]:
    """Decode the file's bytes as if they came from the network, `chunk_bytes` at a time."""
    with audio.open("rb") as file:
        yield from from_chunks(iter(lambda: file.read(chunk_bytes), b""), decoder_name, threads)


def from_chunks(
    chunks: Iterable[bytes], decoder_name: str = "mp3float", threads: int | None = None
) -> Iterator[AudioFrame]:
    """Decode MP3 that comes in pieces of any size."""
    decoder = CodecContext.create(decoder_name, "r")
    assert isinstance(decoder, AudioCodecContext)
    if threads is not None:
        decoder.thread_count, decoder.thread_type = threads, "AUTO"
    for chunk in chunks:
        for packet in decoder.parse(chunk):
            yield from decoder.decode(packet)
    for packet in decoder.parse(None):  # the parser keeps the last frame until it knows that the input has ended
        yield from decoder.decode(packet)
    yield from decoder.decode(None)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Decoder, converter and encoder; the defaults are what `bench.encoder` recommends."""

    reader: Reader = by_parser
    """How the file is decoded."""
    gather: int = 4_800
    """How many samples are gathered before they are converted, except the first piece; 0 gathers nothing."""
    converters: int = 1
    """1: the encoder converts; 2: an `AudioResampler` does, and the encoder cuts the same frames once more."""
    resampling: Mapping[str, str] = field(default_factory=dict)
    """Options of that `AudioResampler`."""
    rate: int = 24_000
    """The encoder's input, in samples per second."""
    sample_format: str = "s16"
    """The encoder's input: "s16" or "flt"."""
    application: str = "lowdelay"
    """libopus' application: "voip", "audio" or "lowdelay"."""
    complexity: int = 0
    """libopus' complexity, 0 to 10."""
    bit_rate: int = 64_000
    """The target, in bits per second."""
    options: Mapping[str, str] = field(default_factory=dict)
    """More options of FFmpeg's libopus encoder."""

    def frames(self, audio: Path) -> Iterator[bytes]:
        """The Opus frames of an MP3."""
        encoder = self._encoder()
        for piece in self.converted(audio) if self.converters == 2 else self._pieces(audio):
            for packet in encoder.encode(piece):
                yield bytes(packet)
        for packet in encoder.encode(None):
            yield bytes(packet)

    def converted(self, audio: Path) -> Iterator[AudioFrame]:
        """The audio in the form that libopus takes, in pieces of 20 ms; the last one is padded with silence."""
        size = self.rate // FRAMES_PER_SECOND
        resampler = AudioResampler(self.sample_format, "mono", self.rate, size, dict(self.resampling))
        for piece in self._pieces(audio):
            for whole in resampler.resample(piece):
                whole.pts = None
                yield whole
        for last in resampler.resample(None):
            yield _filled(last, size)

    def _pieces(self, audio: Path) -> Iterator[AudioFrame]:
        fifo = AudioFifo()
        enough = 1  # the first piece is passed on at once: somebody is waiting for the first frame
        for piece in self.reader(audio):
            piece.pts = None
            if not self.gather:
                yield piece
                continue
            fifo.write(piece)
            if fifo.samples >= enough and (gathered := fifo.read()) is not None:
                enough = self.gather
                yield gathered
        if (rest := fifo.read()) is not None:
            yield rest

    def _encoder(self) -> AudioCodecContext:
        encoder = CodecContext.create("libopus", "w")
        assert isinstance(encoder, AudioCodecContext)
        encoder.sample_rate, encoder.layout, encoder.format = self.rate, "mono", self.sample_format
        encoder.bit_rate = self.bit_rate
        encoder.options = {
            "application": self.application,
            "frame_duration": "20",
            "compression_level": str(self.complexity),
            **self.options,
        }
        return encoder


def _filled(piece: AudioFrame, size: int) -> AudioFrame:
    whole = AudioFrame(format=piece.format.name, layout="mono", samples=size)
    whole.sample_rate = piece.sample_rate
    plane = bytes(piece.planes[0])[: piece.samples * piece.format.bytes]
    whole.planes[0].update(plane.ljust(whole.planes[0].buffer_size, b"\0"))
    return whole
