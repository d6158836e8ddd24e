"""The faults in the table, each injected in the middle of a spoken answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bench.faults import injections
from bench.faults.injections import Injection, nothing
from sandbox.voice.voice_opcodes import VoiceOp


@dataclass(frozen=True, kw_only=True)
class FaultCase:
    """One row of the table."""

    name: str
    """What happens to the call, in words."""
    fault: Injection
    """Makes it happen."""
    prepare: Injection = nothing
    """What happens once the call is up, before the answer that the fault interrupts."""
    seconds_before: float = 0.0
    """How long the call then goes on before that answer: the effect of some faults shows only later."""
    should_end: bool = False
    """Whether the call has to end: somebody wants that, or Discord refuses the bot."""
    wait_seconds: float = 35.0
    """Seconds after the fault in which everything must be said; after that the call counts as hung."""
    dave_version: int = 1
    """The DAVE version at the start of the call."""
    block_seconds: float = 0.0
    """For how long the event loop is blocked, where that is the fault."""
    server_seconds: float = 0.0
    """How much of the silence is the voice server's own: a wait that the fault orders."""


CASES: Final[Sequence[FaultCase]] = (
    FaultCase(name="no fault", fault=nothing),
    *(FaultCase(name=f"voice close {code}", fault=injections.closes(code)) for code in (1000, 1001)),
    FaultCase(name="voice connection cut (1006)", fault=injections.abort),
    *(FaultCase(name=f"voice close {code}", fault=injections.closes(code)) for code in (4006, 4009, 4011)),
    FaultCase(
        name="voice close 4006, 35 s into the call",
        fault=injections.closes(4006),
        seconds_before=35.0,
    ),
    FaultCase(name="voice close 4014 alone", fault=injections.closes(4014), should_end=True),
    FaultCase(name="voice close 4014, then a new voice server", fault=injections.move_region),
    FaultCase(name="voice close 4015", fault=injections.closes(4015)),
    FaultCase(name="voice close 4021 (rate limit)", fault=injections.closes(4021), wait_seconds=50.0),
    *(
        FaultCase(name=f"voice close {code}, at each rejoin too", fault=injections.refuses_with(code), should_end=True)
        for code in (4022, 4004, 4016, 4017)
    ),
    FaultCase(name="malformed DAVE proposals (op 27)", fault=injections.send_malformed_proposals),
    FaultCase(
        name="malformed DAVE proposals, 58 s ago",
        fault=nothing,
        prepare=injections.send_malformed_proposals,
        seconds_before=58.0,
    ),
    FaultCase(name="repeated DAVE op 25", fault=injections.repeat_external_sender),
    FaultCase(
        name="repeated DAVE op 25, 58 s ago",
        fault=nothing,
        prepare=injections.repeat_external_sender,
        seconds_before=58.0,
    ),
    FaultCase(name="empty op 5", fault=injections.sends_empty(VoiceOp.SPEAKING)),
    FaultCase(name="a member who spoke leaves", fault=injections.ben_speaks_and_leaves, prepare=injections.ben_joins),
    FaultCase(
        name="a member who spoke left 58 s ago",
        fault=nothing,
        prepare=injections.ben_visits,
        seconds_before=58.0,
    ),
    FaultCase(name="two members come and go", fault=injections.come_and_go),
    FaultCase(name="DAVE turned on in the call", fault=injections.turn_dave_on, dave_version=0),
    FaultCase(name="DAVE turned off in the call", fault=injections.turn_dave_off),
    FaultCase(
        name="no heartbeat acks for 24 s",
        fault=nothing,
        prepare=injections.stop_heartbeat_acks,
        seconds_before=24.0,
    ),
    FaultCase(
        name="no heartbeat acks for 58 s",
        fault=nothing,
        prepare=injections.stop_heartbeat_acks,
        seconds_before=58.0,
    ),
    FaultCase(name="all UDP lost for 2 s", fault=injections.lose_datagrams),
    FaultCase(name="rejoin, first IP discovery lost", fault=injections.lose_discovery),
    FaultCase(name="rejoin, connection refused at first", fault=injections.refuse_rejoin),
    FaultCase(name="rejoin, voice server answers late", fault=injections.answer_late, server_seconds=2.0),
    FaultCase(name="rejoin, voice server named late", fault=injections.assign_late, server_seconds=2.0),
    FaultCase(name="rejoin, voice server not named at first", fault=injections.never_assign),
    FaultCase(name="rejoin, closed twice at the identify", fault=injections.close_while_rejoining),
    FaultCase(name="rejoin, connection refused for five tries", fault=injections.refuse_for_a_while),
    FaultCase(name="rejoin refused with 4004", fault=injections.refuse_the_rejoin, should_end=True),
    FaultCase(
        name="rejoin, another voice server named in between",
        fault=injections.move_region_while_rejoining,
        server_seconds=1.5,
    ),
    FaultCase(name="two members come while rejoining", fault=injections.members_come_while_rejoining),
    FaultCase(name="voice close 4006 three times, a second apart", fault=injections.close_thrice),
    FaultCase(name="voice and main gateway cut at once", fault=injections.cut_everything),
    FaultCase(name="kicked while rejoining", fault=injections.kick_while_rejoining, should_end=True),
    FaultCase(name="kicked by a moderator", fault=injections.kick, should_end=True),
    FaultCase(name="moved to another channel", fault=injections.move_to_attic),
    FaultCase(name="moved while rejoining", fault=injections.move_while_rejoining, server_seconds=1.5),
    FaultCase(name="channel deleted while rejoining", fault=injections.delete_while_rejoining, should_end=True),
    FaultCase(name="channel deleted", fault=injections.delete_lounge, should_end=True),
    FaultCase(name="Connect permission lost", fault=injections.forbid_to_connect),
    FaultCase(name="Connect permission lost, then 4006", fault=injections.forbid_and_close, should_end=True),
    FaultCase(name="main gateway dropped", fault=injections.drop_gateway),
    FaultCase(name="main gateway asks for a reconnect", fault=injections.request_reconnect),
    FaultCase(name="main gateway session lost", fault=injections.drop_gateway_for_good),
    FaultCase(name="main gateway session invalidated (op 9)", fault=injections.invalidate_session),
    FaultCase(name="main gateway dropped again and again for 3 s", fault=injections.keep_gateway_down),
    FaultCase(name="event loop blocked for 8 s", fault=injections.block_loop, block_seconds=8.0),
    FaultCase(name="event loop blocked for 23 s", fault=injections.block_loop, block_seconds=23.0, wait_seconds=45.0),
)
"""Every fault, in the order of the table."""
