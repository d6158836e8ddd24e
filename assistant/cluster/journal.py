"""What is written down of one call while it lasts, so that another process can go on with it."""

from collections.abc import Awaitable, Callable, Collection, Set
from dataclasses import dataclass
from typing import Any, Final, Unpack

from assistant.domain.call_snapshot import CallChanges, CallSnapshot, QuestionChanges
from assistant.domain.exchange import Exchange
from assistant.storage.call_store import CallStore
from assistant.storage.write_behind import WriteBehind

_RELEASE_SECONDS: Final = 3.0
"""How long the end of the process waits for the database to know that a call may be taken."""


class CallJournal:
    """Records one call. No method raises: while nothing can be stored, the call goes on, and is written down later."""

    def __init__(self, store: CallStore, writes: WriteBehind, guild_id: int, *, is_stored: bool = False) -> None:
        """`is_stored` says that the call stands in the store, and that this process holds it."""
        self._store = store
        self._writes = writes
        self._guild_id = guild_id
        self._is_stored = is_stored

    async def begin(self, call: CallSnapshot) -> None:
        """The call has begun."""
        self._is_stored = True  # or will be, before anything else of the call
        await self._write(lambda: self._store.begin(call), may_be_dropped=False)

    async def is_held(self) -> bool:
        """Whether the call is still this process's: no other one has taken it, as far as anybody can say.

        A process that seemed dead, such as one whose event loop was blocked, may have lost its calls.
        """
        return not self._is_stored or not await self._writes.write(
            self._guild_id, lambda: self._store.is_held_elsewhere(self._guild_id), otherwise=False
        )

    async def accept(
        self,
        message_id: int,
        channel_id: int,
        *,
        is_answered: bool = False,
        speaker_id: int | None = None,
        said: str | None = None,
    ) -> bool:
        """Whether a message is this process's to answer; each is one's alone, once. Where nobody can say, it is.

        `speaker_id` and `said` are as in `QuestionSnapshot`.
        """
        if not self._is_stored:
            return True
        return await self._writes.write(
            self._guild_id,
            lambda: self._store.accept(
                self._guild_id, message_id, channel_id, is_answered=is_answered, speaker_id=speaker_id, said=said
            ),
            otherwise=True,
        )

    async def update_call(self, **changes: Unpack[CallChanges]) -> None:
        """Something has changed in the call."""
        await self._write(lambda: self._store.update_call(self._guild_id, **changes), may_be_dropped=False)

    async def update_question(self, message_id: int, **changes: Unpack[QuestionChanges]) -> None:
        """The answer to a message has come so far."""
        await self._write(lambda: self._store.update_question(self._guild_id, message_id, **changes))

    async def close_question(
        self, message_id: int, conversation: Collection[Exchange], unspoken_languages: Set[str]
    ) -> None:
        """A message needs no answer any more; this is what is remembered of the call from now on."""
        remembered, unspoken = tuple(conversation), frozenset(unspoken_languages)  # as they are now, however late
        await self._write(lambda: self._store.close_question(self._guild_id, message_id, remembered, unspoken))

    async def release(self) -> bool:
        """Leave the call to whoever wants it; False when it could not be stored."""

        async def release() -> bool:
            await self._store.release(self._guild_id)
            return True

        return self._is_stored and await self._writes.write(
            self._guild_id, release, otherwise=False, may_be_dropped=False, patience=_RELEASE_SECONDS
        )

    async def end(self) -> None:
        """The call is over."""
        await self._write(lambda: self._store.end(self._guild_id), may_be_dropped=False)

    async def _write(self, write: Callable[[], Awaitable[Any]], *, may_be_dropped: bool = True) -> None:
        if self._is_stored:
            await self._writes.write(self._guild_id, write, otherwise=None, may_be_dropped=may_be_dropped)


@dataclass(frozen=True, slots=True)
class CallJournals:
    """Makes the journals of one process."""

    store: CallStore
    """Where the calls are written down."""
    writes: WriteBehind
    """What writes them down."""

    def of(self, guild_id: int, *, is_stored: bool = False) -> CallJournal:
        """The journal of a guild's call; `is_stored` is as for `CallJournal`."""
        return CallJournal(self.store, self.writes, guild_id, is_stored=is_stored)
