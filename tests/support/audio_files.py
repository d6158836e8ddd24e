"""Sound in the forms that speech servers send."""

import io
from collections.abc import Mapping
from typing import Final

import av
import numpy as np
from av.audio.stream import AudioStream

from tests.support.sounds import Samples

FORMS: Final[Mapping[str, tuple[str, str, int]]] = {
    "mp3": ("mp3", "libmp3lame", 24_000),
    "flac": ("flac", "flac", 24_000),
    "aac": ("adts", "aac", 24_000),
    "opus": ("ogg", "libopus", 48_000),
    "vorbis": ("ogg", "vorbis", 24_000),
    "mp4": ("mp4", "aac", 24_000),
    "webm": ("webm", "libopus", 48_000),
    "aiff": ("aiff", "pcm_s16be", 24_000),
    "au": ("au", "pcm_s16be", 24_000),
    "caf": ("caf", "pcm_s16le", 24_000),
    "wav-8": ("wav", "pcm_u8", 16_000),
    "wav-16": ("wav", "pcm_s16le", 22_050),
    "wav-24": ("wav", "pcm_s24le", 48_000),
    "wav-32": ("wav", "pcm_s32le", 24_000),
    "wav-float": ("wav", "pcm_f32le", 24_000),
    "wav-double": ("wav", "pcm_f64le", 24_000),
    "wav-mulaw": ("wav", "pcm_mulaw", 8_000),
    "wav-alaw": ("wav", "pcm_alaw", 8_000),
}
"""FFmpeg's names of container and codec, and the rate. The MP3 has a tag."""


def audio_file(form: str, samples: Samples, *, layout: str = "mono", rate: int | None = None) -> bytes:
    """The samples, of which `rate`, or the form's own, make a second, as a file."""
    container_name, codec, usual_rate = FORMS[form]
    rate = rate or usual_rate
    file = io.BytesIO()
    with av.open(file, "w", format=container_name) as container:
        stream = container.add_stream(codec, rate=rate, options={"strict": "-2"})
        assert isinstance(stream, AudioStream)
        context = stream.codec_context
        context.layout = "stereo" if codec == "vorbis" else layout
        context.open()
        frame = av.AudioFrame.from_ndarray(
            (samples * 32767).astype(np.int16)[np.newaxis, :], format="s16", layout="mono"
        )
        frame.sample_rate = rate
        resampler = av.AudioResampler(
            format=context.format, layout=context.layout, rate=rate, frame_size=context.frame_size or None
        )
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(context.encode(piece))
        container.mux(context.encode(None))
    return file.getvalue()
