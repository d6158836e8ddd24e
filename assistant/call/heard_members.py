"""Who is heard in a call, as its panel says it."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from assistant.call.context import CallContext
from assistant.call.listening import Listening
from assistant.discord_io import consent_wording
from assistant.domain.hearing_trouble import HearingTrouble
from assistant.hearing.counters import HearingCounters
from assistant.preferences.consents import Consents
from assistant.telemetry.call_health import MemberHearing
from assistant.voice.occupants import occupants_of


class HeardMembers:
    """Those in the voice channel who may be heard."""

    def __init__(
        self, context: CallContext, consents: Consents, name: str, unheard: Callable[[], Mapping[int, HearingTrouble]]
    ) -> None:
        """`name` is the assistant's; `unheard` tells whom it can't hear though they speak, and why."""
        self._context = context
        self._consents = consents
        self._name = name
        self._unheard = unheard

    @property
    def button(self) -> str | None:
        """The label of the button for those who want to be heard; None where nobody is asked."""
        return consent_wording.talk(self._name) if self._consents.listening == "ask" else None

    @property
    def line(self) -> str:
        """Who is heard, and by whom; empty where nobody may be."""
        listening, heard_by = self._consents.listening, self._consents.heard_by
        if listening == "off" or heard_by is None:
            return ""
        if self.is_deafened:
            return consent_wording.DEAFENED
        names = self._names_of(self._listened_to)
        return "\n".join(
            [*self._unheard_lines, consent_wording.heard(self._name, heard_by, names, is_asked=listening == "ask")]
        )

    @property
    def is_deafened(self) -> bool:
        """Whether a moderator has deafened us, so that we hear nobody."""
        own = self._context.voice.guild.me.voice
        return own is not None and own.deaf

    @property
    def unheard_names(self) -> list[str]:
        """The names of those who speak and are not heard now."""
        return self._names_of(sorted(self._unheard()))

    @property
    def _unheard_lines(self) -> list[str]:
        unheard = self._unheard()
        too_long = [user_id for user_id, trouble in unheard.items() if trouble is HearingTrouble.OVER_BUDGET]
        others = unheard.keys() - set(too_long)
        lines = [consent_wording.unheard(self._names_of(sorted(others)))] if others else []
        return lines + ([consent_wording.spoke_too_long(self._names_of(sorted(too_long)))] if too_long else [])

    def hearing(self, listening: Listening) -> list[MemberHearing]:
        """How well each of those is heard who may be; those first who are not."""
        members = [self._hearing_of(user_id, listening) for user_id in self._listened_to]
        return sorted(members, key=lambda member: member.trouble is None)

    def _hearing_of(self, user_id: int, listening: Listening) -> MemberHearing:
        health = listening.health_of(user_id)
        counters = health.counters if health is not None else HearingCounters()
        last_heard = health.last_heard if health is not None else None
        return MemberHearing(
            name=self._names_of([user_id])[0],
            heard_ago=None if last_heard is None else max(0.0, time.monotonic() - last_heard),
            packets=counters.packets,
            decoded=counters.decoded,
            concealed=counters.concealed,
            lost=counters.lost,
            trouble=listening.unheard.get(user_id) or (health.trouble if health is not None else None),
        )

    @property
    def _listened_to(self) -> list[int]:
        """The ids of those in the voice channel who may be heard."""
        guild_id = self._context.guild_id
        occupants = occupants_of(self._context.voice)
        return sorted(user_id for user_id in occupants if self._consents.may_hear(guild_id, user_id))

    def _names_of(self, user_ids: Iterable[int]) -> list[str]:
        members = [self._context.voice.guild.get_member(user_id) for user_id in user_ids]
        return [member.display_name if member is not None else "" for member in members]

    @contextmanager
    def following(self, on_change: Callable[[int], None]) -> Iterator[None]:
        """Inside, `on_change` is called with the id of whoever may be heard from now on, or may not any more."""
        with self._consents.following(self._context.guild_id, on_change):
            yield

    async def load(self) -> None:
        """Load who has agreed to be heard, where that counts."""
        if self._consents.listening == "ask":
            await self._consents.load(self._context.guild_id)
