"""Who may be heard in the calls of each server."""

import asyncio
import logging
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self

from assistant.domain.consent import Consent, Listening
from assistant.domain.errors import StorageUnavailable
from assistant.domain.heard_by import HeardBy
from assistant.preferences.known_consents import KnownConsents, is_unstored
from assistant.storage.consent_store import ConsentStore
from assistant.storage.write_behind import WriteBehind
from assistant.util.timeouts import LenientTimeout

_logger = logging.getLogger(__name__)

_READ_SECONDS: Final = 0.8
"""How long the database may take to answer: Discord wants an answer to a command within three seconds."""
_STEP_SECONDS: Final = 1.0
"""How often it is looked what was decided in other processes."""


class Consents:
    """Knows the decisions of the guilds that were loaded, and stores new ones: later, while the database is away.

    While it is entered, what other processes write down is known here about a second later. As long as the database
    can't be read, nobody is heard who has not agreed in this process.
    """

    def __init__(
        self,
        store: ConsentStore,
        writes: WriteBehind,
        *,
        listening: Listening,
        heard_by: HeardBy | None,
        is_bot: Callable[[int, int], bool | None],
    ) -> None:
        """Nothing is read yet.

        Args:
            store: where decisions are kept.
            writes: puts new ones there.
            listening: whose speech the owner wants heard.
            heard_by: who turns speech into text; None where nobody does, and then nobody is heard.
            is_bot: whether a member of a guild, by the ids of both, is a bot; None where that is not known.
        """
        self._listening: Final[Listening] = listening
        self.heard_by = heard_by
        """Who turns speech into text; None: nobody."""
        self._store = store
        self._writes = writes
        self._is_bot = is_bot
        self._humans: set[int] = set()
        self._known = KnownConsents()
        self._loaded: set[int] = set()
        self._read_until: float | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="consents")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    @property
    def listening(self) -> Listening:
        """Whose speech is heard."""
        return self._listening if self.heard_by is not None else "off"

    def hear_nobody(self) -> None:
        """From now on nobody is heard in this process, since something that this needs is missing."""
        self.heard_by = None

    def may_hear(self, guild_id: int, user_id: int) -> bool:
        """Whether somebody's speech may be heard: cheap enough to be asked for each packet. Bots are never heard.

        A new session on the main gateway forgets who is a bot, until it is told again. Who agreed is heard meanwhile:
        no bot presses buttons. Where nobody is asked, those are heard who were known to be humans before.
        """
        match self.listening:
            case "ask":
                return self._known.is_given(guild_id, user_id) and self._is_bot(guild_id, user_id) is not True
            case "everyone":
                return user_id in self._humans or self._is_known_human(guild_id, user_id)
            case "off":
                return False

    @contextmanager
    def following(self, guild_id: int, on_change: Callable[[int], None]) -> Iterator[None]:
        """Have the decisions of a guild loaded, and kept up to date.

        Inside, `on_change` is called on the event loop with the id of each member who may be heard from now on, or may
        not any more.
        """
        try:
            with self._known.following(guild_id, on_change):
                yield
        finally:
            if guild_id not in self._known.followed:
                self._loaded.discard(guild_id)  # from now on, what other processes write down is not read

    async def load(self, guild_id: int) -> bool:
        """Load the decisions of a guild at once; False if that fails, and then the ones known so far stay."""
        try:
            async with LenientTimeout(_READ_SECONDS):
                stored = await self._store.load_for_guild(guild_id)
        except (StorageUnavailable, TimeoutError) as error:
            _logger.warning("Couldn't read who may be heard in guild %d: %r", guild_id, error)
            return False
        if guild_id in self._known.followed:
            self._loaded.add(guild_id)
        still_there = {consent.user_id for consent in stored}
        for known in self._known.in_guild(guild_id):
            if known.user_id not in still_there and not is_unstored(known):
                self._known.forget(guild_id, known.user_id)
        for consent in stored:
            self._known.put_if_newer(consent)
        return True

    async def agree_by_calling(self, guild_id: int, user_id: int) -> bool:
        """Somebody has called the assistant, which says yes, unless they have said no before: whether they are heard.

        As long as it can't be read whether they have, they are not.
        """
        is_read = await self.load(guild_id)
        if is_read and self._known.get(guild_id, user_id) is None:
            await self.decide(guild_id, user_id, is_given=True)
        return self._known.is_given(guild_id, user_id)

    async def switch(self, guild_id: int, user_id: int) -> bool:
        """Take somebody's yes for a no, and the other way around: whether they are heard now."""
        if guild_id not in self._loaded:
            await self.load(guild_id)
        await self.decide(guild_id, user_id, is_given=not self._known.is_given(guild_id, user_id))
        return self._known.is_given(guild_id, user_id)

    async def decide(self, guild_id: int, user_id: int, *, is_given: bool) -> None:
        """Somebody has decided. It holds from now on, and is stored when this returns or later."""
        decided = Consent(guild_id=guild_id, user_id=user_id, is_given=is_given, changed_at=math.inf)
        self._known.put(decided)

        async def store() -> None:
            stored = await self._store.decide(guild_id, user_id, is_given=is_given)
            if self._known.get(guild_id, user_id) is decided:
                self._known.put(stored)

        await self._writes.write(guild_id, store, otherwise=None, may_be_dropped=False)

    async def decisions_of(self, user_id: int) -> Sequence[Consent]:
        """What somebody has decided, in all guilds.

        Raises:
            StorageUnavailable: the database can't be reached.
            TimeoutError: it does not answer in time.
        """
        async with LenientTimeout(_READ_SECONDS):
            stored = await self._store.load_for_user(user_id)
        newest = {consent.guild_id: consent for consent in [*stored, *self._known.unstored(user_id)]}
        return list(newest.values())

    async def take_back_everywhere(self, user_id: int) -> None:
        """Somebody is heard nowhere any more.

        Raises:
            StorageUnavailable: the database can't be reached.
            TimeoutError: it does not answer in time.
        """
        given = [consent.guild_id for consent in await self.decisions_of(user_id) if consent.is_given]
        await asyncio.gather(*(self.decide(guild_id, user_id, is_given=False) for guild_id in given))

    async def forget_guild(self, guild_id: int) -> None:
        """Keep nothing of a guild that the bot has left."""
        for known in self._known.in_guild(guild_id):
            self._known.forget(guild_id, known.user_id)
        await self._writes.write(
            guild_id, lambda: self._store.forget_guild(guild_id), otherwise=None, may_be_dropped=False
        )

    async def forget_member(self, guild_id: int, user_id: int) -> None:
        """Keep nothing of a member who has left a guild."""
        self._known.forget(guild_id, user_id)
        await self._writes.write(
            guild_id, lambda: self._store.forget_member(guild_id, user_id), otherwise=None, may_be_dropped=False
        )

    def _is_known_human(self, guild_id: int, user_id: int) -> bool:
        if self._is_bot(guild_id, user_id) is not False:
            return False
        self._humans.add(user_id)
        return True

    async def _run(self) -> None:
        try:
            async with LenientTimeout(_READ_SECONDS):
                await self._store.forget_old()
        except (StorageUnavailable, TimeoutError) as error:
            _logger.warning("Old decisions on who may be heard could not be erased: %r", error)
        while self.listening == "ask":
            await asyncio.sleep(_STEP_SECONDS)
            await self._catch_up()

    async def _catch_up(self) -> None:
        """Take what was decided in other processes."""
        if not self._known.followed:
            self._read_until = None  # what is decided until the next call begins is loaded then
            return
        for guild_id in self._known.followed - self._loaded:
            await self.load(guild_id)
        try:
            async with LenientTimeout(_READ_SECONDS):
                changes, self._read_until = await self._store.load_changes(self._read_until)
        except (StorageUnavailable, TimeoutError) as error:
            _logger.info("Couldn't read who agreed in other processes to be heard: %r", error)
            return
        for consent in changes:
            if consent.guild_id in self._known.followed:
                self._known.put_if_newer(consent)
