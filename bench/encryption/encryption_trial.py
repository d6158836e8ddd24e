"""Tries one kind of call."""

import asyncio
import time
from contextlib import AsyncExitStack
from typing import Final

from bench.encryption.call_kinds import CallKind
from bench.encryption.encrypted_call import ADA, EncryptedCall
from bench.encryption.encryption_row import EncryptionRow
from bench.encryption.ticking_speaker import FRAME_SECONDS, TickingSpeaker
from voicewire import VoiceConnection
from voicewire.dave.mls_session import MakeMlsSession

_LOOK_SECONDS: Final = 0.02
_SETTLED_SECONDS: Final = 20.0
_ON_THE_WAY_SECONDS: Final = 0.3


async def try_kind(kind: CallKind, library: str, make_session: MakeMlsSession) -> EncryptionRow:
    """Play it, and count."""
    call = EncryptedCall(we_commit=kind.we_commit, modes=kind.modes)
    async with call.server, AsyncExitStack() as stack:
        call.join(*range(ADA, ADA + kind.members), lag=kind.lag)
        await asyncio.sleep(2 * kind.lag)
        connection = call.expect_us(make_session)
        stack.push_async_callback(connection.close)
        await connection.connect()
        await _settle(call, connection)
        await asyncio.sleep(2 * kind.lag)
        with TickingSpeaker(connection, lambda: call.is_heard) as speaker:
            await _speak_while_it_plays(kind, call)
            is_one_group = await _settle(call, connection)
            await asyncio.sleep(2 * max(call.lags.values()) + _ON_THE_WAY_SECONDS)
        await asyncio.sleep(_ON_THE_WAY_SECONDS)
        plain = call.call.plaintext_with_dave + sum(not frame.end_to_end for frame in call.call.speech())
        may_be_plain = speaker.sent_plain if kind.is_downgraded else 0
        return EncryptionRow(
            kind=kind.name,
            library=library,
            sent=speaker.sent,
            due=call.ledger.due,
            opened=call.ledger.opened,
            plaintext=max(0, plain - may_be_plain),
            pause=speaker.pause,
            said=call.ledger.said,
            said_without_us=call.ledger.said_without_us,
            given=call.ledger.given,
            longest_wait=call.ledger.longest_wait,
            deaf=call.ledger.deaf(call.call.members.keys()),
            is_one_group=is_one_group,
        )


async def _speak_while_it_plays(kind: CallKind, call: EncryptedCall) -> None:
    is_over = False

    async def speak(user_id: int) -> None:
        while not is_over:
            await call.speak(user_id, 10)
            await asyncio.sleep(FRAME_SECONDS)

    async with asyncio.TaskGroup() as tasks:
        for user_id in kind.speakers:
            tasks.create_task(speak(user_id))
        await kind.play(call)
        is_over = True


async def _settle(call: EncryptedCall, connection: VoiceConnection) -> bool:
    """Wait until everybody is in one group and can speak and hear; False if that does not come."""
    limit = time.monotonic() + _SETTLED_SECONDS
    while time.monotonic() < limit:
        members = call.call.members.values()
        codes = {member.privacy_code for member in members} | {connection.session.dave.privacy_code}
        if len(codes) == 1 and connection.may_speak and all(member.listening_since for member in members):
            return True
        await asyncio.sleep(_LOOK_SECONDS)
    return False
