"""Makes frames of Opus anew at another volume, so that they fit in between those of the same speech that stay.

Opus predicts each frame from those before it, and a frame overlaps its neighbors by 2.5 ms (RFC 6716, 4.3.2.1 and
4.3.7). So decoder and encoder are first run over some frames before, and the sound is encoded at the very place in time
that it had: then a listener's decoder goes from the one to the other without a click. Takes 0.1 ms for a frame; blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from assistant.audio.opus import CODED_RATE, FRAME_SECONDS, SILENCE, OpusEncoder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Gains = npt.NDArray[np.float64]

LEAD_FRAMES: Final = 10
"""How many frames before the first are needed: what is not known of those before them halves with each frame."""
SAMPLES_PER_FRAME: Final = round(CODED_RATE * FRAME_SECONDS)
"""How many gains a frame takes."""

_DECODED_RATE: Final = 48_000
"""PyAV's decoder has no other one."""
_DELAY_SAMPLES: Final = 60
"""By so many samples, 2.5 ms, sound is later when it comes out of encoder and decoder in their low delay mode
(https://opus-codec.org/docs/opus_api-1.5/group__opus__encoder.html, OPUS_GET_LOOKAHEAD)."""


def scale_frames(frames: Sequence[bytes], following: bytes | None, gains: Gains) -> list[bytes]:
    """Frames that sound as these do, each sample times its gain.

    Args:
        frames: those before, which only prepare the codec, and then those that are made anew.
        following: the frame behind them; None where none comes.
        gains: SAMPLES_PER_FRAME for each of `frames`, from 0 to 1.
    """
    import av  # noqa: PLC0415 - 16 MB that a process without calls saves
    import numpy as np  # noqa: PLC0415 - 10 MB that a bot which hears nobody saves

    pcm = _decode([*frames, SILENCE if following is None else following])
    wanted = pcm[_DELAY_SAMPLES : _DELAY_SAMPLES + len(gains)] * gains
    sound = av.AudioFrame.from_ndarray(np.rint(wanted).astype(np.int16)[np.newaxis, :], format="s16", layout="mono")
    sound.sample_rate = CODED_RATE
    encoder = OpusEncoder()
    return [*encoder.encode(sound), *encoder.finish()][: len(frames)]


def _decode(frames: Sequence[bytes]) -> npt.NDArray[np.float64]:
    """The samples of the frames, CODED_RATE of them a second: above half of that rate there is nothing in them."""
    import av  # noqa: PLC0415 - 16 MB that a process without calls saves
    import numpy as np  # noqa: PLC0415 - 10 MB that a bot which hears nobody saves

    decoder = av.CodecContext.create("libopus", "r")
    assert isinstance(decoder, av.AudioCodecContext)
    decoder.sample_rate, decoder.layout, decoder.format = _DECODED_RATE, "mono", "s16"
    pieces = [piece.to_ndarray()[0] for frame in frames for piece in decoder.decode(av.Packet(frame))]
    return np.concatenate(pieces)[:: _DECODED_RATE // CODED_RATE].astype(np.float64)
