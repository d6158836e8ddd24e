"""One piece of speech on its way from an engine's bytes to Opus frames, made as loud as all other speech."""

from collections.abc import Iterator
from typing import Final

from av import AudioFifo, AudioFrame

from assistant.audio.decoders import DecoderFactory
from assistant.audio.loudness import Amplifier, LoudnessMeter, VoiceLevel
from assistant.audio.opus import OpusEncoder
from assistant.domain.errors import AudioUnreadable

_GATHERED_SECONDS: Final = 0.2
"""Filtering and converting cost by the piece more than by the sample; MP3 comes in pieces of 24 ms."""


class SpeechEncoder:
    """Bytes in, Opus frames out, the first long before the last bytes. Blocking; used by one thread at a time."""

    def __init__(self, make_decoder: DecoderFactory, level: VoiceLevel) -> None:
        """`make_decoder` makes a decoder for the bytes. `level` gives the gain, and is updated from the speech."""
        self._decoder = make_decoder()
        self._level = level
        self._gain = level.gain
        self._meter = None if level.is_known else LoudnessMeter()
        self._pcm: tuple[int, str, str] | None = None
        self._amplifier = Amplifier(self._gain)
        self._encoder = OpusEncoder()
        self._waiting = AudioFifo()
        self._enough = 0
        self._bytes = 0
        self._frames = 0

    def encode(self, chunk: bytes) -> Iterator[bytes]:
        """Take more bytes; yield the frames that they complete. The first PCM is never held back."""
        self._bytes += len(chunk)
        for pcm in self._decoder.decode(chunk):
            yield from self._take(pcm)

    def finish(self) -> Iterator[bytes]:
        """No bytes will follow: yield the frames that are left.

        Raises:
            AudioUnreadable: there was no sound in any of them.
        """
        for pcm in self._decoder.finish():
            yield from self._take(pcm)
        yield from self._drain()
        if not self._frames:
            raise AudioUnreadable(size=self._bytes)
        if self._meter is not None:
            self._level.heard(self._meter.loudness, self._meter.seconds)

    def _take(self, pcm: AudioFrame) -> Iterator[bytes]:
        form = (pcm.sample_rate, pcm.layout.name, pcm.format.name)
        if form != self._pcm:
            # Filters and codec are bound to one form; what they still hold belongs before the new one.
            if self._pcm is not None:
                self._meter = None  # what was measured would not be one piece of speech
            yield from self._drain()
            self._pcm, self._enough = form, 1
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
        for pcm in self._amplifier.amplify(gathered):
            yield from self._counted(self._encoder.encode(pcm))

    def _drain(self) -> Iterator[bytes]:
        """Yield all that the stages hold, and begin anew."""
        if self._pcm is None:
            return
        yield from self._pass_on()
        for pcm in self._amplifier.finish():
            yield from self._counted(self._encoder.encode(pcm))
        yield from self._counted(self._encoder.finish())
        self._amplifier, self._encoder, self._waiting = Amplifier(self._gain), OpusEncoder(), AudioFifo()

    def _counted(self, frames: Iterator[bytes]) -> Iterator[bytes]:
        for frame in frames:
            self._frames += 1
            yield frame
