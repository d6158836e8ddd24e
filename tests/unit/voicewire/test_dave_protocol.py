"""Our side of DAVE, by both libraries, in a group with members of another make."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator

import pytest

from tests.support.dave_libraries import LIBRARIES, library
from tests.unit.voicewire.dave_call import US, DaveCall, Message
from voicewire.opcodes import VoiceOp
from voicewire.rtp import SILENCE

ADA, BEN, EVE, DAN = 101, 102, 103, 104
FRAME = b"\x78 a frame of speech"


@pytest.fixture(params=LIBRARIES)
async def call(request: pytest.FixtureRequest) -> AsyncIterator[DaveCall]:
    """Ada and we are in a call; nobody but us commits."""
    call = DaveCall(library(request.param))
    call.join(ADA)
    call.enter()
    yield call
    call.close()


def said(call: DaveCall, op: VoiceOp) -> int:
    return [each for each, _ in call.seat.said].count(op)


def hold_executions(call: DaveCall) -> list[Message]:
    """From now on, op 22 does not reach us; returns those that are held."""
    held: list[Message] = []

    def deliver(message: Message) -> None:
        if message[0] == VoiceOp.DAVE_EXECUTE_TRANSITION:
            held.append(message)
        else:
            call.seat.take(message)

    call.seat.deliver = deliver
    return held


async def test_frames_are_sealed_and_opened_both_ways(call: DaveCall) -> None:
    assert call.hears(FRAME) == [True]
    sealed = call.members[ADA].speak(FRAME).payload
    assert call.protocol.open(ADA, sealed) == FRAME
    assert call.protocol.privacy_code == call.members[ADA].privacy_code
    assert set(call.protocol.members) == {US, ADA}


async def test_silence_stays_plain(call: DaveCall) -> None:
    assert call.protocol.seal(SILENCE) == SILENCE
    assert call.protocol.open(ADA, SILENCE) == SILENCE


async def test_nothing_opens_but_what_its_sender_sealed_just_now(call: DaveCall) -> None:
    call.join(BEN)
    sealed = call.members[ADA].speak(FRAME).payload
    assert call.protocol.open(BEN, sealed) is None
    assert call.protocol.open(EVE, sealed) is None
    assert call.protocol.open(ADA, FRAME) is None
    assert call.protocol.open(ADA, b"") is None
    assert call.protocol.open(ADA, sealed) == FRAME
    assert call.protocol.open(ADA, sealed) is None, "a replay"


async def test_a_frame_that_does_not_open_leaves_no_line_in_the_log(
    call: DaveCall, caplog: pytest.LogCaptureFixture
) -> None:
    """libdave would write some for each key: fifty frames a second of somebody who means harm."""
    caplog.set_level(logging.INFO)
    sealed = call.members[ADA].speak(FRAME).payload
    for at in range(len(sealed) - 3):
        assert call.protocol.open(ADA, sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]) is None
    assert caplog.messages == []


@pytest.mark.parametrize("name", LIBRARIES)
async def test_alone_nothing_is_sealed_and_nothing_leaves(name: str) -> None:
    call = DaveCall(library(name))
    call.enter()
    assert (call.protocol.may_seal, call.protocol.seal(FRAME)) == (False, None)
    call.join(ADA)
    assert call.hears(FRAME) == [True]
    call.close()


async def test_members_come_and_go(call: DaveCall) -> None:
    call.join(BEN)
    assert call.hears(FRAME) == [True, True]
    call.join(EVE)
    call.leave(ADA)
    assert call.hears(FRAME) == [True, True]
    assert set(call.protocol.members) == {US, BEN, EVE}
    assert call.protocol.refused == call.protocol.group.refused == 0


async def test_the_old_key_is_sealed_with_until_the_transition_is_executed(call: DaveCall) -> None:
    """A member whose gateway lags has the new key later than the gateway has its commit."""
    await asyncio.sleep(0)
    executions = hold_executions(call)
    outside = call.protocol.seal(FRAME)
    assert outside is not None
    call.join(BEN)
    assert len(executions) == 1
    assert call.hears(FRAME) == [True, False], "Ben has no key of the old epoch, and nothing pauses"
    call.join(EVE)
    assert call.hears(FRAME) == [True, False, False]
    call.seat.deliver = call.seat.take
    for execution in executions:
        keys = call.seat.send_keys
        call.seat.take(execution)
        call.seat.answer()
        assert call.seat.send_keys > keys, "frames that are sealed with the old one are taken back"
    assert call.hears(FRAME) == [True, True, True]


async def test_frames_of_the_epoch_before_still_open(call: DaveCall) -> None:
    old = [call.members[ADA].speak(FRAME).payload for _ in range(3)]
    call.join(BEN)
    new = call.members[ADA].speak(FRAME).payload
    assert call.protocol.open(ADA, new) == FRAME
    assert [call.protocol.open(ADA, payload) for payload in old] == [FRAME] * 3


async def test_frames_of_the_next_epoch_open_no_later_than_when_it_is_executed_here(call: DaveCall) -> None:
    """Members whose gateway is faster than ours seal with the new key first; the receiver holds what does not open."""
    executions = hold_executions(call)
    call.join(BEN)
    early = [call.members[ADA].speak(FRAME).payload for _ in range(3)]
    opened = [call.protocol.open(ADA, payload) for payload in early]
    assert opened in ([FRAME] * 3, [None] * 3)
    call.seat.take(executions[0])
    if opened == [None] * 3:
        assert [call.protocol.open(ADA, payload) for payload in early] == [FRAME] * 3


async def test_a_transition_that_is_never_executed_is_taken_in_time(call: DaveCall) -> None:
    call.seat.deliver = lambda message: None if message[0] == 22 else call.seat.take(message)
    call.join(BEN)
    call.seat.deliver = call.seat.take
    now = call.protocol._deferred._now
    call.protocol._deferred._now = lambda: now() + 10
    call.protocol.tick()
    if call.protocol.group.session.seals_with_new_key_at_once:
        assert call.hears(FRAME) == [True, True]
    else:
        assert call.hears(FRAME) == [True, False]


async def test_whoever_was_never_announced_is_not_added(call: DaveCall) -> None:
    before = said(call, VoiceOp.MLS_COMMIT_WELCOME)
    call.join(EVE, is_announced=False)
    assert said(call, VoiceOp.MLS_COMMIT_WELCOME) == before
    assert call.protocol.group.refused == 1
    assert EVE not in call.protocol.members
    assert call.protocol.seal(FRAME) is not None


async def test_whoever_has_left_is_not_added(call: DaveCall) -> None:
    call.join(BEN)
    call.leave(BEN)
    before = said(call, VoiceOp.MLS_COMMIT_WELCOME)
    call.join(BEN, is_announced=False)
    assert said(call, VoiceOp.MLS_COMMIT_WELCOME) == before


async def test_after_a_revoked_addition_of_a_stranger_commits_go_on(call: DaveCall) -> None:
    call.join(EVE, is_announced=False)
    call.leave(EVE)
    call.join(BEN)
    assert call.hears(FRAME) == [True, True]


async def test_an_addition_and_a_removal_in_one_epoch_welcome_the_newcomer(call: DaveCall) -> None:
    """davey 0.1.7 makes no welcome where a removal follows an addition."""
    call.join(BEN)
    answer = call.seat.answer
    call.seat.answer = lambda: None  # type: ignore[method-assign] # what we say is on its way: the epoch stays open
    call.join(EVE)
    call.leave(BEN)
    call.join(DAN)
    call.leave(DAN)
    let_pass(call, 0.3)
    last = call.seat.unheard.pop()
    assert last[0] == VoiceOp.MLS_COMMIT_WELCOME
    call.seat.unheard = deque([last])
    answer()
    assert call.hears(FRAME) == [True, True]
    assert set(call.protocol.members) == {US, ADA, EVE}


async def test_a_revocation_after_an_addition_costs_no_commit_and_nobody_their_seat(call: DaveCall) -> None:
    answer = call.seat.answer
    call.seat.answer = lambda: None  # type: ignore[method-assign]
    before = said(call, VoiceOp.MLS_COMMIT_WELCOME)
    call.join(EVE)
    call.join(DAN)
    call.leave(DAN)
    answer()  # the gateway takes the commit that adds Eve alone
    assert call.hears(FRAME) == [True, True]
    assert said(call, VoiceOp.MLS_INVALID_COMMIT_WELCOME) == 0
    assert said(call, VoiceOp.MLS_COMMIT_WELCOME) == before + 1


async def test_what_is_proposed_while_our_commit_is_on_its_way_is_committed_to_later(call: DaveCall) -> None:
    answer = call.seat.answer
    call.seat.answer = lambda: None  # type: ignore[method-assign]
    call.join(EVE)
    call.join(DAN)
    answer()  # the gateway drops a commit that leaves out Dan
    assert EVE not in call.protocol.members
    let_pass(call, 0.3)
    answer()
    assert call.hears(FRAME) == [True, True, True]


async def test_a_former_commit_of_ours_splits_no_group(call: DaveCall) -> None:
    """The libraries keep the keys of the last commit only; davey takes them for those of any commit of ours."""
    call.join(BEN)
    answer = call.seat.answer
    call.seat.answer = lambda: None  # type: ignore[method-assign]
    call.join(EVE)
    call.leave(BEN)
    let_pass(call, 0.3)
    call.join(DAN)
    let_pass(call, 0.3)
    call.leave(DAN)
    answer()  # the second of three commits is complete again, since Dan's addition was revoked
    assert said(call, VoiceOp.MLS_INVALID_COMMIT_WELCOME) == 1
    assert said(call, VoiceOp.MLS_KEY_PACKAGE) == 2


async def test_a_commit_that_cannot_be_taken_is_flagged_and_we_are_added_anew(call: DaveCall) -> None:
    spoil_next(call, VoiceOp.MLS_ANNOUNCE_COMMIT)
    call.join(BEN)
    await asyncio.sleep(0)
    assert said(call, VoiceOp.MLS_INVALID_COMMIT_WELCOME) == 1
    assert said(call, VoiceOp.MLS_KEY_PACKAGE) == 2


def spoil_next(call: DaveCall, op: VoiceOp) -> None:
    """The next message of that operation comes with a wrong last bit."""

    def deliver(message: Message) -> None:
        if message[0] == op:
            call.seat.deliver = call.seat.take
            message = op, message[1][:-1] + bytes([message[1][-1] ^ 1])
        call.seat.take(message)

    call.seat.deliver = deliver


def let_pass(call: DaveCall, seconds: float) -> None:
    """So many seconds later."""
    for clock in (call.protocol._deferred, call.protocol.group):
        clock._now = lambda now=clock._now: now() + seconds  # type: ignore[misc]
    call.protocol.tick()


async def test_until_we_are_added_anew_the_key_of_the_former_group_seals_and_opens(call: DaveCall) -> None:
    early = call.members[ADA].speak(FRAME).payload
    answer = call.seat.answer
    call.seat.answer = lambda: None  # type: ignore[method-assign] # what we say is on its way
    call.seat.take((VoiceOp.MLS_ANNOUNCE_COMMIT, b"\x0f\xf0 no commit at all"))
    call.seat.take((VoiceOp.DAVE_EXECUTE_TRANSITION, {"transition_id": 0x0FF0}))
    assert said(call, VoiceOp.MLS_INVALID_COMMIT_WELCOME) == 1
    assert call.hears(FRAME) == [True]
    assert call.protocol.open(ADA, early) == FRAME
    call.seat.answer = answer  # type: ignore[method-assign]
    answer()
    await asyncio.sleep(0)
    assert call.hears(FRAME) == [True]
    assert call.protocol.open(ADA, call.members[ADA].speak(FRAME).payload) == FRAME


async def test_the_key_of_a_group_that_we_left_long_ago_seals_nothing(call: DaveCall) -> None:
    call.seat.answer = lambda: None  # type: ignore[method-assign] # nobody hears that we ask to be added
    call.seat.take((VoiceOp.MLS_ANNOUNCE_COMMIT, b"\x0f\xf0 no commit at all"))
    call.seat.take((VoiceOp.DAVE_EXECUTE_TRANSITION, {"transition_id": 0x0FF0}))
    let_pass(call, 9)
    assert call.protocol.may_seal
    let_pass(call, 2)
    assert (call.protocol.may_seal, call.protocol.seal(FRAME)) == (False, None)


async def test_we_ask_to_be_added_once_a_second_at_most(call: DaveCall) -> None:
    def refuse(times: int) -> None:
        for _ in range(times):
            call.seat.take((VoiceOp.MLS_WELCOME, b"\x0f\xf0 no welcome at all"))

    refuse(3)
    assert said(call, VoiceOp.MLS_INVALID_COMMIT_WELCOME) == 3
    assert said(call, VoiceOp.MLS_KEY_PACKAGE) == 2
    let_pass(call, 0.5)
    assert said(call, VoiceOp.MLS_KEY_PACKAGE) == 2
    let_pass(call, 0.6)
    refuse(2)
    assert said(call, VoiceOp.MLS_KEY_PACKAGE) == 3
    let_pass(call, 2)
    assert said(call, VoiceOp.MLS_KEY_PACKAGE) == 4
    let_pass(call, 2)
    assert said(call, VoiceOp.MLS_KEY_PACKAGE) == 4, "we have asked"


async def test_whoever_is_announced_after_they_were_proposed_is_added_then(call: DaveCall) -> None:
    call.join(EVE, is_announced=False)
    assert EVE not in call.protocol.members
    call.seat.take((VoiceOp.CLIENTS_CONNECT, {EVE}))
    call.seat.answer()
    assert call.hears(FRAME) == [True, True]
    assert call.protocol.refused == 0


async def test_of_two_who_were_proposed_too_early_both_have_to_be_announced(call: DaveCall) -> None:
    before = said(call, VoiceOp.MLS_COMMIT_WELCOME)
    call.join(EVE, is_announced=False)
    call.join(DAN, is_announced=False)
    call.seat.take((VoiceOp.CLIENTS_CONNECT, {DAN}))
    assert said(call, VoiceOp.MLS_COMMIT_WELCOME) == before
    call.seat.take((VoiceOp.CLIENTS_CONNECT, {EVE}))
    call.seat.answer()
    assert call.hears(FRAME) == [True, True, True]


@pytest.mark.parametrize("op", [22, 25, 29, 30])
async def test_a_repeated_message_changes_nothing(call: DaveCall, op: int) -> None:
    def twice(message: tuple[int, object]) -> None:
        call.seat.take(message)
        if message[0] == op:
            call.seat.take(message)

    call.seat.deliver = twice
    call.join(BEN)
    call.seat.deliver = call.seat.take
    for message in [message for message in call.seat.heard if message[0] == op]:
        call.seat.take(message)
    assert said(call, VoiceOp.MLS_INVALID_COMMIT_WELCOME) == 0
    assert call.hears(FRAME) == [True, True]


async def test_a_call_may_be_taken_out_of_encryption_and_back(call: DaveCall) -> None:
    call.group.change_version(0)
    call.seat.answer()
    assert call.protocol.seal(FRAME) == FRAME
    assert call.protocol.open(ADA, FRAME) == FRAME
    call.group.change_version(1)
    call.seat.answer()
    assert call.hears(FRAME) == [True]
    assert call.protocol.open(ADA, FRAME) is None


async def test_a_downgrade_waits_for_its_execution(call: DaveCall) -> None:
    call.seat.take((21, {"protocol_version": 0, "transition_id": 500}))
    assert call.hears(FRAME) == [True]
    call.seat.take((22, {"transition_id": 501}))
    assert call.hears(FRAME) == [True]
    call.seat.take((22, {"transition_id": 500}))
    assert call.protocol.seal(FRAME) == FRAME


async def test_the_last_one_in_the_call_seals_with_nothing(call: DaveCall) -> None:
    call.leave(ADA)
    assert call.protocol.seal(FRAME) is None
    call.join(BEN)
    assert call.hears(FRAME) == [True]


@pytest.mark.parametrize(
    ("op", "data"),
    [
        (21, None),
        (21, {}),
        (21, {"protocol_version": 7, "transition_id": 1}),
        (21, {"protocol_version": 0, "transition_id": -1}),
        (22, {"transition_id": "1"}),
        (22, []),
        (24, {"protocol_version": 0, "epoch": 1}),
        (24, {"protocol_version": 1}),
        (25, "text"),
        (27, b""),
        (27, b"\2\0"),
        (27, b"\0\x05abc"),
        (29, b""),
        (29, b"\0\1"),
        (30, b"\0"),
        (27, None),
    ],
)
async def test_a_malformed_message_is_counted_and_nothing_else(call: DaveCall, op: int, data: object) -> None:
    call.seat.take((op, data))
    assert call.protocol.refused == 1
    assert call.hears(FRAME) == [True]


@pytest.mark.parametrize(("op", "data"), [(23, {}), (26, b"x"), (28, b"x"), (31, {}), (99, {}), (99, b"")])
async def test_what_only_clients_say_does_nothing(call: DaveCall, op: int, data: object) -> None:
    call.seat.take((op, data))
    assert call.hears(FRAME) == [True]
