"""How each voice sounds to a member: whether it is understood, whole, and as loud as the others."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import psutil

from assistant.audio.edge_silence import EdgeSilence
from assistant.audio.opus import FRAME_SECONDS, SILENCE
from assistant.audio.pauses import SENTENCE_PAUSE
from assistant.tts.engine import SpeechEngine
from assistant.tts.monitored_engine import MonitoredEngine
from assistant.tts.voice import Voice
from bench.encoder.recordings import SOUND_RATE, read_wav
from sandbox.voice.wav import write_wav
from tests.support.hearing import clicks, loudness, speech_bounds
from tests.support.listener import Listener, word_error_rate, words_of

_JOIN_SECONDS: Final = 0.02
_NORMAL_PEAK: Final = 0.5
_QUIET: Final = (SILENCE,) * 12
"""Silence before and after a sentence, as in a call: nobody hears a sound that starts with the first word."""

Sound = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceSample:
    """One sentence as a member hears it."""

    text: str
    """What should be said."""
    frames: tuple[bytes, ...]
    """Its Opus frames."""
    sound: Sound
    """What a member hears, at SOUND_RATE."""
    original: Sound
    """What the engine made, at SOUND_RATE."""
    seconds: float
    """How long that is without the silence at its edges that nobody is to hear."""
    first_frame: float
    """Seconds from the order to the first frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceRow:
    """What was measured of one voice."""

    engine: str
    """Its engine."""
    voice: str
    """Its name."""
    language: str
    """The language it spoke, as a gTTS code."""
    seconds: float
    """How many seconds it spoke."""
    word_errors: float | None
    """The listener's errors per spoken word; None where no listener knows the language."""
    first_words: str
    """In how many sentences the first word was heard right, such as 79/80."""
    last_words: str
    """In how many sentences the last word was heard right."""
    clipped_ms: float
    """How much of the audible part of a sentence is missing at most, in ms."""
    frames_off: int
    """By how many frames a sentence is shorter or longer than its sound at most."""
    clicks: int
    """Clicks at the joins of sentences."""
    loudness_before: float
    """LUFS as the engine makes it."""
    loudness: float
    """LUFS as a member hears it."""
    loudness_first: float
    """LUFS of the first sentence, when little was known of the voice."""
    first_frame_ms: float
    """The median time from the order to the first frame, in ms."""
    cpu_ms: float
    """CPU time per second of speech, child processes included, in ms."""


async def measure_voice(
    engine: SpeechEngine, voice: Voice, language: str, sentences: Sequence[str], folder: Path
) -> VoiceRow:
    """Let a voice say the sentences, and listen."""
    with ThreadPoolExecutor(2) as encoders:
        warm = MonitoredEngine(engine, encoders)
        for text in sentences:  # loads what is loaded only once, and lets the stand-ins make their speech
            await _say(warm, voice, language, text, folder)
        monitored = MonitoredEngine(engine, encoders)
        start = _cpu_seconds()
        spoken = [await monitored.speak(text, voice, language, _Frames()) for text in sentences]
        cpu = _cpu_seconds() - start
        monitored = MonitoredEngine(engine, encoders)
        heard = [await _say(monitored, voice, language, text, folder) for text in sentences]
    seconds = sum(map(len, spoken)) * FRAME_SECONDS
    return await asyncio.to_thread(_row, voice, language, heard, cpu / seconds, folder)


async def _say(monitored: MonitoredEngine, voice: Voice, language: str, text: str, folder: Path) -> VoiceSample:
    sink = _Frames()
    frames = await monitored.speak(text, voice, language, sink)
    decoder = monitored.engine.make_decoder()
    pieces = []
    async with aclosing(monitored.engine.speak(text, voice, language)) as audio:
        async for chunk in audio:
            pieces += list(decoder.decode(chunk))
    pieces += list(decoder.finish())
    edges, seconds = EdgeSilence(SENTENCE_PAUSE), 0.0
    for piece in pieces:
        piece.pts = None
        seconds += sum(left.samples / left.sample_rate for left in edges.shorten(piece))
    seconds += sum(left.samples / left.sample_rate for left in edges.finish())
    original = np.concatenate([piece.to_ndarray()[0] for piece in pieces])
    as_floats = original / 32768 if original.dtype.kind == "i" else original
    return VoiceSample(
        text=text,
        frames=frames,
        sound=await asyncio.to_thread(_decoded, frames, folder),
        original=_at_sound_rate(as_floats.astype(np.float32), pieces[0].sample_rate),
        seconds=seconds,
        first_frame=(sink.first or time.perf_counter()) - sink.start,
    )


