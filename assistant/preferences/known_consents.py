"""The decisions on who may be heard that this process knows, and who is told when one changes."""

import math
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager

from assistant.domain.consent import Consent


class KnownConsents:
    """Keeps the newest decision of each member of each guild, in memory."""

    def __init__(self) -> None:
        """Nothing is known."""
        self._by_guild: dict[int, dict[int, Consent]] = {}
        self._followers: dict[int, list[Callable[[int], None]]] = {}

    @property
    def followed(self) -> Set[int]:
        """The guilds of which somebody wants to be told."""
        return self._followers.keys()

    @contextmanager
    def following(self, guild_id: int, on_change: Callable[[int], None]) -> Iterator[None]:
        """Inside, `on_change` is called with the id of each member whose yes or no has changed."""
        self._followers.setdefault(guild_id, []).append(on_change)
        try:
            yield
        finally:
            self._followers[guild_id].remove(on_change)
            if not self._followers[guild_id]:
                del self._followers[guild_id]

    def get(self, guild_id: int, user_id: int) -> Consent | None:
        """What a member of a guild has decided; None: nothing."""
        return self._by_guild.get(guild_id, {}).get(user_id)

    def is_given(self, guild_id: int, user_id: int) -> bool:
        """Whether a member of a guild has said yes."""
        decided = self.get(guild_id, user_id)
        return decided is not None and decided.is_given

    def in_guild(self, guild_id: int) -> list[Consent]:
        """What the members of a guild have decided."""
        return list(self._by_guild.get(guild_id, {}).values())

    def unstored(self, user_id: int) -> list[Consent]:
        """What somebody has decided in any guild, as far as it is not stored yet."""
        found = (known[user_id] for known in self._by_guild.values() if user_id in known)
        return [consent for consent in found if is_unstored(consent)]

    def put(self, consent: Consent) -> None:
        """Keep a decision in place of any other."""
        was_given = self.is_given(consent.guild_id, consent.user_id)
        self._by_guild.setdefault(consent.guild_id, {})[consent.user_id] = consent
        if consent.is_given is not was_given:
            self._tell(consent.guild_id, consent.user_id)

    def put_if_newer(self, consent: Consent) -> None:
        """Keep a decision unless a newer one is known; one that is not stored yet is the newest."""
        known = self.get(consent.guild_id, consent.user_id)
        if known is None or consent.changed_at > known.changed_at:
            self.put(consent)

    def forget(self, guild_id: int, user_id: int) -> None:
        """Keep no decision of a member of a guild."""
        forgotten = self._by_guild.get(guild_id, {}).pop(user_id, None)
        if forgotten is not None and forgotten.is_given:
            self._tell(guild_id, user_id)

    def _tell(self, guild_id: int, user_id: int) -> None:
        for on_change in list(self._followers.get(guild_id, ())):
            on_change(user_id)


def is_unstored(consent: Consent) -> bool:
    """Whether the database has not said yet when it was decided."""
    return math.isinf(consent.changed_at)
