"""What a setting costs, and how well a listener understands the result."""

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
    """CPU time of decoding and resampling 10 s of speech, in ms; None where it cannot be separated."""
    encoding_ms: float | None
    """CPU time of encoding it, in ms; None where it cannot be separated."""
    total_ms: float
    """CPU time of everything, in ms."""
    first_frame_ms: float
    """Time from the call to the first frame, in ms."""
    bytes_per_second: float
    """Size of the Opus frames."""
    word_errors: float
    """The listener's errors per spoken word."""
    distance: float
    """How far the sound is from the MP3's, in dB (see `distance_db`)."""
    padding_ms: float
    """How much longer the frames last than the decoded MP3, in ms per sentence."""
    coded: str
    """The codec modes and bandwidths of the packets."""
    irregular: int
    """How many packets are not one frame of 20 ms."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What one setting cost in each round; CPU times are in ms for 10 s of speech."""

    total: list[float]
    """CPU time of everything."""
    converting: list[float]
    """CPU time without the encoder."""
    first_frame: list[float]
    """Time to the first frame of each recording, in ms."""


def try_all(
    settings: Sequence[Setting], recordings: Sequence[Recording], repeats: int, folder: Path
) -> list[EncoderRow]:
    """Measure each setting, its costs `repeats` times. The settings take turns, so a busy machine slows them all."""
    costs = {setting.name: Costs([], [], []) for setting in settings}
    for _ in range(repeats):
        for setting in settings:
            _measure(setting, recordings, costs[setting.name])
    with Listener() as listener:
        return [_row(setting, recordings, costs[setting.name], listener, folder) for setting in settings]


def _measure(setting: Setting, recordings: Sequence[Recording], costs: Costs) -> None:
    unit = sum(recording.seconds for recording in recordings) / _UNIT_SECONDS
    costs.total.append(_cpu_ms(setting.frames, recordings) / unit)
    if setting.converted is not None:
        costs.converting.append(_cpu_ms(setting.converted, recordings) / unit)
    for recording in recordings:
        begin = time.perf_counter()
        frames = setting.frames(recording.mp3)
        next(frames)
        costs.first_frame.append((time.perf_counter() - begin) * 1000)


def _cpu_ms(work: Callable[[Path], Iterable[object]], recordings: Sequence[Recording]) -> float:
    begin = time.process_time()  # of the process, because a decoder may have threads of its own
    for recording in recordings:
        for _ in work(recording.mp3):
            pass
    return (time.process_time() - begin) * 1000


def _row(
    setting: Setting, recordings: Sequence[Recording], costs: Costs, listener: Listener, folder: Path
) -> EncoderRow:
    spoken = [list(setting.frames(recording.mp3)) for recording in recordings]
    packets = [packet for packets in spoken for packet in packets]
    heard, distances = [], []
    for recording, frames in zip(recordings, spoken, strict=True):
        wav = folder / "heard.wav"
        write_wav([(index / FRAMES_PER_SECOND, packet) for index, packet in enumerate(frames)], wav)
        heard.append(listener.transcribe(wav))
        distances.append(distance_db(recording.sound, read_wav(wav)))
    total = statistics.median(costs.total)
    converting = statistics.median(costs.converting) if costs.converting else None
    seconds = len(packets) / FRAMES_PER_SECOND
    excess = seconds - sum(len(recording.sound) for recording in recordings) / SOUND_RATE
    return EncoderRow(
        setting=setting.name,
        converting_ms=converting,
        encoding_ms=None if converting is None else total - converting,
        total_ms=total,
        first_frame_ms=statistics.median(costs.first_frame),
        bytes_per_second=sum(map(len, packets)) / seconds,
        word_errors=word_error_rate(" ".join(each.sentence for each in recordings), " ".join(heard)),
        distance=statistics.mean(distances),
        padding_ms=excess / len(recordings) * 1000,
        coded=", ".join(sorted(set(map(coded_as, packets)))),
        irregular=sum(not is_one_frame_of_20_ms(packet) for packet in packets),
    )
