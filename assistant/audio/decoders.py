"""Decode the audio of speech engines (MP3 or raw samples) to PCM, in pieces of any size."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Protocol

from av import AudioFrame, AudioStream, CodecContext, Packet
from av.audio.codeccontext import AudioCodecContext
from av.error import FFmpegError

_logger = logging.getLogger(__name__)

_SAMPLE_BYTES: Final = 2


class Decoder(Protocol):
    """Decodes one piece of speech. It blocks, and only one thread at a time may use it."""

    def decode(self, chunk: bytes) -> Iterable[AudioFrame]:
        """Take more bytes; return the PCM that they complete."""

    def finish(self) -> Iterable[AudioFrame]:
        """End the input; return the PCM that is left."""


DecoderFactory = Callable[[], Decoder]
"""Makes a decoder for one piece of speech."""


class Mp3Decoder:
    """MP3 without a container, as speech services send it. Damaged parts are skipped and logged."""

    def __init__(self) -> None:
        codec = CodecContext.create("mp3float", "r")
        assert isinstance(codec, AudioCodecContext)
        self._codec = codec
        self._damaged = 0

    def decode(self, chunk: bytes) -> Iterator[AudioFrame]:
        """See `Decoder.decode`."""
        for packet in self._codec.parse(chunk):
            yield from self._decode(packet)

    def finish(self) -> Iterator[AudioFrame]:
        """See `Decoder.finish`."""
        for packet in self._codec.parse(None):  # the parser keeps the last frame until the end
            yield from self._decode(packet)
        yield from self._decode(None)
        if self._damaged > 1:
            _logger.warning("%d more parts of that MP3 were damaged", self._damaged - 1)

    def _decode(self, packet: Packet[AudioStream] | None) -> Iterator[AudioFrame]:
        try:
            yield from self._codec.decode(packet)
        except FFmpegError as error:
            self._damaged += 1
            if self._damaged == 1:  # a hostile one has thousands
                _logger.warning("Skipped a damaged part of an MP3: %s", error)


class PcmDecoder:
    """16-bit little-endian samples of one channel, without a header."""

    def __init__(self, rate: int) -> None:
        """`rate` is in samples per second."""
        self._rate = rate
        self._cooldown = b""

    def decode(self, chunk: bytes) -> Iterator[AudioFrame]:
        """See `Decoder.decode`."""
        data = self._cooldown + chunk
        whole = len(data) - len(data) % _SAMPLE_BYTES
        self._cooldown = data[whole:]
        if whole:
            frame = AudioFrame(format="s16", layout="mono", samples=whole // _SAMPLE_BYTES)
            frame.sample_rate = self._rate
            frame.planes[0].update(data[:whole].ljust(frame.planes[0].buffer_size, b"\0"))
            yield frame

    def finish(self) -> Iterator[AudioFrame]:
        """See `Decoder.finish`. Half a sample is dropped."""
        return iter(())
