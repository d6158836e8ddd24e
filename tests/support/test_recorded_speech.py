"""The recordings are what their manifest says, and may be passed on."""

import csv
from pathlib import Path

import numpy as np
import pytest

from tests.support.recorded_speech import Recording, recording, recordings

FOLDER = Path(__file__).parents[1] / "data" / "speech"
MOST_BYTES = 1_500_000


@pytest.mark.parametrize("each", recordings(), ids=lambda each: each.name)
def test_a_recording_is_as_long_as_it_says_at_both_rates(each: Recording) -> None:
    plain, fine = each.at_16_khz(), each.at_48_khz()
    assert plain.dtype == fine.dtype == np.int16
    assert len(plain) / 16_000 == pytest.approx(each.seconds, abs=0.02)
    assert len(fine) / 48_000 == pytest.approx(each.seconds, abs=0.02)
    assert np.std(fine) == pytest.approx(np.std(plain), rel=0.05)


def test_there_is_speech_with_its_words_and_sound_without() -> None:
    assert recording("en-libri-1447-130550-0000").text == "easy going"
    assert len({each.speaker for each in recordings("en")}) >= 10
    assert len(recordings("")) >= 4
    assert all(each.is_speech != (each.language == "") for each in recordings())
    assert not any("[" in each.text for each in recordings())
    with pytest.raises(LookupError, match="nobody"):
        recording("nobody")


def test_every_file_has_a_free_licence_and_a_source_and_all_are_small() -> None:
    with (FOLDER / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        rows = {row["file"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    assert set(rows) == {path.name for path in FOLDER.glob("*.flac")}
    assert [
        row["file"] for row in rows.values() if not row["licence"].startswith(("CC0 1.0 ", "CC BY 4.0 ", "CC BY 3.0 "))
    ] == []
    assert all(":" in row["source"] for row in rows.values())
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < MOST_BYTES
