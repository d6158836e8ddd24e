"""The pauses that are heard between the pieces of an answer, from the voices that come with the bot."""

from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.codeccontext import AudioCodecContext

from assistant.text.pipeline import TextPipeline
from assistant.tts.cache import SpeechCache
from assistant.tts.engine import SpeechEngine
from assistant.tts.hibari import HibariEngine
from assistant.tts.pico import PicoEngine
from assistant.tts.synthesizer import Synthesizer
from tests.support.speech_sinks import Heard

_RATE = 48_000
_BLOCK = _RATE // 100
_SPEAKER = {"phrase": 0.05, "clause": 0.25, "sentence": 0.45}
"""How long a speaker pauses, in seconds: between phrases hardly at all."""
_MORE = 0.15
"""How much more nobody minds."""


def loud_blocks(frames: list[bytes]) -> list[bool]:
    """For each 10 ms, whether something is heard."""
    decoder = av.CodecContext.create("libopus", "r")
    assert isinstance(decoder, AudioCodecContext)
    decoder.sample_rate, decoder.layout = _RATE, "mono"
    samples = np.concatenate([part.to_ndarray()[0] for frame in frames for part in decoder.decode(av.Packet(frame))])
    blocks = samples[: len(samples) // _BLOCK * _BLOCK].reshape(-1, _BLOCK).astype(np.float64)
    levels = np.sqrt((blocks**2).mean(axis=1))
    return [bool(level > 0.02 * levels.max()) for level in levels]


def pause_between(earlier: list[bytes], later: list[bytes]) -> float:
    """The seconds of silence between two pieces."""
    before, behind = loud_blocks(earlier), loud_blocks(later)
    return (before[::-1].index(True) + behind.index(True)) * _BLOCK / _RATE


@pytest.mark.parametrize(("engine", "language"), [(HibariEngine(), "en"), (PicoEngine(), "en"), (PicoEngine(), "fr")])
async def test_pieces_follow_each_other_as_phrases_clauses_and_sentences_do(
    engine: SpeechEngine, language: str, tmp_path: Path
) -> None:
    replies = {
        "en": {
            "phrase": "The capital of Australia is Canberra.",
            "clause": "That's a great question, and nobody knows.",
            "sentence": "Sure! It is warm.",
        },
        "fr": {
            "phrase": "La capitale de ce pays est Canberra.",
            "clause": "Franchement, je prendrais le second.",
            "sentence": "Bien sûr. Il fait chaud.",
        },
    }[language]
    async with Synthesizer([engine], SpeechCache(tmp_path, max_bytes=0, max_age_seconds=0)) as synthesizer:
        for kind, reply in replies.items():
            pipeline = TextPipeline(lambda _: language)
            sentences = [*pipeline.feed(reply), *pipeline.finish()]
            assert len(sentences) == 2
            pieces = []
            for sentence in sentences:
                heard = Heard()
                await synthesizer.speak(sentence, tmp_path, heard)
                pieces.append(heard.frames)
            pause = pause_between(*pieces)
            assert 0.0 <= pause <= _SPEAKER[kind] + _MORE, (kind, pause)
