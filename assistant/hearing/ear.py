"""Hears a call: from its members' packets to what each of them said."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from assistant.domain.hearing_trouble import HearingTrouble
from assistant.domain.spoken_turn import SpokenTurn
from assistant.hearing.hearing_health import HearingHealth
from assistant.hearing.models import HearingModels
from assistant.hearing.turn_callbacks import TurnCallbacks
from assistant.hearing.unheard import UnheardWatch
from voicewire.listener import VoicePacket

if TYPE_CHECKING:
    from assistant.hearing.heard_member import HeardMember

_logger = logging.getLogger(__name__)

TICK_SECONDS: Final = 0.02
"""How often `Ear.tick` wants to be called while the ear is awake."""
_LONGEST_TICK: Final = 2 * TICK_SECONDS
"""What a tick counts at most: while the event loop stood still, packets came that nobody has read yet."""
_JUST_SPOKEN_SECONDS: Final = 10.0
_MOST_MEMBERS: Final = 32
"""Members that are kept at a time; a megabyte each while they speak."""


class Ear:
    """The `VoiceListener` of one call. Used on the event loop; nothing of it blocks or waits.

    While it `is_awake`, its owner calls `tick` every TICK_SECONDS; and `forget` when a member leaves or takes their
    consent back. Nothing is kept of a turn that was handed over, and no sound is logged.
    """

    def __init__(
        self,
        models: HearingModels,
        *,
        wants: Callable[[int], bool],
        on_speech: Callable[[int], None],
        on_pause: Callable[[SpokenTurn], None],
        on_resume: Callable[[int], None],
        on_turn: Callable[[SpokenTurn], None],
        on_dismissed: Callable[[int], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is heard yet.

        Args:
            models: what all ears share.
            wants: who has consented, and never a bot.
            on_speech: see `TurnCallbacks`, as for the next four.
            on_pause: is called three times a turn at most.
            on_resume: is called in the same turn.
            on_turn: is called once the turn is over.
            on_dismissed: is called in its place.
            now: returns seconds.
        """
        # Imported here: a bot that hears nobody saves NumPy's 10 MB.
        from assistant.hearing.heard_member import HeardMember  # noqa: PLC0415

        self._make_member = HeardMember
        self._models = models
        self._wants = wants
        self._callbacks = TurnCallbacks(
            on_speech=on_speech, on_pause=on_pause, on_resume=on_resume, on_turn=on_turn, on_dismissed=on_dismissed
        )
        self._now = now
        self._last_tick = now()
        self._members: dict[int, HeardMember] = {}
        self._awake: dict[int, HeardMember] = {}
        """Those for whom a tick does something."""
        self._woken = asyncio.Event()
        self._watch = UnheardWatch()
        self.crowded_out = 0
        """Packets of members for whom there was no room."""

    def wants(self, user_id: int) -> bool:
        """See `VoiceListener`."""
        return self._wants(user_id)

    def hear(self, packet: VoicePacket) -> None:
        """See `VoiceListener`."""
        now = self._now()
        member = self._members.get(packet.user_id) or self._admit(packet.user_id, now)
        if member is None:
            self.crowded_out += 1
            return
        if not self.is_awake:
            self._last_tick = now
            self._woken.set()
        self._awake[packet.user_id] = member
        member.hear(packet, now)

    @property
    def is_awake(self) -> bool:
        """Whether a tick would do something. In a call in which nobody speaks, none need be made."""
        return bool(self._awake)

    async def wait_until_awake(self) -> None:
        """Return as soon as the ear is awake."""
        while not self.is_awake:
            self._woken.clear()
            await self._woken.wait()

    def tick(self) -> None:
        """Let time pass: members whose packets stop coming are silent, and what is missing is waited for no longer."""
        now = self._now()
        passed, self._last_tick = min(now - self._last_tick, _LONGEST_TICK), now
        for user_id, member in list(self._awake.items()):
            if not self._wants(user_id):
                self.forget(user_id)
                continue
            try:
                member.tick(passed, now)
            except Exception:  # in whichever way: it costs this member's turn, and neither the others nor the call
                _logger.exception("A member's sound could not be listened to")
                self.forget(user_id)
                continue
            if member.is_asleep:
                self._awake.pop(user_id, None)

    def forget(self, user_id: int) -> None:
        """Drop all that is kept of a member, and what they are saying."""
        member = self._members.pop(user_id, None)
        self._awake.pop(user_id, None)
        if member is not None and member.is_in_turn:
            self._callbacks.on_dismissed(user_id)

    def so_far(self, user_id: int) -> SpokenTurn | None:
        """What a member has said so far in the turn that goes on, up to now; None while it is hardly speech."""
        member = self._members.get(user_id)
        return None if member is None else member.so_far(self._now())

    def wait_longer(self, user_id: int, seconds: float) -> None:
        """While a member pauses: their turn is over only after so many seconds of silence in all, unless they go on.

        It ends as before where their client says that they have let their key go.
        """
        member = self._members.get(user_id)
        if member is not None:
            member.wait_longer(seconds)

    def health(self, user_id: int) -> HearingHealth | None:
        """How well a member is heard; None if nothing of theirs came."""
        member = self._members.get(user_id)
        return None if member is None else member.health()

    @property
    def speaking(self) -> frozenset[int]:
        """Who is in the middle of a turn."""
        return frozenset(user_id for user_id, member in self._awake.items() if member.is_in_turn)

    def unheard(self, arrived: Mapping[int, int]) -> dict[int, HearingTrouble]:
        """Who speaks and is not heard, and why: packets for over a second without a sound, or too much speech.

        `arrived` counts by member what the connection received of those who are listened to, since it began:
        `MemberCounters.received` without `ignored`. To be asked at least twice a second.
        """
        health = {user_id: member.health() for user_id, member in self._members.items()}
        decoded = {user_id: each.counters.decoded for user_id, each in health.items()}
        now = self._now()
        unheard = self._watch.look(arrived, decoded, now)
        too_much = [user_id for user_id, each in health.items() if _is_over_budget(each, now)]
        return dict.fromkeys(too_much, HearingTrouble.OVER_BUDGET) | {
            user_id: self._trouble_of(health.get(user_id)) for user_id in unheard
        }

    def _trouble_of(self, health: HearingHealth | None) -> HearingTrouble:
        if health is None and len(self._members) >= _MOST_MEMBERS:
            return HearingTrouble.CROWDED
        is_opened = health is not None and health.trouble is HearingTrouble.NOT_OPUS
        return HearingTrouble.NOT_OPUS if is_opened else HearingTrouble.NOT_OPENED

    def _admit(self, user_id: int, now: float) -> "HeardMember | None":
        if len(self._members) >= _MOST_MEMBERS:
            idle = [(each.last_packet, other) for other, each in self._members.items() if other not in self._awake]
            if not idle:
                return None
            self.forget(min(idle)[1])
        member = self._make_member(user_id, self._models, self._callbacks, now=now)
        self._members[user_id] = member
        return member


def _is_over_budget(health: HearingHealth, now: float) -> bool:
    """Whether somebody goes on speaking, or did until a moment ago, and none of it is recognized any more."""
    is_over = health.trouble is HearingTrouble.OVER_BUDGET
    return is_over and health.last_heard is not None and now - health.last_heard < _JUST_SPOKEN_SECONDS
