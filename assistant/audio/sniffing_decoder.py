"""Tells what audio is by its first bytes, whatever it is called, and decodes it for that."""

from collections.abc import Iterable, Iterator
from typing import Final

from av import AudioFrame

from assistant.audio.container_decoder import ContainerDecoder
from assistant.audio.decoders import Decoder, Mp3Decoder
from assistant.audio.wav import WavDecoder

HEAD_BYTES: Final = 16
"""As many of the first bytes tell it."""
_ID3_BYTES: Final = 10
_ID3_FOOTER: Final = 0x10

MP3: Final = "mp3"
ID3: Final = "id3"
"""A tag, before MP3 or something else."""
AAC: Final = "aac"
WAV: Final = "wav"
SYNC_ONLY: Final = (MP3, AAC)
"""Forms that are known by no more than eleven bits at their beginning; samples may begin like that."""
_SYNC_BYTES: Final = 3
_MAGIC: Final = (
    (0, b"ID3", ID3),
    (0, b"RIFF", WAV),
    (0, b"RIFX", WAV),
    (0, b"RF64", WAV),
    (0, b"OggS", "ogg"),
    (0, b"fLaC", "flac"),
    (0, b"\x1aE\xdf\xa3", "matroska"),
    (4, b"ftyp", "mov"),
    (4, b"moov", "mov"),
    (0, b"FORM", "aiff"),
    (0, b"caff", "caf"),
    (0, b".snd", "au"),
)
"""Where which bytes stand, and FFmpeg's name of what they begin."""


def audio_format_of(head: bytes) -> str | None:
    """What `head`, the first HEAD_BYTES or all there are, begins: FFmpeg's name of it, or ID3; None if unknown."""
    for start, magic, form in _MAGIC:
        if head[start : start + len(magic)] == magic:
            return form
    if len(head) < _SYNC_BYTES or head[0] != 0xFF:
        return None
    if head[1] & 0xF6 == 0xF0:  # ADTS, of which the layer is 0
        return AAC
    is_layer_3 = head[1] & 0xE6 == 0xE2 and head[1] & 0x18 != 0x08
    return MP3 if is_layer_3 and head[2] < 0xF0 and head[2] & 0x0C != 0x0C else None


class SniffingDecoder:
    """Decodes audio of any usual form. What is not known is tried as MP3, in which damaged parts are skipped."""

    def __init__(self) -> None:
        self._head = b""
        self._skipped = 0
        self._decoder: Decoder | None = None

    def decode(self, chunk: bytes) -> Iterable[AudioFrame]:
        """See `Decoder.decode`."""
        if self._decoder is not None:
            return self._decoder.decode(chunk)
        self._head += chunk
        return self._begin(HEAD_BYTES)

    def finish(self) -> Iterator[AudioFrame]:
        """See `Decoder.finish`."""
        if self._decoder is None:
            yield from self._begin(1)
        if self._decoder is not None:
            yield from self._decoder.finish()

    def _begin(self, enough: int) -> Iterable[AudioFrame]:
        """Choose the decoder once there is enough, and have it decode that; a tag is skipped."""
        form: str | None = ID3
        while form == ID3:
            gone = min(self._skipped, len(self._head))
            self._head, self._skipped = self._head[gone:], self._skipped - gone
            if len(self._head) < enough:
                return ()
            form = audio_format_of(self._head)
            if form == ID3:
                self._skipped = _size_of_tag(self._head)
        self._decoder = _decoder_for(form)
        head, self._head = self._head, b""
        return self._decoder.decode(head)


def _size_of_tag(head: bytes) -> int:
    """How long an ID3 tag is, of whose size each byte has seven bits (https://id3.org/id3v2.4.0-structure)."""
    flags, *digits = head[5:_ID3_BYTES].ljust(_ID3_BYTES - 5, b"\0")
    size = 0
    for digit in digits:
        size = size << 7 | digit & 0x7F
    return _ID3_BYTES + size + (_ID3_BYTES if flags & _ID3_FOOTER else 0)


def _decoder_for(form: str | None) -> Decoder:
    match form:
        case None | "mp3":
            return Mp3Decoder()
        case "wav":
            return WavDecoder()
        case _:
            return ContainerDecoder(form)
