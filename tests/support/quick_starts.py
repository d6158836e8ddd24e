"""Starting bots in a moment, where it is not the start that is tested."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sandbox.tools.bot_process import BotProcess
from tests.support.forked_programs import start_forked


@contextmanager
def bots_start_quickly() -> Iterator[None]:
    """Each `BotProcess` is a copy of a process that has imported all it needs: see `forked_programs`."""
    with pytest.MonkeyPatch.context() as patch:
        if sys.platform == "linux":  # macOS's libraries do not outlive a fork, and Windows has none
            patch.setattr(BotProcess, "start", staticmethod(start_forked))
        yield
