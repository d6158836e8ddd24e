"""Transitions that are prepared and wait to be executed (whitepaper, "Protocol Version Changes")."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from voicewire.dave.group import NewEpoch

_MOST: Final = 64


@dataclass(frozen=True, slots=True)
class Transition:
    """What a transition changes."""

    version: int
    """The protocol version from then on; 0 is transport encryption alone."""
    epoch: NewEpoch | None
    """The epoch whose key is sealed with from then on; None: the group stays as it is."""


class Transitions:
    """By number, in the order in which they were prepared."""

    def __init__(self) -> None:
        self._prepared: OrderedDict[int, Transition] = OrderedDict()

    def prepare(self, transition_id: int, transition: Transition) -> None:
        """Expect it to be executed. Of too many the oldest is forgotten."""
        self._prepared.pop(transition_id, None)
        self._prepared[transition_id] = transition
        if len(self._prepared) > _MOST:
            self._prepared.popitem(last=False)

    def execute(self, transition_id: int) -> Transition | None:
        """The prepared transition; None if there is none. Those that were prepared before it are out of date then."""
        if transition_id not in self._prepared:
            return None
        while True:
            prepared, transition = self._prepared.popitem(last=False)
            if prepared == transition_id:
                return transition

    def clear(self) -> None:
        """Expect none."""
        self._prepared.clear()
