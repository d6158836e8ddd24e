"""The faults that come while a member speaks."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bench.faults import injections
from bench.faults.fault_test_bed import FaultTestBed
from bench.faults.injections import Injection, nothing
from sandbox.standins.faults import Hang, HostedRecognitionFault, HtmlPage, Status
from sandbox.standins.recognition import HostedRecognition
from sandbox.voice import NetworkConditions
from sandbox.voice.voice_opcodes import VoiceOp
from tests.support.recorded_speech import recording

_PERFECT: Final = NetworkConditions()
_AWAY_SECONDS: Final = 1.0
_RUBBISH: Final = b"\0\1" + b"\xff" * 64
"""A transition's number, and what is no MLS message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingCase:
    """One row of the table."""

    name: str
    """What happens, in words."""
    fault: Injection = nothing
    """Makes it happen, two seconds after the member has begun to speak."""
    prepare: Injection = nothing
    """What happens when the call is up, before."""
    network: NetworkConditions = _PERFECT
    """Of the member."""
    outage: HostedRecognitionFault | None = None
    """How the recognizer goes wrong for what is said in the first half; the second one is said apart."""
    is_dead: bool = False
    """Whether nothing listens at its address instead."""
    may_lose: int = 0
    """The most words that are lost at present, where the fault leaves no better way."""

    @property
    def is_of_the_recognizer(self) -> bool:
        """Whether the recognizer fails, and not the call."""
        return self.is_dead or self.outage is not None


async def fail_the_welcome(bed: FaultTestBed) -> None:
    """The bot is told of a welcome that it cannot open: it asks to be added anew (op 31)."""
    bed.discord.voice.faults.send(bed.lounge.id, VoiceOp.MLS_WELCOME, _RUBBISH)


async def fail_the_commit(bed: FaultTestBed) -> None:
    """The same with a commit."""
    bed.discord.voice.faults.send(bed.lounge.id, VoiceOp.MLS_ANNOUNCE_COMMIT, _RUBBISH)


async def announce_nobody(bed: FaultTestBed) -> None:
    """Nobody says whose packets are whose: there is no op 5."""
    bed.lounge.call.announces_speakers = False


async def film(bed: FaultTestBed) -> None:
    """Ada's camera is on for a while."""
    async with bed.ada.camera():
        await asyncio.sleep(5.0)


async def two_others_come(bed: FaultTestBed) -> None:
    """Ben and Cleo are there."""
    await bed.ben.join(bed.lounge)
    await bed.cleo.join(bed.lounge)


async def two_others_speak(bed: FaultTestBed) -> None:
    """They say something, both at once."""
    async with asyncio.TaskGroup() as tasks:
        for member, name in ((bed.ben, "en-libri-237-134500-0005"), (bed.cleo, "en-libri-254-12312-0000")):
            tasks.create_task(member.speak(recording(name).at_48_khz()))


async def leave_and_return(bed: FaultTestBed) -> None:
    """Ada leaves, and comes back; Ben stays."""
    await bed.ada.leave()
    await asyncio.sleep(_AWAY_SECONDS)
    await bed.ada.join(bed.lounge)


HEARING_CASES: Final[Sequence[HearingCase]] = (
    HearingCase(name="no fault; header extensions and padding"),
    HearingCase(name="new keys: two members come and go", fault=injections.come_and_go),
    HearingCase(name="a welcome that fails", fault=fail_the_welcome, may_lose=2),
    HearingCase(name="a commit that fails", fault=fail_the_commit, may_lose=2),
    HearingCase(name="unknown SSRC: no op 5", prepare=announce_nobody),
    HearingCase(name="camera on", fault=film),
    HearingCase(name="three members at once", prepare=two_others_come, fault=two_others_speak),
    HearingCase(name="a member leaves and returns", prepare=injections.ben_joins, fault=leave_and_return, may_lose=2),
    HearingCase(name="voice connection cut (1006)", fault=injections.abort, may_lose=1),
    HearingCase(name="voice close 4006", fault=injections.closes(4006), may_lose=2),
    HearingCase(name="voice close 4014, then a new voice server", fault=injections.move_region, may_lose=2),
    HearingCase(name="voice close 4015", fault=injections.closes(4015), may_lose=1),
    HearingCase(name="moved to another channel", fault=injections.move_to_attic, may_lose=2),
    HearingCase(name="main gateway dropped", fault=injections.drop_gateway),
    HearingCase(name="main gateway session lost", fault=injections.drop_gateway_for_good, may_lose=7),
    HearingCase(name="all UDP lost for 2 s", fault=injections.lose_datagrams, may_lose=6),
    *(
        HearingCase(name=f"{loss:.0%} of the packets lost", network=NetworkConditions(loss=loss), may_lose=may_lose)
        for loss, may_lose in ((0.05, 0), (0.09, 0), (0.18, 1))
    ),
    HearingCase(name="jitter of 100 ms", network=NetworkConditions(jitter=0.1)),
    HearingCase(name="recognizer hangs", outage=Hang(), may_lose=12),
    HearingCase(name="recognizer refuses (429)", outage=Status(429), may_lose=12),
    HearingCase(name="recognizer is not there", is_dead=True, may_lose=12),
    HearingCase(name="recognizer answers rubbish", outage=HtmlPage(), may_lose=12),
)
"""Every fault, in the order of the table."""


async def break_recognizer(case: HearingCase, recognition: HostedRecognition, until: asyncio.Event) -> None:
    """Let the recognizer go wrong until then, as the case says."""
    if case.is_dead:
        async with recognition.down():
            await until.wait()
    elif case.outage is not None:
        recognition.outage = case.outage
        await until.wait()
        recognition.outage = None
