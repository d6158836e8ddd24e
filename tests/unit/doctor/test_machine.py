"""What a machine must have for calls."""

from pathlib import Path
from types import ModuleType

import pytest

from assistant.audio.opus import OpusEncoder
from assistant.doctor.finding import Verdict
from assistant.doctor.machine import (
    audio_library,
    dave_library,
    findings_at_start,
    machine_findings,
    opus_encoder,
    speech_cache_folder,
    temporary_folder,
)
from assistant.tts.speech_settings import SpeechSettings


def test_this_machine_is_fit() -> None:
    findings = machine_findings()
    assert [each.verdict for each in findings] == [Verdict.OK] * 3
    assert "protocol version 1" in findings[0].detail
    assert "50 frames from one second" in findings[1].detail or "51 frames from one second" in findings[1].detail


def test_this_machine_is_fit_at_first_sight() -> None:
    assert [each.verdict for each in findings_at_start()] == [Verdict.OK] * 3


def test_a_library_of_sound_that_is_not_installed_fails() -> None:
    finding = audio_library("no_such_library")
    assert finding.verdict is Verdict.FAILED
    assert "pip install" in finding.advice


def test_a_missing_dave_library_fails() -> None:
    def load(_: str) -> ModuleType:
        raise ImportError("no such file")

    finding = dave_library(load)
    assert finding.verdict is Verdict.FAILED
    assert "no such file" in finding.detail
    assert "pip install" in finding.advice


def test_a_dave_library_without_a_protocol_fails() -> None:
    davey = ModuleType("davey")
    davey.__dict__.update(__version__="0.0.1", DAVE_PROTOCOL_VERSION=0)
    finding = dave_library(lambda _: davey)
    assert finding.verdict is Verdict.FAILED
    assert "protocol version 0" in finding.detail


def test_a_libopus_that_is_not_there_fails() -> None:
    def make() -> OpusEncoder:
        raise ValueError("unknown codec libopus")

    finding = opus_encoder(make)
    assert finding.verdict is Verdict.FAILED
    assert "unknown codec" in finding.detail


def test_a_temporary_folder_that_cannot_be_written_fails(tmp_path: Path) -> None:
    assert temporary_folder(lambda: str(tmp_path)).verdict is Verdict.OK
    assert not list(tmp_path.iterdir())
    finding = temporary_folder(lambda: str(tmp_path / "missing"))
    assert finding.verdict is Verdict.FAILED
    assert "TMPDIR" in finding.advice


def test_a_folder_of_recordings_is_made_as_the_bot_makes_it(tmp_path: Path) -> None:
    finding = speech_cache_folder(SpeechSettings(cache_folder=tmp_path / "a" / "b"))
    assert finding.verdict is Verdict.OK
    assert (tmp_path / "a" / "b").is_dir()


@pytest.mark.parametrize("folder", [Path("/dev/null/recordings"), Path("~nobody-of-this-name/recordings")])
def test_a_folder_of_recordings_that_cannot_be_fails_unless_none_are_kept(folder: Path) -> None:
    finding = speech_cache_folder(SpeechSettings(cache_folder=folder))
    assert finding.verdict is Verdict.FAILED
    assert "TTS_CACHE_FOLDER" in finding.advice
    assert speech_cache_folder(SpeechSettings(cache_folder=folder, cache_megabytes=0)).verdict is Verdict.OK
