"""In which order the workers of pytest-xdist take the tests."""

from collections.abc import Set as AbstractSet
from typing import Final

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

_WORKERS_TO_ONE_THAT_COMPUTES: Final = 5


class FromBothEnds(LoadScopeScheduling):  # type: ignore[misc] # xdist has no types
    """Gives the next test to whichever worker is free, and all tests of a module in `together` to one.

    Most workers begin with what waits. One in five begins at the other end of the list, with what computes: so the
    processors have work from the beginning on. Where they meet, they help each other.

    `--dist loadgroup` is made for groups, and does not group with pytest 9.2: pytest-xdist's issue 1386.
    """

    def __init__(self, config: pytest.Config, log: Producer, *, together: AbstractSet[str]) -> None:
        super().__init__(config, log)
        self._together = together

    def _assign_work_unit(self, node: WorkerController) -> None:
        if int(node.gateway.id.removeprefix("gw")) < self.numnodes // _WORKERS_TO_ONE_THAT_COMPUTES:
            self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return module if module in self._together else nodeid
