"""The faults that are tried, each in the middle of a spoken answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bench.faults import injections as act
from bench.faults.injections import Act, nothing
from sandbox.voice.voice_opcodes import VoiceOp


@dataclass(frozen=True, kw_only=True)
class FaultCase:
    """One row of the table."""

    name: str
    """What is done to the call, for people to read."""
    fault: Act
    """Does it."""
    prepare: Act = nothing
    """What comes before the answer that is broken into, when the call stands."""
    should_end: bool = False
    """Whether the call is over then, rightly: somebody wanted that, or Discord will not have the bot."""
    wait_seconds: float = 35.0
    """Seconds after the fault in which everything must have been said; then it counts as hung."""
    dave_version: int = 1
    """The DAVE version with which the call begins."""
    block_seconds: float = 0.0
    """How long the event loop is blocked, where that is the fault."""
    server_seconds: float = 0.0
    """How much of the silence is the voice server's own, by order."""


CASES: Final[Sequence[FaultCase]] = (
    FaultCase(name="no fault", fault=nothing),
    *(FaultCase(name=f"voice close {code}", fault=act.closes(code)) for code in (1000, 1001)),
    FaultCase(name="voice connection cut (1006)", fault=act.abort),
    *(FaultCase(name=f"voice close {code}", fault=act.closes(code)) for code in (4006, 4009, 4011)),
    FaultCase(
        name="voice close 4006, 35 s into the call", fault=act.closes(4006), prepare=act.long_before(nothing, 35.0)
    ),
    FaultCase(name="voice close 4014 alone", fault=act.closes(4014), should_end=True),
    FaultCase(name="voice close 4014, then a new voice server", fault=act.move_region),
    FaultCase(name="voice close 4015", fault=act.closes(4015)),
    FaultCase(name="voice close 4021 (rate limit)", fault=act.closes(4021), wait_seconds=50.0),
    *(
        FaultCase(name=f"voice close {code}, at each rejoin too", fault=act.refuses_with(code), should_end=True)
        for code in (4022, 4004, 4016, 4017)
    ),
    FaultCase(name="malformed DAVE proposals (op 27)", fault=act.send_malformed_proposals),
    FaultCase(
        name="malformed DAVE proposals, 58 s ago",
        fault=nothing,
        prepare=act.long_before(act.send_malformed_proposals, 58.0),
    ),
    FaultCase(name="repeated DAVE op 25", fault=act.repeat_external_sender),
    FaultCase(
        name="repeated DAVE op 25, 58 s ago", fault=nothing, prepare=act.long_before(act.repeat_external_sender, 58.0)
    ),
    FaultCase(name="empty op 5", fault=act.sends_empty(VoiceOp.SPEAKING)),
    FaultCase(name="a member who spoke leaves", fault=act.ben_speaks_and_leaves, prepare=act.ben_joins),
    FaultCase(name="a member who spoke left 58 s ago", fault=nothing, prepare=act.long_before(act.ben_visits, 58.0)),
    FaultCase(name="two members come and go", fault=act.come_and_go),
    FaultCase(name="DAVE turned on in the call", fault=act.turn_dave_on, dave_version=0),
    FaultCase(name="DAVE turned off in the call", fault=act.turn_dave_off),
    FaultCase(name="no heartbeat acks for 24 s", fault=nothing, prepare=act.long_before(act.stop_heartbeat_acks, 24.0)),
    FaultCase(name="no heartbeat acks for 58 s", fault=nothing, prepare=act.long_before(act.stop_heartbeat_acks, 58.0)),
    FaultCase(name="all UDP lost for 2 s", fault=act.lose_datagrams),
    FaultCase(name="rejoin, first IP discovery lost", fault=act.lose_discovery),
    FaultCase(name="rejoin, connection refused at first", fault=act.refuse_rejoin),
    FaultCase(name="rejoin, voice server answers late", fault=act.answer_late, server_seconds=2.0),
    FaultCase(name="rejoin, voice server named late", fault=act.assign_late, server_seconds=2.0),
    FaultCase(name="rejoin, voice server not named at first", fault=act.never_assign),
    FaultCase(name="rejoin, closed twice at the identify", fault=act.close_while_rejoining),
    FaultCase(name="rejoin, connection refused for five tries", fault=act.refuse_for_a_while),
    FaultCase(name="rejoin refused with 4004", fault=act.refuse_the_rejoin, should_end=True),
    FaultCase(
        name="rejoin, another voice server named in between", fault=act.move_region_while_rejoining, server_seconds=1.5
    ),
    FaultCase(name="two members come while rejoining", fault=act.members_come_while_rejoining),
    FaultCase(name="voice close 4006 three times, a second apart", fault=act.close_thrice),
    FaultCase(name="voice and main gateway cut at once", fault=act.cut_everything),
    FaultCase(name="kicked while rejoining", fault=act.kick_while_rejoining, should_end=True),
    FaultCase(name="kicked by a moderator", fault=act.kick, should_end=True),
    FaultCase(name="moved to another channel", fault=act.move_to_attic),
    FaultCase(name="moved while rejoining", fault=act.move_while_rejoining, server_seconds=1.5),
    FaultCase(name="channel deleted while rejoining", fault=act.delete_while_rejoining, should_end=True),
    FaultCase(name="channel deleted", fault=act.delete_lounge, should_end=True),
    FaultCase(name="Connect permission lost", fault=act.forbid_to_connect),
    FaultCase(name="Connect permission lost, then 4006", fault=act.forbid_and_close, should_end=True),
    FaultCase(name="main gateway dropped", fault=act.drop_gateway),
    FaultCase(name="main gateway asks for a reconnect", fault=act.request_reconnect),
    FaultCase(name="main gateway session lost", fault=act.drop_gateway_for_good),
    FaultCase(name="main gateway session invalidated (op 9)", fault=act.invalidate_session),
    FaultCase(name="main gateway dropped again and again for 3 s", fault=act.keep_gateway_down),
    FaultCase(name="event loop blocked for 8 s", fault=act.block_loop, block_seconds=8.0),
    FaultCase(name="event loop blocked for 23 s", fault=act.block_loop, block_seconds=23.0, wait_seconds=45.0),
)
"""Every fault, in the order of the table."""
