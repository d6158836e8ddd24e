"""What is written down of one call while it lasts, so that another process can go on with it."""

import logging
from collections.abc import Awaitable, Callable, Collection, Set
from typing import Final, TypeVar

from assistant.domain.call_snapshot import CallSnapshot
from assistant.domain.errors import StorageUnavailable
from assistant.domain.exchange import Exchange
from assistant.storage.call_store import CallStore
from assistant.util.timeouts import lenient_timeout

_log = logging.getLogger(__name__)

_SECONDS: Final = 3.0
"""How long the call waits for the database: a conversation goes on without it."""

T = TypeVar("T")


class CallJournal:
    """Writes of one call. No method raises: where nothing can be kept, the call goes on, and ends with the process."""

    def __init__(self, store: CallStore, guild_id: int, *, is_kept: bool = False) -> None:
        """`is_kept` says that the call stands in the store, and that this process holds it."""
        self._store = store
        self._guild_id = guild_id
        self._is_kept = is_kept

    async def begin(self, call: CallSnapshot) -> None:
        """The call has begun."""

        async def begin() -> bool:
            await self._store.begin(call)
            return True

        self._is_kept = await self._within_time(begin, otherwise=False)

    async def accept(self, message_id: int, channel_id: int, *, is_answered: bool = False) -> bool:
        """Whether a message is this process's to answer; each is one's alone, once."""
        if not self._is_kept:
            return True
        return await self._within_time(
            lambda: self._store.accept(self._guild_id, message_id, channel_id, is_answered=is_answered), otherwise=True
        )

    async def moved(self, voice_id: int) -> None:
        """The call is in another voice channel now."""
        await self._note(lambda: self._store.moved(self._guild_id, voice_id))

    async def panel(self, panel_id: int) -> None:
        """The panel stands."""
        await self._note(lambda: self._store.panel(self._guild_id, panel_id))

    async def answered(self, message_id: int, conversation: Collection[Exchange], told: Set[str]) -> None:
        """A message needs no answer any more; this is what is remembered."""
        await self._note(lambda: self._store.answered(self._guild_id, message_id, conversation, told))

    async def release(self) -> bool:
        """Leave the call to whoever wants it; False when it could not be kept."""

        async def release() -> bool:
            await self._store.release(self._guild_id)
            return True

        return self._is_kept and await self._within_time(release, otherwise=False)

    async def end(self) -> None:
        """The call is over."""
        await self._note(lambda: self._store.end(self._guild_id))

    def of(self, message_id: int) -> "MessageRecord":
        """Where the turn that answers a message tells how far it has come."""
        return MessageRecord(self, message_id)

    async def written(self, message_id: int, reply: str, apology: str) -> None:
        """See `TurnRecord.written`."""
        await self._note(lambda: self._store.written(self._guild_id, message_id, reply, apology))

    async def posted(self, message_id: int) -> None:
        """See `TurnRecord.posted`."""
        await self._note(lambda: self._store.posted(self._guild_id, message_id))

    async def heard(self, message_id: int, sentences: int) -> None:
        """See `TurnRecord.heard`."""
        await self._note(lambda: self._store.heard(self._guild_id, message_id, sentences))

    async def _note(self, write: Callable[[], Awaitable[None]]) -> None:
        if self._is_kept:
            await self._within_time(write, otherwise=None)

    async def _within_time(self, write: Callable[[], Awaitable[T]], *, otherwise: T) -> T:
        try:
            async with lenient_timeout(_SECONDS):
                return await write()
        except (StorageUnavailable, TimeoutError) as error:
            _log.warning("The call of guild %d could not be written down: %r", self._guild_id, error)
            return otherwise


class MessageRecord:
    """The `TurnRecord` of one message."""

    def __init__(self, journal: CallJournal, message_id: int) -> None:
        self._journal = journal
        self._message_id = message_id

    async def written(self, reply: str, apology: str) -> None:
        """See `TurnRecord.written`."""
        await self._journal.written(self._message_id, reply, apology)

    async def posted(self) -> None:
        """See `TurnRecord.posted`."""
        await self._journal.posted(self._message_id)

    async def heard(self, sentences: int) -> None:
        """See `TurnRecord.heard`."""
        await self._journal.heard(self._message_id, sentences)
