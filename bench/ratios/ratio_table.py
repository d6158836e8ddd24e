"""The assistant's figures as parts of the usual pipeline's, and what they may be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bench.common.markdown_table import markdown_table
from bench.ratios.small_calls import SmallCalls
from bench.subjects.benched_bot import BenchedBot

_MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A figure of which the assistant may have a part of what the usual pipeline has."""

    name: str
    """What it is, with its unit."""
    value: Callable[[SmallCalls], float]
    """The figure, in that unit."""
    limit: float
    """The most that the assistant may have of it: a quarter more at least than in any run on a quiet machine."""


COMPARISONS: Final = (
    Comparison(name="first sound, s", value=lambda calls: calls.first_sound, limit=0.5),
    Comparison(name="distance of frames, p99, ms", value=lambda calls: calls.pacing.p99 * 1e3, limit=2.0),
    Comparison(name="CPU of a speaking call, %", value=lambda calls: calls.cores_per_call * 100, limit=0.75),
    Comparison(name="memory of a further call, MB", value=lambda calls: calls.bytes_per_call / _MEGABYTE, limit=0.5),
)


def ratios(taken: Mapping[BenchedBot, SmallCalls]) -> dict[str, float]:
    """For each comparison, the assistant's figure divided by the usual pipeline's."""
    ours, theirs = taken[BenchedBot.ASSISTANT], taken[BenchedBot.REFERENCE]
    return {each.name: each.value(ours) / each.value(theirs) for each in COMPARISONS}


def ratio_table(taken: Mapping[BenchedBot, SmallCalls]) -> str:
    """Both bots side by side, in Markdown."""
    ours, theirs = taken[BenchedBot.ASSISTANT], taken[BenchedBot.REFERENCE]
    parts = ratios(taken)
    rows = [
        (
            each.name,
            f"{each.value(ours):.2f}",
            f"{each.value(theirs):.2f}",
            f"{parts[each.name]:.2f}",
            f"{each.limit:.2f}",
        )
        for each in COMPARISONS
    ]
    return markdown_table(("figure", BenchedBot.ASSISTANT.label, BenchedBot.REFERENCE.label, "ratio", "at most"), rows)
