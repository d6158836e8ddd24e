"""Turns the bytes of one piece of speech into Opus frames, at the same loudness as all other speech."""

from collections.abc import Iterator
from typing import Final

from av import AudioFifo, AudioFrame

from assistant.audio.decoders import DecoderFactory
from assistant.audio.edge_silence import EdgeSilence
from assistant.audio.loudness import Amplifier, LoudnessMeter, VoiceLevel
from assistant.audio.opus import OpusEncoder
from assistant.audio.pauses import SENTENCE_PAUSE
from assistant.domain.errors import AudioUnreadable

_GATHERED_SECONDS: Final = 0.2
"""How much PCM is filtered and encoded at once: the cost is per piece, and MP3 comes in pieces of 24 ms."""


class SpeechEncoder:
    """Takes bytes and yields Opus frames as early as possible. It blocks, and only one thread at a time may use it."""

    def __init__(self, make_decoder: DecoderFactory, level: VoiceLevel, pause: float = SENTENCE_PAUSE) -> None:
        """Nothing is encoded yet.

        Args:
            make_decoder: makes a decoder for the bytes.
            level: gives the gain, and is updated from the speech.
            pause: how many seconds of the silence behind it are left at most.
        """
        self._decoder = make_decoder()
        self._level = level
        self._gain = level.gain
        self._meter = None if level.is_known else LoudnessMeter()
        self._pause = pause
        self._edges = EdgeSilence(pause)
        self._pcm: tuple[int, str, str] | None = None
        self._amplifier = Amplifier(self._gain)
        self._encoder = OpusEncoder()
        self._waiting = AudioFifo()
        self._enough = 0
        self._bytes = 0
        self._frames = 0

    def encode(self, chunk: bytes) -> Iterator[bytes]:
        """Take more bytes; yield the frames that they complete. The first PCM is encoded at once."""
        self._bytes += len(chunk)
        for pcm in self._decoder.decode(chunk):
            yield from self._take(pcm)

    def finish(self) -> Iterator[bytes]:
        """End the input; yield the frames that are left.

        Raises:
            AudioUnreadable: the bytes contained no sound.
        """
        for pcm in self._decoder.finish():
            yield from self._take(pcm)
        yield from self._drain()
        if not self._frames:
            raise AudioUnreadable(size=self._bytes)
        if self._meter is not None:
            self._level.add_measurement(self._meter.loudness, self._meter.seconds)

    def _take(self, pcm: AudioFrame) -> Iterator[bytes]:
        pcm_format = (pcm.sample_rate, pcm.layout.name, pcm.format.name)
        if pcm_format != self._pcm:
            # Filters and codec are set up for one format; what they still hold comes before the new one.
            if self._pcm is not None:
                self._meter = None  # a measurement across two formats would mean nothing
            yield from self._drain()
            self._pcm, self._enough = pcm_format, 1
        pcm.pts = None
        self._waiting.write(pcm)
        if self._waiting.samples >= self._enough:
            self._enough = round(pcm.sample_rate * _GATHERED_SECONDS)
            yield from self._pass_on()

    def _pass_on(self) -> Iterator[bytes]:
        gathered = self._waiting.read()
        if gathered is None:
            return
        if self._meter is not None:
            self._meter.measure(gathered)
        for heard in self._edges.shorten(gathered):
            yield from self._code(heard)

    def _code(self, heard: AudioFrame) -> Iterator[bytes]:
        for pcm in self._amplifier.amplify(heard):
            yield from self._counted(self._encoder.encode(pcm))

    def _drain(self) -> Iterator[bytes]:
        """Yield all that the stages hold, and replace them by new ones."""
        if self._pcm is None:
            return
        yield from self._pass_on()
        for heard in self._edges.finish():
            yield from self._code(heard)
        for pcm in self._amplifier.finish():
            yield from self._counted(self._encoder.encode(pcm))
        yield from self._counted(self._encoder.finish())
        self._amplifier, self._encoder, self._waiting = Amplifier(self._gain), OpusEncoder(), AudioFifo()
        self._edges = EdgeSilence(self._pause)

    def _counted(self, frames: Iterator[bytes]) -> Iterator[bytes]:
        for frame in frames:
            self._frames += 1
            yield frame
