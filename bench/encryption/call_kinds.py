"""The kinds of calls in the table: who comes and goes, how fast they hear of it, and what else happens."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from bench.encryption.encrypted_call import ADA, EncryptedCall
from sandbox.voice import VoiceOp
from sandbox.voice.rtp import AES, MODES, XCHACHA

Play: TypeAlias = Callable[[EncryptedCall], Awaitable[None]]
"""What happens in a call; it goes on while everybody speaks."""

BEN: Final = 102
EVE: Final = 103
_FIRST_GUEST: Final = 200
_STEP: Final = 0.25
"""Seconds from one thing that happens to the next."""


@dataclass(frozen=True, kw_only=True)
class CallKind:
    """One row of the table."""

    name: str
    """What happens, in words."""
    play: Play
    """Makes it happen."""
    members: int = 2
    """How many are there when we come; Ada is the first, and stays."""
    lag: float = 0.0
    """How many seconds late those are told everything."""
    we_commit: bool = False
    """Whether they leave it to us to commit."""
    modes: Sequence[str] = MODES
    """The transport encryptions that the server offers."""
    speakers: Sequence[int] = (ADA,)
    """Who speaks beside us, from the beginning to the end."""
    is_downgraded: bool = False
    """Whether the call is unencrypted for a while."""


async def _nothing(call: EncryptedCall) -> None:  # noqa: ARG001 - it is what a kind does
    await asyncio.sleep(4 * _STEP)


def _come(*lags: float, step: float = _STEP) -> Play:
    """Guests come, one after the other, each with the next of the lags."""

    async def play(call: EncryptedCall) -> None:
        for number, lag in enumerate(lags):
            call.join(_FIRST_GUEST + number, lag=lag)
            await asyncio.sleep(step)

    return play


def _go(count: int) -> Play:
    """Those who were there go, one after the other, from Ben on."""

    async def play(call: EncryptedCall) -> None:
        for number in range(count):
            call.leave(BEN + number)
            await asyncio.sleep(_STEP)

    return play


def _come_and_go(*lags: float, step: float = _STEP) -> Play:
    """Guests come, each with the next of the lags, and go again before the next but one comes."""

    async def play(call: EncryptedCall) -> None:
        for number, lag in enumerate(lags):
            call.join(_FIRST_GUEST + number, lag=lag)
            await asyncio.sleep(step)
            if number:
                call.leave(_FIRST_GUEST + number - 1)
            await asyncio.sleep(step)

    return play


def _burst(coming: int = 0, going: int = 0, lag: float = 0.0) -> Play:
    """So many come at once, and then so many of those who were there go at once, from Ben on."""

    async def play(call: EncryptedCall) -> None:
        await asyncio.sleep(_STEP)
        call.join(*range(_FIRST_GUEST, _FIRST_GUEST + coming), lag=lag)
        await asyncio.sleep(4 * _STEP)
        call.leave(*range(BEN, BEN + going))
        await asyncio.sleep(4 * _STEP)

    return play


async def _add_and_remove(call: EncryptedCall) -> None:
    """A guest is proposed, and a member's removal after it, before anybody has committed."""
    for number in range(4):
        call.join(_FIRST_GUEST + number)
        call.leave(BEN + number)
        await asyncio.sleep(2 * _STEP)


async def _add_and_revoke(call: EncryptedCall) -> None:
    """Two guests are proposed, and the second one goes before anybody has committed."""
    for number in range(4):
        call.join(_FIRST_GUEST + number, 2 * _FIRST_GUEST + number)
        await asyncio.sleep(0)
        call.leave(2 * _FIRST_GUEST + number)
        await asyncio.sleep(2 * _STEP)


async def _add_remove_and_revoke(call: EncryptedCall) -> None:
    """Two guests are proposed, a removal, and one guest less."""
    for number in range(4):
        call.join(_FIRST_GUEST + number, 2 * _FIRST_GUEST + number)
        call.leave(BEN + number)
        call.leave(2 * _FIRST_GUEST + number)
        await asyncio.sleep(2 * _STEP)


async def _come_back(call: EncryptedCall) -> None:
    """Ben goes and is there again at once, three times."""
    for _ in range(3):
        call.leave(BEN)
        call.join(BEN)
        await asyncio.sleep(2 * _STEP)


async def _down_and_up(call: EncryptedCall) -> None:
    """The call's encryption is switched off and on again, and a guest comes."""
    for version in (0, 1):
        await asyncio.sleep(2 * _STEP)
        call.call.change_dave_version(version)
    await asyncio.sleep(4 * _STEP)
    call.join(_FIRST_GUEST)
    await asyncio.sleep(2 * _STEP)


