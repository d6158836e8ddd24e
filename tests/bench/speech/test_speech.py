"""The benchmark of speech prints what was measured, and an outage costs what it should."""

from pathlib import Path

import pytest

pytest.importorskip("moonshine_voice", reason="the listener has no wheel for this machine")

from assistant.tts.hibari import HibariEngine
from bench.encoder.recordings import SENTENCES
from bench.speech.normalization_cases import count_texts
from bench.speech.service_outages import try_outages
from bench.speech.speech_tables import speech_tables
from bench.speech.voice_quality import measure_voice


@pytest.mark.timeout(240)
async def test_every_number_of_the_report_was_measured(tmp_path: Path) -> None:
    failed = await try_outages(tmp_path, quick=True)
    async with HibariEngine() as engine:
        heard = [await measure_voice(engine, engine.voices[0], "en", SENTENCES[:2], tmp_path)]
    printed = speech_tables(count_texts(), failed, heard)
    assert "| all |" in printed
    assert "| hibari | default | en |" in printed
    for row in failed:
        assert row.heard_whole + row.broken_off == 3, row
        assert row.comes_back, row
    assert heard[0].clipped_ms < 40
    assert heard[0].frames_off <= 2
    assert heard[0].word_errors is not None
    assert heard[0].word_errors <= 0.1
