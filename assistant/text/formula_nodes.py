"""The parts of a formula."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Leaf:
    """A number, a letter, a word, a bracket or a mark."""

    text: str


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign between two others, by its name in the languages' files."""

    name: str


@dataclass(frozen=True, slots=True)
class Power:
    """What is raised to a power, or has something else above it."""

    base: "Node"
    exponent: "Row"


@dataclass(frozen=True, slots=True)
class Root:
    """A square root."""

    of: "Row"


@dataclass(frozen=True, slots=True)
class Fraction:
    """One over the other."""

    top: "Row"
    bottom: "Row"


Node = Leaf | Sign | Power | Root | Fraction
Row = Sequence[Node]


def leaves(row: Row) -> int:
    """How many numbers, letters and signs there are to listen to."""
    return sum(_size(node) for node in row)


def _size(node: Node) -> int:
    if isinstance(node, Power):
        return _size(node.base) + leaves(node.exponent)
    if isinstance(node, Root):
        return 1 + leaves(node.of)
    return leaves(node.top) + leaves(node.bottom) if isinstance(node, Fraction) else 1