async def _we_flag(call: EncryptedCall) -> None:
    """We are sent a commit that cannot be taken, say so (op 31), and are added anew."""
    for number in range(3):
        await asyncio.sleep(_STEP)
        call.server.faults.send(call.channel_id, VoiceOp.MLS_ANNOUNCE_COMMIT, b"\xff\xf0 no commit at all")
        await asyncio.sleep(3 * _STEP)
        call.join(_FIRST_GUEST + number)
        await asyncio.sleep(_STEP)


async def _they_flag(call: EncryptedCall) -> None:
    """Members cannot take a commit, say so (op 31), and are added anew."""
    for _ in range(3):
        await asyncio.sleep(_STEP)
        call.call.members[BEN].take_commit(0xFFF0, b"no commit at all")
        await asyncio.sleep(3 * _STEP)


async def _stranger(call: EncryptedCall) -> None:
    """The gateway proposes somebody whom op 11 never announced, to nobody; then guests come."""
    await asyncio.sleep(_STEP)
    call.intrude(EVE)
    await asyncio.sleep(2 * _STEP)
    call.leave(EVE)
    await _come(0.0, 0.0)(call)


async def _unannounced(call: EncryptedCall) -> None:
    """The others were told of somebody, we were not: they commit, and we have to go along."""
    call.strangers.add(EVE)
    await _stranger(call)


CALL_KINDS: Final[Sequence[CallKind]] = (
    CallKind(name="two, nobody comes or goes", play=_nothing, members=1),
    CallKind(name="nine, nobody comes or goes", play=_nothing, members=8),
    CallKind(name="four come one by one", play=_come(0, 0, 0, 0)),
    CallKind(name="four come one by one, we commit", play=_come(0, 0, 0, 0), we_commit=True),
    CallKind(name="four go one by one", play=_go(4), members=6),
    CallKind(name="four go one by one, we commit", play=_go(4), members=6, we_commit=True),
    CallKind(name="guests come and go", play=_come_and_go(0, 0, 0, 0)),
    CallKind(name="guests come and go, we commit", play=_come_and_go(0, 0, 0, 0), we_commit=True),
    CallKind(name="a member goes and is back at once", play=_come_back),
    CallKind(name="five come at once", play=_burst(5)),
    CallKind(name="fifteen come at once", play=_burst(15)),
    CallKind(name="fifteen come at once, we commit", play=_burst(15), we_commit=True),
    CallKind(name="ten go at once", play=_burst(going=10), members=12),
    CallKind(name="removal after an addition, we commit", play=_add_and_remove, members=6, we_commit=True),
    CallKind(name="revocation after an addition, we commit", play=_add_and_revoke, we_commit=True),
    CallKind(name="addition, removal, revocation, we commit", play=_add_remove_and_revoke, members=6, we_commit=True),
    CallKind(name="gateways 100 ms late, guests come and go", play=_come_and_go(0.1, 0.1, 0.1), lag=0.1),
    CallKind(name="gateways 150 ms late, guests come and go", play=_come_and_go(0.15, 0.15, 0.15), lag=0.15),
    CallKind(name="gateways 300 ms late, guests come and go", play=_come_and_go(0.3, 0.3, 0.3, step=0.5), lag=0.3),
    CallKind(name="gateways 0 to 300 ms late, guests come and go", play=_come_and_go(0, 0.1, 0.15, 0.3, step=0.4)),
    CallKind(name="gateways 100 ms late, fifteen come at once", play=_burst(15, lag=0.1), lag=0.1),
    CallKind(name="gateways 300 ms late, someone comes each 100 ms", play=_come(*[0.3] * 6, step=0.1), lag=0.3),
    CallKind(name="encryption off and on", play=_down_and_up, is_downgraded=True),
    CallKind(name="we flag a commit (op 31)", play=_we_flag, members=3),
    CallKind(name="a member flags a commit (op 31)", play=_they_flag, members=3),
    CallKind(name="somebody who was never announced", play=_stranger),
    CallKind(name="somebody who was announced to the others only", play=_unannounced),
    CallKind(
        name="three speak through six epochs, AES",
        play=_come(*[0] * 6),
        members=3,
        speakers=(ADA, BEN, EVE),
        modes=(AES,),
    ),
    CallKind(
        name="three speak through six epochs, XChaCha20",
        play=_come(*[0] * 6),
        members=3,
        speakers=(ADA, BEN, EVE),
        modes=(XCHACHA,),
    ),
)
"""In each kind everybody has extension and padding in their packets, as Discord's clients do."""
