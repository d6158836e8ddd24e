"""Plain English sentences, spoken by the offline voice and encoded as MP3, as Google sends it."""

import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import numpy as np
from av import AudioResampler
from numpy.typing import NDArray

from sandbox.standins.hibari_voice import HibariVoice
from sandbox.standins.mp3 import encode_mp3

SENTENCES: Final = (
    "The weather will be warm and dry until the end of the week.",
    "Please put the green box on the table near the window.",
    "My sister works in a small hospital in the north of the city.",
    "We can meet at the station and walk to the river together.",
    "The children played in the garden after lunch.",
    "A long train moved slowly across the old bridge.",
    "He opened the door and asked for a glass of water.",
    "There is a good reason to wait another day.",
    "The teacher wrote a short story about a brown dog.",
    "She found an empty bottle under the kitchen table.",
    "Fresh bread and butter is all that I want this morning.",
    "The ship left the harbor long before the storm began.",
    "Six thin students sat quietly in the first five chairs.",
    "Their father thinks that the chief must choose a fresh path.",
    "A cold wind blew over the fields and through the forest.",
    "The doctor said that you should sleep and drink some tea.",
    "Most people like music, and some people like to dance.",
    "I think the yellow jacket is cheaper than the purple shirt.",
    "The judge gave a clear answer to a very difficult question.",
    "Yesterday the farmer sold three horses and a dozen sheep.",
)
"""What is said."""

SOUND_RATE: Final = 48_000
"""Samples a second of a `Sound`."""

Sound = NDArray[np.float32]
"""One channel of `SOUND_RATE` samples a second, from -1 to 1."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One sentence as it is spoken."""

    sentence: str
    """What is said."""
    mp3: Path
    """The file in Google's format. Beside it, with the suffix .wav, is the offline voice's own output."""
    sound: Sound
    """What the file holds."""

    @property
    def seconds(self) -> float:
        """How many seconds it lasts."""
        return len(self.sound) / SOUND_RATE


def record(sentences: Sequence[str], folder: Path) -> list[Recording]:
    """Speak each sentence into a file in `folder`."""
    voice = HibariVoice()
    recordings = []
    for number, sentence in enumerate(sentences):
        mp3 = folder / f"{number:02}.mp3"
        samples, rate = voice(sentence, "en")
        mp3.write_bytes(encode_mp3(samples, rate))
        write_wav(samples, rate, mp3.with_suffix(".wav"))
        recordings.append(Recording(sentence, mp3, _decode(mp3)))
    return recordings


def read_wav(path: Path) -> Sound:
    """The sound of a mono WAV file of 16 bits and SOUND_RATE."""
    with wave.open(str(path), "rb") as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    return (samples / 32768).astype(np.float32)


def write_wav(samples: NDArray[np.float32], rate: int, path: Path) -> None:
    """Write samples from -1 to 1, `rate` of them per second, as a mono WAV file of 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def _decode(audio: Path) -> Sound:
    resampler = AudioResampler("flt", "mono", SOUND_RATE)
    with av.open(audio) as container:
        pieces = [piece for frame in container.decode(audio=0) for piece in resampler.resample(frame)]
    return np.concatenate([piece.to_ndarray()[0] for piece in [*pieces, *resampler.resample(None)]])
