"""What is written down of one call while it lasts, so that another process can go on with it."""

import logging
from collections.abc import Awaitable, Callable, Collection, Set
from typing import Final, TypeVar, Unpack

from assistant.domain.call_snapshot import CallChanges, CallSnapshot, QuestionChanges
from assistant.domain.errors import StorageUnavailable
from assistant.domain.exchange import Exchange
from assistant.storage.call_store import CallStore
from assistant.util.timeouts import lenient_timeout

_log = logging.getLogger(__name__)

_SECONDS: Final = 3.0
"""How long the call waits for the database: a conversation goes on without it."""

T = TypeVar("T")


class CallJournal:
    """Records one call. No method raises: where nothing can be stored, the call goes on, and ends with the process."""

    def __init__(self, store: CallStore, guild_id: int, *, is_stored: bool = False) -> None:
        """`is_stored` says that the call stands in the store, and that this process holds it."""
        self._store = store
        self._guild_id = guild_id
        self._is_stored = is_stored

    async def begin(self, call: CallSnapshot) -> None:
        """The call has begun."""

        async def begin() -> bool:
            await self._store.begin(call)
            return True

        self._is_stored = await self._within_time(begin, otherwise=False)

    async def accept(self, message_id: int, channel_id: int, *, is_answered: bool = False) -> bool:
        """Whether a message is this process's to answer; each is one's alone, once."""
        if not self._is_stored:
            return True
        return await self._within_time(
            lambda: self._store.accept(self._guild_id, message_id, channel_id, is_answered=is_answered), otherwise=True
        )

    async def update_call(self, **changes: Unpack[CallChanges]) -> None:
        """Something has changed in the call."""
        await self._write(lambda: self._store.update_call(self._guild_id, **changes))

    async def update_question(self, message_id: int, **changes: Unpack[QuestionChanges]) -> None:
        """The answer to a message has come so far."""
        await self._write(lambda: self._store.update_question(self._guild_id, message_id, **changes))

    async def close_question(
        self, message_id: int, conversation: Collection[Exchange], unspoken_languages: Set[str]
    ) -> None:
        """A message needs no answer any more; this is what is remembered of the call from now on."""
        await self._write(
            lambda: self._store.close_question(self._guild_id, message_id, conversation, unspoken_languages)
        )

    async def release(self) -> bool:
        """Leave the call to whoever wants it; False when it could not be stored."""

        async def release() -> bool:
            await self._store.release(self._guild_id)
            return True

        return self._is_stored and await self._within_time(release, otherwise=False)

    async def end(self) -> None:
        """The call is over."""
        await self._write(lambda: self._store.end(self._guild_id))

    async def _write(self, write: Callable[[], Awaitable[None]]) -> None:
        if self._is_stored:
            await self._within_time(write, otherwise=None)

    async def _within_time(self, write: Callable[[], Awaitable[T]], *, otherwise: T) -> T:
        try:
            async with lenient_timeout(_SECONDS):
                return await write()
        except (StorageUnavailable, TimeoutError) as error:
            _log.warning("The call of guild %d could not be written down: %r", self._guild_id, error)
            return otherwise
