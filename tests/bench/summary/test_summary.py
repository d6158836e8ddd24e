"""Each figure is read from what its benchmark writes, and what is missing is said."""

import re
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest

from bench.cold_start.cold_start_trial import ColdStart
from bench.common.frame_pacing import Pacing
from bench.common.inside_report import InsideReport
from bench.common.measurement import write_measurement
from bench.first_audio.first_sound import FirstSound
from bench.scale.heard_row import HeardRow
from bench.scale.memory import Memory, Moment
from bench.scale.scale_row import ScaleRow, Speaking
from bench.side_by_side import contender_row
from bench.side_by_side.contender import Contender
from bench.side_by_side.contender_row import ContenderRow
from bench.summary.summary_rows import SUMMARY_ROWS
from bench.summary.summary_table import summary_table

MAKEFILE = Path(__file__).parents[3] / "Makefile"
MEGABYTE = 1024 * 1024


def pacing(p99: float) -> Pacing:
    return Pacing(frames=1000, p50=0.02, p99=p99, longest=0.03, holes=0, first=0.02, lost=0)


def speaking(p99: float, cores: float) -> Speaking:
    lag = InsideReport(p99=0.0042, max=0.1, count=9, held=0.1, tasks=3, imported=[])
    return Speaking(
        pacing=pacing(p99), first_audio_p50=1, first_audio_p95=1, cores=cores, at_once=100, lag=lag, resident_bytes=1,
        listener_cores=1, yardstick=1,
    )  # fmt: skip


def scale_row(calls: int, p99: float, cores: float) -> dict[str, Any]:
    fresh = speaking(p99, cores)
    return asdict(ScaleRow(calls=calls, resident_bytes=1, idle_cores=0, same=speaking(0.02, 0.3), fresh=fresh))


def first_sound(seconds: float) -> dict[str, Any]:
    return asdict(FirstSound(language="en", piece="Yes,", seconds=seconds, floor=seconds - 0.026, until_sure=0.01))


def contender(who: Contender, bunched: int) -> dict[str, Any]:
    row = ContenderRow(contender=who, versions={})
    for calls in (1, 20):
        row.speaking.append(
            contender_row.Speaking(
                calls=calls, pacing=pacing(0.02), bunched=bunched, cores_per_call=0.01, resident_bytes=1
            )
        )
    return asdict(row)


def only(kind: type[HeardRow | ColdStart], **values: Any) -> dict[str, Any]:
    """An object's fields, of which these alone have values."""
    names = [each.name for each in fields(kind)]
    assert values.keys() <= set(names)
    return dict.fromkeys(names) | values


def starts(*milliseconds: int) -> list[dict[str, Any]]:
    return [only(ColdStart, longest_distance=each / 1e3, machine_distance=(each - 10) / 1e3) for each in milliseconds]


MOMENTS = [
    Moment("no call yet", 59 * MEGABYTE),
    Moment("10 calls", 1),
    Moment("10 calls have spoken", 79 * MEGABYTE),
    Moment("200 calls have spoken", 159 * MEGABYTE),
]
FIGURES: dict[str, Any] = {
    "first_answers.json": {"without_call": [first_sound(each / 100) for each in range(61, 101)], "in_call": []},
    "scale.json": {
        "rows": [scale_row(10, 0.09, 9), scale_row(50, 0.0201, 0.4), scale_row(100, 0.0211, 0.45),
                 scale_row(200, 0.0233, 0.6)],
    },
    "cold_start.json": [
        {"scenario": "a", "loads_a_voice": False, "starts": starts(22, 35)},
        {"scenario": "b", "loads_a_voice": True, "starts": starts(25, 39)},
        {"scenario": "c", "loads_a_voice": False, "starts": starts(31, 21)},
    ],
    "side_by_side.json": [contender(Contender.DISCORD_JS, 40), contender(Contender.ASSISTANT, 2)],
    "heard.json": [
        only(HeardRow, calls=50, pacing=asdict(pacing(0.02)), wait_p95=1.0),
        only(HeardRow, calls=100, pacing=asdict(pacing(0.0245)), wait_p95=1.57),
    ],
    "memory.json": asdict(Memory(moments=MOMENTS, libraries=[])),
}  # fmt: skip
MEASURED = [
    "0.81 / 0.98 s",
    "0.78 / 0.95 s",
    "26 / 26 ms",
    "21.1 / 23.3 ms",
    "35 ms (an idle process meanwhile: 25 ms), the worst of 4",
    "39 ms (an idle process meanwhile: 29 ms), the worst of 2",
    "4 of 2000",
    "24.5 ms",
    "1.57 s",
    "0.30 to 0.30 %; 0.40 to 0.60 %",
    "59, 79, 159 MB",
    "4.2 ms",
]


def measured(folder: Path) -> list[str]:
    lines = summary_table(folder).splitlines()[2 : 2 + len(SUMMARY_ROWS)]
    return [line.split(" | ")[2] for line in lines]


def test_each_figure_is_read_where_its_benchmark_writes_it(tmp_path: Path) -> None:
    for file, figures in FIGURES.items():
        write_measurement(tmp_path / file, figures)
    assert measured(tmp_path) == MEASURED


def test_each_file_is_named_with_its_date_command_and_machine(tmp_path: Path) -> None:
    write_measurement(tmp_path / "memory.json", FIGURES["memory.json"])
    files = summary_table(tmp_path).split("\n\n")[1].splitlines()
    assert len(files) == 1
    assert re.fullmatch(r"- memory\.json: \d{4}-\d\d-\d\dT\S+, `python .*`, CPython .* cores, .*", files[0])


@pytest.mark.parametrize("file", sorted(FIGURES))
def test_what_a_missing_file_would_tell_is_not_measured(file: str, tmp_path: Path) -> None:
    for other in FIGURES.keys() - {file}:
        write_measurement(tmp_path / other, FIGURES[other])
    missing = [row.file == file for row in SUMMARY_ROWS]
    assert [each == "not measured" for each in measured(tmp_path)] == missing
    assert any(missing)


def test_what_a_smaller_form_leaves_out_is_not_measured(tmp_path: Path) -> None:
    smaller: dict[str, Any] = {
        "scale.json": {"rows": [scale_row(4, 0.02, 1)]},
        "cold_start.json": [],
        "side_by_side.json": [contender(Contender.DISCORD_JS, 40)],
        "heard.json": [],
        "memory.json": {"moments": [], "libraries": []},
        "first_answers.json": {"without_call": [], "in_call": []},
    }
    for file, figures in smaller.items():
        write_measurement(tmp_path / file, figures)
    assert set(measured(tmp_path)) == {"not measured"}


def test_make_bench_makes_every_file_and_prints_the_table_last() -> None:
    recipe = MAKEFILE.read_text("utf-8").partition("\nbench:")[2].partition("\n\n")[0]
    for row in SUMMARY_ROWS:
        assert f"--json bench/out/{row.file}" in recipe
    assert recipe.splitlines()[-1].endswith("-m bench.summary")
