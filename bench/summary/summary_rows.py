"""What is printed in the end: each figure, what it should be, and where it is found."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from bench.common.frame_pacing import percentile
from bench.first_audio.first_sound import FirstSound
from bench.side_by_side.contender import Contender

_MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRow:
    """One figure."""

    figure: str
    """What it is."""
    target: str
    """What it should be at most; empty where nothing is asked of it."""
    file: str
    """The name of the file in which a benchmark has written it."""
    read: Callable[[Any], str]
    """What was measured, out of that file's figures.

    Raises:
        LookupError: it is not among them; the benchmark was run in a smaller form.
    """


def _answers(value: Callable[[FirstSound], float], scale: float, form: str) -> Callable[[Any], str]:
    def read(figures: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
        values = sorted(value(FirstSound(**each)) * scale for each in figures["without_call"])
        if not values:
            raise LookupError("no answers")
        return form.format(median(values), percentile(values, 95))

    return read


def _row(rows: Iterable[Mapping[str, Any]], calls: int) -> Mapping[str, Any]:
    for row in rows:
        if row["calls"] == calls:
            return row
    raise LookupError(f"no row of {calls} calls")


def _fresh_frames(figures: Mapping[str, Any]) -> str:
    hundred, two = (_row(figures["rows"], calls)["fresh"]["pacing"]["p99"] * 1e3 for calls in (100, 200))
    return f"{hundred:.1f} / {two:.1f} ms"


def _fresh_lag(figures: Mapping[str, Any]) -> str:
    lag: Mapping[str, float] = _row(figures["rows"], 200)["fresh"]["lag"]
    return f"{lag['p99'] * 1e3:.1f} ms"


def _cpu(figures: Mapping[str, Any]) -> str:
    """From the least to the most of all numbers of calls from fifty on."""
    rows = [row for row in figures["rows"] if row["calls"] >= 50]
    if not rows:
        raise LookupError("no row of 50 calls or more")
    parts = {kind: [row[kind]["cores"] / row[kind]["at_once"] * 100 for row in rows] for kind in ("same", "fresh")}
    same, fresh = (f"{min(each):.2f} to {max(each):.2f} %" for each in parts.values())
    return f"{same}; {fresh}"


def _cold(*, loads_a_voice: bool) -> Callable[[Any], str]:
    def read(figures: Sequence[Mapping[str, Any]]) -> str:
        starts = [start for each in figures if each["loads_a_voice"] is loads_a_voice for start in each["starts"]]
        if not starts:
            raise LookupError("no such start")
        worst = max(starts, key=lambda start: float(start["longest_distance"]))
        frames, machine = worst["longest_distance"] * 1e3, worst["machine_distance"] * 1e3
        return f"{frames:.0f} ms (an idle process meanwhile: {machine:.0f} ms), the worst of {len(starts)}"

    return read


def _bunched(figures: Sequence[Mapping[str, Any]]) -> str:
    speaking = next((row["speaking"] for row in figures if row["contender"] == Contender.ASSISTANT), ())
    if not speaking:
        raise LookupError("the assistant was left out")
    bunched = sum(each["bunched"] for each in speaking)
    frames = sum(each["pacing"]["frames"] for each in speaking)
    return f"{bunched} of {frames}"


def _memory(figures: Mapping[str, Any]) -> str:
    taken = {each["name"]: each["resident_bytes"] / _MEGABYTE for each in figures["moments"]}
    moments = ("no call yet", "10 calls have spoken", "200 calls have spoken")
    return f"{', '.join(f'{taken[moment]:.0f}' for moment in moments)} MB"


SUMMARY_ROWS: Final = (
    SummaryRow(
        figure="first sound of 200 answers of others, p50 / p95",
        target="0.95 / 1.15 s",
        file="first_answers.json",
        read=_answers(lambda sound: sound.seconds, 1.0, "{:.2f} / {:.2f} s"),
    ),
    SummaryRow(
        figure="of it, model to the end of the piece + speech service",
        target="",
        file="first_answers.json",
        read=_answers(lambda sound: sound.floor, 1.0, "{:.2f} / {:.2f} s"),
    ),
    SummaryRow(
        figure="of it, own share",
        target="30 / 60 ms",
        file="first_answers.json",
        read=_answers(lambda sound: sound.own, 1e3, "{:.0f} / {:.0f} ms"),
    ),
    SummaryRow(
        figure="distance of frames p99, fresh speech, 100 / 200 calls",
        target="22 / 25 ms",
        file="scale.json",
        read=_fresh_frames,
    ),
    SummaryRow(
        figure="longest distance of two frames in the first ten seconds of a cold process",
        target="40 ms",
        file="cold_start.json",
        read=_cold(loads_a_voice=False),
    ),
    SummaryRow(
        figure="the same where an offline voice is loaded",
        target="40 ms",
        file="cold_start.json",
        read=_cold(loads_a_voice=True),
    ),
    SummaryRow(
        figure="packets sent within 5 ms of the one before",
        target="0",
        file="side_by_side.json",
        read=_bunched,
    ),
    SummaryRow(
        figure="100 calls in which members speak: distance of frames p99",
        target="25 ms",
        file="heard.json",
        read=lambda figures: f"{_row(figures, 100)['pacing']['p99'] * 1e3:.1f} ms",
    ),
    SummaryRow(
        figure="the same: last frame with voice to first sound p95",
        target="1.6 s",
        file="heard.json",
        read=lambda figures: f"{_row(figures, 100)['wait_p95']:.2f} s",
    ),
    SummaryRow(
        figure="CPU of a speaking call from 50 calls on: cached; fresh speech",
        target="0.5 %",
        file="scale.json",
        read=_cpu,
    ),
    SummaryRow(
        figure="memory: before the first call, 10 and 200 calls with fresh speech",
        target="60, 80, 160 MB",
        file="memory.json",
        read=_memory,
    ),
    SummaryRow(
        figure="event loop lag p99, fresh speech, 200 calls",
        target="10 ms",
        file="scale.json",
        read=_fresh_lag,
    ),
)
"""In the order of the table."""