def _row(voice: Voice, language: str, heard: Sequence[VoiceSample], cpu: float, folder: Path) -> VoiceRow:
    everything = _decoded([frame for each in heard for frame in each.frames], folder)
    first, last, errors = _understood(heard, folder) if language == "en" else ("–", "–", None)
    return VoiceRow(
        engine=voice.engine,
        voice=voice.name,
        language=language,
        seconds=len(everything) / SOUND_RATE,
        word_errors=errors,
        first_words=first,
        last_words=last,
        clipped_ms=max(_missing(each) for each in heard) * 1000,
        frames_off=max(abs(round(len(each.frames) - each.seconds / FRAME_SECONDS)) for each in heard),
        clicks=len(_clicks_at_joins(heard, everything)),
        loudness_before=loudness(np.concatenate([each.original for each in heard]), SOUND_RATE),
        loudness=loudness(everything, SOUND_RATE),
        loudness_first=loudness(heard[0].sound, SOUND_RATE),
        first_frame_ms=statistics.median(each.first_frame for each in heard) * 1000,
        cpu_ms=cpu * 1000,
    )


def _understood(heard: Sequence[VoiceSample], folder: Path) -> tuple[str, str, float]:
    """In how many sentences the first and the last word were heard right, and the word error rate."""
    first = last = 0
    transcripts = []
    with Listener() as listener:
        for each in heard:
            wav = folder / "sentence.wav"
            in_a_call = (*_QUIET, *each.frames, *_QUIET)
            write_wav([(index * FRAME_SECONDS, frame) for index, frame in enumerate(in_a_call)], wav)
            transcripts.append(listener.transcribe(wav))
            wanted, got = words_of(each.text), words_of(transcripts[-1]) or [""]
            first, last = first + (wanted[0] == got[0]), last + (wanted[-1] == got[-1])
    errors = word_error_rate(" ".join(each.text for each in heard), " ".join(transcripts))
    return f"{first}/{len(heard)}", f"{last}/{len(heard)}", errors


def _missing(heard: VoiceSample) -> float:
    """Seconds of audible sound that the engine made and nobody heard."""
    before, after = (_audible_seconds(sound) for sound in (heard.original, heard.sound))
    return max(0.0, before - after)


def _audible_seconds(sound: Sound) -> float:
    begin, end = speech_bounds(sound * (_NORMAL_PEAK / float(np.abs(sound).max())), SOUND_RATE)
    return end - begin


def _clicks_at_joins(heard: Sequence[VoiceSample], everything: Sound) -> list[float]:
    joins = np.cumsum([len(each.frames) * FRAME_SECONDS for each in heard])[:-1]
    return [when for when in clicks(everything, SOUND_RATE) if np.min(np.abs(joins - when)) < _JOIN_SECONDS]


def _decoded(frames: Sequence[bytes], folder: Path) -> Sound:
    wav = folder / "decoded.wav"
    write_wav([(index * FRAME_SECONDS, frame) for index, frame in enumerate(frames)], wav)
    return read_wav(wav)


def _at_sound_rate(samples: Sound, rate: int) -> Sound:
    times = np.arange(round(len(samples) * SOUND_RATE / rate)) / SOUND_RATE
    return np.interp(times, np.arange(len(samples)) / rate, samples).astype(np.float32)


def _cpu_seconds() -> float:
    process = psutil.Process()
    return sum(sum(each.cpu_times()[:2]) for each in (process, *process.children()))


class _Frames:
    """Notes when the first frame comes."""

    def __init__(self) -> None:
        self.start = time.perf_counter()
        self.first: float | None = None

    def append(self, frame: bytes) -> None:  # noqa: ARG002 - the engine returns them all
        """See `Sink.append`."""
        self.first = self.first or time.perf_counter()

    def restart(self) -> bool:
        """See `Sink.restart`."""
        return False
