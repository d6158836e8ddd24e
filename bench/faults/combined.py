"""Several faults of one call at random moments: what they do to each other, no table of single ones can show."""

import asyncio
import random
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from bench.faults import injections as act
from bench.faults.cases import FaultCase
from bench.faults.fault_test_bed import Stage
from bench.faults.injections import Act
from sandbox import NotAllowed
from sandbox.voice.voice_opcodes import VoiceOp

_FAULTS: Final[Mapping[str, Act]] = {
    **{f"close {code}": act.closes(code) for code in (1000, 1001, 4006, 4009, 4011, 4015)},
    "cut": act.abort,
    "three closes": act.close_thrice,
    "malformed proposals": act.send_malformed_proposals,
    "op 25 again": act.repeat_external_sender,
    "empty op 5": act.sends_empty(VoiceOp.SPEAKING),
    "members come and go": act.come_and_go,
    "members come while rejoining": act.members_come_while_rejoining,
    "lost discovery": act.lose_discovery,
    "refused rejoin": act.refuse_rejoin,
    "late voice server": act.answer_late,
    "late name of the voice server": act.assign_late,
    "closes at the identify": act.close_while_rejoining,
    "everything cut": act.cut_everything,
    "gateway dropped": act.drop_gateway,
    "gateway kept down": act.keep_gateway_down,
    "gateway session lost": act.drop_gateway_for_good,
    "gateway op 7": act.request_reconnect,
    "gateway op 9": act.invalidate_session,
}
"""Those with which a call has to go on, whatever they meet."""
_MOVES: Final[Mapping[str, Act]] = {"moved": act.move_to_attic}
_REGIONS: Final[Mapping[str, Act]] = {
    "another voice server": act.move_region,
    "another voice server while rejoining": act.move_region_while_rejoining,
}
"""Not with a move: they would bring the bot back to the lounge, alone."""
_UNNAMED: Final[Mapping[str, Act]] = {"no name of the voice server": act.never_assign}
"""Not with a move or another voice server: a 4014 after which no server is named ends a call, by Discord's word."""
_MOST: Final = 5
_LONGEST_SECONDS: Final = 4.5
_WAIT_SECONDS: Final = 60.0


def combined(seed: int) -> FaultCase:
    """Two to five faults, drawn by the seed, and when each comes, within the seconds of the answer."""
    chance = random.Random(seed)
    faults = {**_FAULTS, **chance.choice((_MOVES, _REGIONS, _UNNAMED))}
    names = chance.sample(list(faults), chance.randint(2, _MOST))
    moments = {name: round(chance.uniform(0, _LONGEST_SECONDS), 2) for name in names}

    async def fault(stage: Stage) -> None:
        async def one(name: str) -> None:
            await asyncio.sleep(moments[name])
            with suppress(NotAllowed):  # who is in no channel, for another of the faults, cannot be moved
                await faults[name](stage)

        async with asyncio.TaskGroup() as tasks:
            for name in names:
                tasks.create_task(one(name))

    told = ", ".join(f"{name} at {moments[name]} s" for name in sorted(names, key=moments.__getitem__))
    return FaultCase(name=f"seed {seed}: {told}", fault=fault, wait_seconds=_WAIT_SECONDS)
