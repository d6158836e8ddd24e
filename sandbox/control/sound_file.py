"""A sound file as the samples that a member says."""

import asyncio
import io
from typing import Final

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.error import FFmpegError

from sandbox.control.request_reader import WrongField
from sandbox.voice.opus_codec import SAMPLE_RATE, Samples

_KINDS: Final = (
    (b"RIFF", "wav"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
    (b"\xff\xf3", "mp3"),
    (b"\xff\xf2", "mp3"),
)
"""How files begin. ffmpeg is not left to guess: playlists, which it reads too, name other files and addresses."""


async def samples_in(file: bytes) -> Samples:
    """The sound of a file: WAV, Ogg, FLAC or MP3.

    Raises:
        WrongField: it has no sound.
    """
    return await asyncio.to_thread(_decoded, file)


def _decoded(file: bytes) -> Samples:
    resampler = AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
    kind = next((kind for start, kind in _KINDS if file.startswith(start)), None)
    if kind is None:
        raise WrongField("the file is no WAV, Ogg, FLAC or MP3")
    try:
        with av.open(io.BytesIO(file), mode="r", format=kind) as container:
            if not container.streams.audio:
                raise WrongField("the file has no sound")
            frames = [each for frame in container.decode(audio=0) for each in resampler.resample(frame)]
            frames.extend(resampler.resample(None))
    except FFmpegError as error:
        raise WrongField(f"the file cannot be read: {error}") from None
    pieces = [frame.to_ndarray()[0] for frame in frames]
    if not pieces:
        raise WrongField("the file has no sound")
    return np.concatenate(pieces).astype(np.int16)
