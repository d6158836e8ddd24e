"""Begins an answer before it is certain that the question is over: heard by nobody until it is."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from assistant.preferences.reply_options import ReplyOptions
from assistant.reply.draft import ReplyDraft
from assistant.telemetry.metrics import Metrics

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Speculated:
    """An answer, and what it answers."""

    asker_id: int
    text: str
    draft: ReplyDraft
    on_taken: Callable[[], None]


class Speculation:
    """At most one draft at a time: to what somebody has said so far, while they pause.

    Use it as an async context manager, which owns the tasks of the drafts: a turn has to end inside it.
    """

    def __init__(self, metrics: Metrics) -> None:
        """`metrics` counts what came of the drafts."""
        self._metrics = metrics
        self._current: _Speculated | None = None
        self._tasks = asyncio.TaskGroup()

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.withdraw()
        await self._tasks.__aexit__(exc_type, exc, traceback)

    def begin(self, asker_id: int, text: str, draft: ReplyDraft, on_taken: Callable[[], None]) -> None:
        """Begin to answer what a member may have said; `on_taken` is called when they have."""
        self.withdraw()
        _logger.debug("An answer is begun before its question is over")
        self._current = _Speculated(asker_id, text, draft, on_taken)
        draft.begin(self._tasks)

    def is_begun(self, asker_id: int, text: str) -> bool:
        """Whether this is being answered."""
        current = self._current
        return current is not None and (current.asker_id, current.text) == (asker_id, text)

    def take(self, asker_id: int, text: str, options: ReplyOptions) -> ReplyDraft | None:
        """The draft of the answer to a question, if it was begun, and with these options. Any other one is given up."""
        taken = self._current
        if taken is None or not self.is_begun(asker_id, text) or taken.draft.options != options:
            self.withdraw()
            return None
        self._current = None
        self._metrics.speculation_ended(is_used=True)
        taken.on_taken()
        return taken.draft

    def withdraw(self, asker_id: int | None = None) -> None:
        """Give up what was begun, or only if it is for one member: nobody hears of it, and the model writes no more."""
        current = self._current
        if current is None or asker_id not in (None, current.asker_id):
            return
        self._current = None
        self._metrics.speculation_ended(is_used=False)
        current.draft.stop()
        current.draft.release()
