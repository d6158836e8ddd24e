"""One line of what `python -m bench.hearing` prints."""

from collections.abc import Iterable
from dataclasses import dataclass

from bench.common.markdown_table import markdown_table


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, and what is wanted."""

    name: str
    """Of what."""
    value: str
    """As it is printed, with its unit."""
    target: str = ""
    """What is wanted; "" where it is only measured."""
    holds: bool | None = None
    """Whether the target is kept; None where there is none."""


def figure_table(figures: Iterable[Figure]) -> str:
    """One row for each."""
    marks = {None: "", True: "✓", False: "✗"}
    rows = [(each.name, each.value, each.target, marks[each.holds]) for each in figures]
    return markdown_table(("figure", "measured", "target", ""), rows)


def at_most(name: str, value: float, limit: float, unit: str, digits: int = 2) -> Figure:
    """A figure that is to be small."""
    return Figure(name, f"{value:.{digits}f} {unit}", f"{limit:g} {unit}", value <= limit)
