"""A sound file as the samples that a member says."""

import asyncio
import io

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.error import FFmpegError

from sandbox.control.request_reader import WrongField
from sandbox.voice.opus_codec import SAMPLE_RATE, Samples


async def samples_in(file: bytes) -> Samples:
    """The sound of a file of any kind that ffmpeg reads, WAV above all.

    Raises:
        WrongField: it has no sound.
    """
    return await asyncio.to_thread(_decoded, file)


def _decoded(file: bytes) -> Samples:
    resampler = AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
    try:
        with av.open(io.BytesIO(file), mode="r") as container:
            if not container.streams.audio:
                raise WrongField("the file has no sound")
            frames = [each for frame in container.decode(audio=0) for each in resampler.resample(frame)]
            frames.extend(resampler.resample(None))
    except FFmpegError as error:
        raise WrongField(f"the file is no sound that can be read: {error}") from None
    pieces = [frame.to_ndarray()[0] for frame in frames]
    if not pieces:
        raise WrongField("the file has no sound")
    return np.concatenate(pieces).astype(np.int16)
