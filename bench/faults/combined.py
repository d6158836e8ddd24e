"""Several faults in one call at random moments: a table of single faults cannot show how they interact."""

import asyncio
import random
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from bench.faults import injections
from bench.faults.cases import FaultCase
from bench.faults.fault_test_bed import FaultTestBed
from bench.faults.injections import Injection
from sandbox import NotAllowed
from sandbox.voice.voice_opcodes import VoiceOp

_FAULTS: Final[Mapping[str, Injection]] = {
    **{f"close {code}": injections.closes(code) for code in (1000, 1001, 4006, 4009, 4011, 4015)},
    "cut": injections.abort,
    "three closes": injections.close_thrice,
    "malformed proposals": injections.send_malformed_proposals,
    "op 25 again": injections.repeat_external_sender,
    "empty op 5": injections.sends_empty(VoiceOp.SPEAKING),
    "members come and go": injections.come_and_go,
    "members come while rejoining": injections.members_come_while_rejoining,
    "lost discovery": injections.lose_discovery,
    "refused rejoin": injections.refuse_rejoin,
    "late voice server": injections.answer_late,
    "late name of the voice server": injections.assign_late,
    "closes at the identify": injections.close_while_rejoining,
    "everything cut": injections.cut_everything,
    "gateway dropped": injections.drop_gateway,
    "gateway kept down": injections.keep_gateway_down,
    "gateway session lost": injections.drop_gateway_for_good,
    "gateway op 7": injections.request_reconnect,
    "gateway op 9": injections.invalidate_session,
}
"""A call has to survive these in any combination."""
_MOVES: Final[Mapping[str, Injection]] = {"moved": injections.move_to_attic}
_REGIONS: Final[Mapping[str, Injection]] = {
    "another voice server": injections.move_region,
    "another voice server while rejoining": injections.move_region_while_rejoining,
}
"""Not combined with a move: they would bring the bot back to the lounge alone."""
_UNNAMED: Final[Mapping[str, Injection]] = {"no name of the voice server": injections.never_assign}
"""Not combined with a move or another voice server: a 4014 without a new server ends a call, by Discord's rules."""
_MOST: Final = 5
_LONGEST_SECONDS: Final = 4.5
_WAIT_SECONDS: Final = 60.0


def combined(seed: int) -> FaultCase:
    """Two to five faults, each at a moment during the answer, drawn by a random seed."""
    chance = random.Random(seed)
    faults = {**_FAULTS, **chance.choice((_MOVES, _REGIONS, _UNNAMED))}
    names = chance.sample(list(faults), chance.randint(2, _MOST))
    moments = {name: round(chance.uniform(0, _LONGEST_SECONDS), 2) for name in names}

    async def fault(bed: FaultTestBed) -> None:
        async def one(name: str) -> None:
            await asyncio.sleep(moments[name])
            with suppress(
                NotAllowed
            ):  # another fault may have taken the member out of the channel, so that nobody can be moved
                await faults[name](bed)

        async with asyncio.TaskGroup() as tasks:
            for name in names:
                tasks.create_task(one(name))

    timeline = ", ".join(f"{name} at {moments[name]} s" for name in sorted(names, key=moments.__getitem__))
    return FaultCase(name=f"seed {seed}: {timeline}", fault=fault, wait_seconds=_WAIT_SECONDS)
