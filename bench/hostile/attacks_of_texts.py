"""Texts that are made to be slow to read, cut or say: as an answer of the model, and typed by a member."""

from collections.abc import Mapping, Sequence
from typing import Final

from bench.hostile.attack import Act, Attack
from bench.hostile.attacks_of_the_model import streamed
from bench.hostile.hostile_test_bed import HostileTestBed

_CHARACTERS: Final = 100_000
_DELTA: Final = 2000
_TYPED: Final = 2000
_SETTINGS: Final[Mapping[str, str]] = {"SPOKEN_SECONDS": "5", "AI_MAX_CHARACTERS": "200000"}
_UNITS: Final[Mapping[str, str]] = {
    "Markdown nesting": "> - **_[",
    "open brackets": "[",
    "backticks": "`",
    "table cells": "|a|\n",
    "one letter": "a",
    "emoji": "👨‍👩‍👧‍👦",
    "combining marks": "\u0301",
    "mentions": "<@123456789012345678>",
    "digits": "7",
    "full stops": ".",
    "line ends": "a\n",
    "Chinese without a stop": "你好",
}


def _repeated(unit: str, characters: int) -> str:
    return (unit * (characters // len(unit) + 1))[:characters]


def _answered(unit: str) -> Act:
    async def act(bed: HostileTestBed) -> None:
        bed.model.order(streamed(_repeated(unit, _CHARACTERS), _DELTA))
        await bed.ask(bed.ada, "Write something.")

    return act


async def _type_all(bed: HostileTestBed) -> None:
    """All of them, one message each."""
    for unit in _UNITS.values():
        text = _repeated(unit, _TYPED).strip()
        await bed.ask(bed.ada, text)


TEXT_ATTACKS: Final[Sequence[Attack]] = (
    *(
        Attack(
            name=f"answer of {name}",
            sent=f"{_CHARACTERS:,} characters; 5 s are spoken, all may be written",
            act=_answered(unit),
            settings=_SETTINGS,
            is_quick=name in ("Markdown nesting", "combining marks"),
        )
        for name, unit in _UNITS.items()
    ),
    Attack(
        name="messages of all of these",
        sent=f"{len(_UNITS)} messages of {_TYPED:,} characters each, typed at once by a member",
        act=_type_all,
    ),
)
"""In the order of the table."""
