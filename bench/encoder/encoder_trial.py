"""What a setting costs, and what a listener gets for it."""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.encoder.encoder_settings import Setting
from bench.encoder.opus_packet import coded_as, is_one_frame_of_20_ms
from bench.encoder.opus_pipeline import FRAMES_PER_SECOND
from bench.encoder.recordings import SOUND_RATE, Recording, read_wav
from bench.encoder.spectral_distance import distance_db
from sandbox.voice.wav import write_wav
from tests.support.listener import Listener, word_error_rate

_UNIT_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class EncoderRow:
    """What was measured of one setting."""

    setting: str
    """Its name."""
    converting_ms: float | None
    """CPU time of decoding and resampling 10 s of speech, in ms; None where it can't be told apart."""
    encoding_ms: float | None
    """CPU time of encoding it, in ms."""
    total_ms: float
    """CPU time of all, in ms."""
    first_frame_ms: float
    """Time from the call to the first frame, in ms."""
    bytes_per_second: float
    """Size of the Opus."""
    word_errors: float
    """The listener's errors, a word that was said."""
    distance: float
    """How far the sound is from the MP3's, in dB (see `distance_db`)."""
    padding_ms: float
    """How much longer the frames are than what was decoded, in ms a sentence."""
    coded: str
    """The coders and bandwidths of the packets."""
    irregular: int
    """How many packets are not one frame of 20 ms."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What one setting cost, for each repetition; CPU times in ms for 10 s of speech."""

    total: list[float]
    """All of it."""
    converting: list[float]
    """Without the encoder."""
    first_frame: list[float]
    """Time to the first frame of each recording, in ms."""


def try_all(settings: Sequence[Setting], cache: Sequence[Recording], repeats: int, folder: Path) -> list[EncoderRow]:
    """Measure each setting; the costs `repeats` times, all settings in turn, so that a busy machine is so for all."""
    costs = {setting.name: Costs([], [], []) for setting in settings}
    for _ in range(repeats):
        for setting in settings:
            _measure(setting, cache, costs[setting.name])
    with Listener() as listener:
        return [_row(setting, cache, costs[setting.name], listener, folder) for setting in settings]


def _measure(setting: Setting, cache: Sequence[Recording], costs: Costs) -> None:
    unit = sum(recording.seconds for recording in cache) / _UNIT_SECONDS
    costs.total.append(_cpu_ms(setting.frames, cache) / unit)
    if setting.converted is not None:
        costs.converting.append(_cpu_ms(setting.converted, cache) / unit)
    for recording in cache:
        begin = time.perf_counter()
        frames = setting.frames(recording.mp3)
        next(frames)
        costs.first_frame.append((time.perf_counter() - begin) * 1000)


def _cpu_ms(work: Callable[[Path], Iterable[object]], cache: Sequence[Recording]) -> float:
    begin = time.process_time()  # and not the thread's: a decoder may have threads of its own
    for recording in cache:
        for _ in work(recording.mp3):
            pass
    return (time.process_time() - begin) * 1000


def _row(setting: Setting, cache: Sequence[Recording], costs: Costs, listener: Listener, folder: Path) -> EncoderRow:
    spoken = [list(setting.frames(recording.mp3)) for recording in cache]
    packets = [packet for packets in spoken for packet in packets]
    heard, distances = [], []
    for recording, frames in zip(cache, spoken, strict=True):
        wav = folder / "heard.wav"
        write_wav([(index / FRAMES_PER_SECOND, packet) for index, packet in enumerate(frames)], wav)
        heard.append(listener.transcribe(wav))
        distances.append(distance_db(recording.sound, read_wav(wav)))
    total = statistics.median(costs.total)
    converting = statistics.median(costs.converting) if costs.converting else None
    seconds = len(packets) / FRAMES_PER_SECOND
    excess = seconds - sum(len(recording.sound) for recording in cache) / SOUND_RATE
    return EncoderRow(
        setting=setting.name,
        converting_ms=converting,
        encoding_ms=None if converting is None else total - converting,
        total_ms=total,
        first_frame_ms=statistics.median(costs.first_frame),
        bytes_per_second=sum(map(len, packets)) / seconds,
        word_errors=word_error_rate(" ".join(each.sentence for each in cache), " ".join(heard)),
        distance=statistics.mean(distances),
        padding_ms=excess / len(cache) * 1000,
        coded=", ".join(sorted(set(map(coded_as, packets)))),
        irregular=sum(not is_one_frame_of_20_ms(packet) for packet in packets),
    )
