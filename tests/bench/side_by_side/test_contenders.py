from pathlib import Path

import pytest

from bench.common.frame_pacing import Stretch, pacing_of
from bench.side_by_side import rival_environment
from bench.side_by_side.contender import Contender
from bench.side_by_side.contender_plot import plot_contenders
from bench.side_by_side.contender_row import Closing, ContenderRow, FirstSounds, Speaking
from bench.side_by_side.contender_table import contender_tables
from bench.side_by_side.first_sound_trial import answers_to_give
from bench.side_by_side.trial_plan import QUICK, Part, try_contender
from tests.data.first_answers import first_answers


async def test_a_contender_that_is_not_installed_is_said_to_be_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(rival_environment, "RIVALS", tmp_path)
    monkeypatch.setattr(rival_environment, "python_packages", dict)
    for rival in (Contender.DISCORD_JS, Contender.PIPECAT, Contender.LIVEKIT):
        row = await try_contender(rival, QUICK)
        assert f"- **{rival}** (not installed): make .venv-rivals/installed" in contender_tables([row])


async def test_one_that_fails_costs_the_others_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Contender, "program", tmp_path / "nowhere.py")
    monkeypatch.setattr("bench.side_by_side.contender_test_bed._WAIT_SECONDS", 0.5)
    row = await try_contender(Contender.ASSISTANT, QUICK.of([Part.FIRST_SOUND], None))
    (failure,) = row.failures
    assert failure.startswith("first-sound: TimeoutError(")
    assert "nowhere.py" in failure  # what its process has printed


async def test_the_first_sound_of_the_bot_that_ships_is_what_the_services_take_and_more() -> None:
    row = await try_contender(Contender.ASSISTANT, QUICK.of([Part.FIRST_SOUND], None))
    assert row.failures == []
    assert row.first_sounds is not None
    assert row.first_sounds.answers == 2
    assert row.first_sounds.services is not None
    assert 0.35 < row.first_sounds.services < row.first_sounds.p50 <= row.first_sounds.p95


def test_the_tables_and_the_picture_show_all_that_was_measured(tmp_path: Path) -> None:
    stretch = Stretch([1.000, 1.020, 1.024, 1.060], [1, 2, 3, 4])
    speaking = Speaking(calls=1, pacing=pacing_of([stretch]), bunched=1, cores_per_call=0.005, resident_bytes=2**27)
    row = ContenderRow(contender=Contender.DISCORD_JS, versions={"discord.js": "14.0.0"}, start_bytes=2**26)
    row.first_sounds = FirstSounds.of([1.0, 2.0, 4.0], [0.5, 0.7, 0.9])
    row.speaking.append(speaking)
    row.closings += [Closing(code=4006, lost=3, silence=0.06), Closing(code=1006, lost=250, silence=None)]
    lines = contender_tables([row]).splitlines()
    name = "| **discord.js** (discord.js 14.0.0) |"
    assert f"{name} 3 | 2.00 s | 4.00 s | 0.70 s |" in lines
    assert f"{name} 1 | 20.0 | 36.0 | 36 | 1 of 4 | 0 | 0.50 % | 64 | 128 |" in lines
    assert f"{name} 4006 | 3 | 0.06 s |" in lines
    assert f"{name} 1006 | 250 | for good |" in lines
    plot_contenders([row], tmp_path / "plot.svg")
    assert "discord.js" in (tmp_path / "plot.svg").read_text("utf-8")


def test_half_of_the_answers_are_of_others_one_in_each_language() -> None:
    answers = answers_to_give(10)
    languages = {other.language for other in first_answers() if other.text in answers[10:]}
    assert len(set(answers)) == 20
    assert len(languages) == 10
