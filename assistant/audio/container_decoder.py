"""Audio in containers: Ogg, FLAC, MP4, WebM, AAC and a few more."""

import logging
from collections.abc import Iterator
from io import BytesIO
from typing import Final

import av
from av import AudioFrame
from av.container import InputContainer
from av.error import FFmpegError

from assistant.audio.plausible import is_plausible

_logger = logging.getLogger(__name__)

_FIRST_BYTES: Final = 4096
"""How much is waited for before the beginning is read: with Opus a second, with FLAC a fifth."""
_HELD_BACK: Final = 2
"""How many frames at the end of a part are not trusted: they may be cut."""


class ContainerDecoder:
    """Reads the beginning whenever twice as much has come, and goes on where it was: FFmpeg can't be fed in pieces."""

    def __init__(self, form: str) -> None:
        """`form` is FFmpeg's name of the container; no other is tried, whatever the bytes are."""
        self._form = form
        self._buffer = bytearray()
        self._enough = _FIRST_BYTES
        self._given = 0
        """How many frames were given so far."""

    def decode(self, chunk: bytes) -> Iterator[AudioFrame]:
        """See `Decoder.decode`."""
        self._buffer += chunk
        if len(self._buffer) >= self._enough:
            self._enough = 2 * len(self._buffer)
            held: list[AudioFrame] = []
            for frame in self._frames(is_whole=False):
                held.append(frame)
                if len(held) > _HELD_BACK:
                    self._given += 1
                    yield held.pop(0)

    def finish(self) -> Iterator[AudioFrame]:
        """See `Decoder.finish`."""
        for frame in self._frames(is_whole=True):
            self._given += 1
            yield frame

    def _frames(self, *, is_whole: bool) -> Iterator[AudioFrame]:
        """The frames that are not given yet; what is damaged ends them."""
        given = self._given
        try:
            with av.open(BytesIO(self._buffer), format=self._form) as container:
                assert isinstance(container, InputContainer)
                if not container.streams.audio:
                    return
                for number, frame in enumerate(container.decode(audio=0)):
                    if not is_plausible(frame.sample_rate, frame.layout.nb_channels):
                        _logger.warning("Audio as %s has a rate of %d Hz", self._form, frame.sample_rate)
                        return
                    if number >= given:
                        yield frame
        except FFmpegError as error:
            if is_whole:
                _logger.warning("Audio as %s can't be read to its end: %s", self._form, error)
