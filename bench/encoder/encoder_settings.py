"""The settings that are compared: each differs in one thing from "before" or from "best"."""

import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from av import AudioFrame

from assistant.audio.decoders import DecoderFactory, Mp3Decoder, PcmDecoder
from assistant.audio.loudness import TARGET, VoiceLevel
from assistant.audio.speech_encoder import SpeechEncoder
from bench.encoder.opus_pipeline import Pipeline, by_container, by_parser, from_wav

BEST: Final = Pipeline()
"""What is recommended."""
BEFORE: Final = Pipeline(by_container, gather=0, converters=2, rate=48_000, complexity=10)
"""What `assistant/audio/opus.py` did when this was first measured."""
_KNOWN: Final = 3600.0
"""After so many seconds a voice's level is known and no longer measured."""
QUICK: Final = ("assistant", "assistant, louder by 6 dB", "before", "best", "best, voip")
"""The names of the settings in a quick run."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A way to make Opus, under a name."""

    name: str
    """What it is, or how it differs."""
    frames: Callable[[Path], Iterator[bytes]]
    """Makes Opus frames of an MP3."""
    converted: Callable[[Path], Iterator[AudioFrame]] | None = None
    """Does only the part before the encoder; None where that cannot be separated."""


def settings() -> list[Setting]:
    """All settings, in the order of the table."""
    pipelines = {"before": BEFORE, **_changes_before(), "best": BEST, **_other_ways(), **_other_encodings()}
    named = [Setting(name, pipeline.frames, pipeline.converted) for name, pipeline in pipelines.items()]
    ours = {
        "assistant": partial(_assistant, loudness=TARGET, seconds=_KNOWN),
        "assistant, louder by 6 dB": partial(_assistant, loudness=TARGET - 6.0, seconds=_KNOWN),
        "assistant, learning how loud it is": partial(_assistant, loudness=TARGET, seconds=1.0),
    }
    return [
        *(Setting(name, frames) for name, frames in ours.items()),
        Setting("assistant, from PCM", _from_pcm),
        *named,
    ]


def _assistant(audio: Path, loudness: float, seconds: float) -> Iterator[bytes]:
    """What the assistant does with a voice that was measured for some seconds and was so loud (LUFS)."""
    yield from _frames(audio.read_bytes(), Mp3Decoder, loudness, seconds)


def _from_pcm(audio: Path) -> Iterator[bytes]:
    with wave.open(str(audio.with_suffix(".wav"))) as file:
        rate, pcm = file.getframerate(), file.readframes(file.getnframes())
    yield from _frames(pcm, partial(PcmDecoder, rate), TARGET, _KNOWN)


def _frames(data: bytes, make_decoder: DecoderFactory, loudness: float, seconds: float) -> Iterator[bytes]:
    level = VoiceLevel()
    level.add_measurement(loudness, seconds)
    encoder = SpeechEncoder(make_decoder, level)
    yield from encoder.encode(data)
    yield from encoder.finish()


def _changes_before() -> dict[str, Pipeline]:
    change = partial(replace, BEFORE)
    return {
        "before, one converter": change(converters=1),
        "before, 24 kHz": change(rate=24_000),
        "before, flt": change(sample_format="flt"),
        "before, parser": change(reader=by_parser),
        "before, 4800 samples gathered": change(gather=4_800),
        "before, from WAV": change(reader=from_wav),
        "before, filter of 16": change(resampling={"filter_size": "16"}),
        "before, filter of 8": change(resampling={"filter_size": "8"}),
        "before, filter of 8, interpolated": change(resampling={"filter_size": "8", "linear_interp": "1"}),
        "before, complexity 0": change(complexity=0),
        "before, voip": change(application="voip"),
        "before, audio": change(application="audio"),
    }


def _other_ways() -> dict[str, Pipeline]:
    change = partial(replace, BEST)
    return {
        "best, av.open": change(reader=by_container),
        "best, av.open as mp3": change(reader=partial(by_container, format_name="mp3")),
        "best, av.open with 4 KiB": change(reader=partial(by_container, probe_bytes=4096)),
        "best, from WAV": change(reader=from_wav),
        "best, from WAV with 4 KiB": change(reader=partial(from_wav, probe_bytes=4096)),
        "best, chunks of 256 bytes": change(reader=partial(by_parser, chunk_bytes=256)),
        "best, chunks of 64 KiB": change(reader=partial(by_parser, chunk_bytes=65_536)),
        "best, decoder in 2 threads": change(reader=partial(by_parser, threads=2)),
        "best, integer decoder": change(reader=partial(by_parser, decoder_name="mp3")),
        "best, nothing gathered": change(gather=0),
        "best, 1200 samples gathered": change(gather=1_200),
        "best, 2400 samples gathered": change(gather=2_400),
        "best, 12000 samples gathered": change(gather=12_000),
        "best, two converters": change(converters=2),
        "best, flt": change(sample_format="flt"),
        "best, 48 kHz": change(rate=48_000),
        "best, 16 kHz": change(rate=16_000),
    }


def _other_encodings() -> dict[str, Pipeline]:
    change = partial(replace, BEST)
    lowdelay = {f"best, complexity {level}": change(complexity=level) for level in range(1, 11)}
    rates = {f"best, {rate} kbit/s": change(bit_rate=rate * 1000) for rate in (24, 32, 40, 48, 56)}
    return {
        **lowdelay,
        **rates,
        "best, complexity 5, 32 kbit/s": change(complexity=5, bit_rate=32_000),
        "best, constant bit rate": change(options={"vbr": "off"}),
        "best, audio": change(application="audio"),
        "best, audio, 24 kbit/s": change(application="audio", bit_rate=24_000),
        "best, voip": change(application="voip"),
        "best, voip, 32 kbit/s": change(application="voip", bit_rate=32_000),
        "best, voip, 24 kbit/s": change(application="voip", bit_rate=24_000),
        "best, voip, 24 kbit/s, complexity 5": change(application="voip", bit_rate=24_000, complexity=5),
        "best, voip, 24 kbit/s, 16 kHz": change(application="voip", bit_rate=24_000, rate=16_000),
    }
