"""The connection's state machine, driven by any order of events in virtual time."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.call_state import CallState
from assistant.domain.errors import JoinFailed
from assistant.domain.silence import Silence
from assistant.domain.voice_loss import LossCause, VoiceLoss, remedy_for
from assistant.voice.timing import VoiceTiming
from tests.support.fake_voice import FakeClient, Watched, connection_to, lose
from tests.support.virtual_time import run_in_virtual_time


async def live(watched: Watched) -> VoiceLoss | None:
    """The whole life of a connection, as a session leads it: None when it could not be joined."""
    try:
        await watched.connection.join()
        return await watched.connection.supervise()
    except JoinFailed:
        return None
    finally:
        await watched.connection.leave()


OUTCOMES = st.lists(
    st.sampled_from(["joined", "hangs", "refused", "removed", "4004", "4006", "4015", "4017", "4021", "1006"]),
    max_size=12,
)
LOSSES = st.lists(
    st.tuples(
        st.floats(0, 400),
        st.one_of(
            st.none(),
            st.builds(VoiceLoss, cause=st.sampled_from(LossCause)),
            st.builds(
                VoiceLoss,
                cause=st.just(LossCause.CLOSED),
                close_code=st.sampled_from([1000, 1006, 4006, 4009, 4014, 4015, 4021, 4022, 4017]),
            ),
        ),
    ),
    max_size=12,
)
"""What happens after how many seconds: a loss, or the return of the main gateway."""


@given(outcomes=OUTCOMES, losses=LOSSES, leaves_after=st.floats(0, 2000), forbids_after=st.floats(0, 4000))
def test_whatever_happens_a_connection_ends_live_or_ended_with_nothing_left(
    outcomes: list[str], losses: list[tuple[float, VoiceLoss | None]], leaves_after: float, forbids_after: float
) -> None:
    async def main() -> None:
        watched = connection_to(outcomes)
        life = asyncio.ensure_future(live(watched))
        loop = asyncio.get_running_loop()
        loop.call_later(forbids_after, setattr, watched.channel.rights, "connect", False)
        for delay, loss in losses:
            await asyncio.sleep(delay)
            if loss is None:
                await watched.connection.gateway_returned()
            else:
                lose(watched, loss)
        await asyncio.sleep(3000)
        if not life.done():
            assert watched.connection.state is CallState.LIVE
            assert len(watched.channel.clients) == 1
            await asyncio.sleep(leaves_after)
            life.cancel()
        await asyncio.gather(life, return_exceptions=True)
        assert watched.connection.state is CallState.ENDED
        assert watched.channel.clients == []
        assert watched.channel.most_clients <= 1, "two connections overlapped"
        assert not watched.connection.is_mute
        assert len(asyncio.all_tasks()) == 1, "a task was left behind"

    run_in_virtual_time(main())


@given(outcomes=OUTCOMES, cancelled_after=st.floats(0, 200))
def test_a_connection_that_is_left_at_any_moment_leaves_nothing(outcomes: list[str], cancelled_after: float) -> None:
    async def main() -> None:
        watched = connection_to(outcomes)
        life = asyncio.ensure_future(live(watched))
        await asyncio.sleep(cancelled_after)
        life.cancel()
        await asyncio.gather(life, return_exceptions=True)
        assert watched.connection.state is CallState.ENDED
        assert watched.channel.clients == []
        assert len(asyncio.all_tasks()) == 1

    run_in_virtual_time(main())


@given(loss=st.builds(VoiceLoss, cause=st.sampled_from(LossCause)))
def test_each_loss_recovers_or_ends_the_call_as_the_table_says(loss: VoiceLoss) -> None:
    async def main() -> None:
        watched = connection_to([])
        life = asyncio.ensure_future(live(watched))
        await asyncio.sleep(1)
        lose(watched, loss)
        await asyncio.sleep(60)
        assert life.done() is remedy_for(loss).ends
        if not life.done():
            assert watched.states == [CallState.LIVE, CallState.RECOVERING, CallState.LIVE]
            assert watched.connection.last_loss == loss
            assert watched.connection.recoveries.total() == 1
        life.cancel()
        await asyncio.gather(life, return_exceptions=True)

    run_in_virtual_time(main())


@given(loss=st.builds(VoiceLoss, cause=st.sampled_from(LossCause)))
def test_who_loses_the_connection_since_another_process_has_the_call_does_not_join_again(loss: VoiceLoss) -> None:
    async def main() -> None:
        watched = connection_to(["joined", "joined"])
        life = asyncio.ensure_future(live(watched))
        await asyncio.sleep(1)
        watched.is_taken_over = True
        lose(watched, loss)
        await asyncio.sleep(1)
        assert await life == VoiceLoss(cause=LossCause.TAKEN_OVER)
        assert watched.channel.outcomes == ["joined"]

    run_in_virtual_time(main())


@given(taken_after=st.floats(0, 200))
def test_a_connection_is_not_recovered_once_another_process_has_the_call(taken_after: float) -> None:
    async def main() -> None:
        watched = connection_to(["joined", *["refused"] * 1000])
        life = asyncio.ensure_future(live(watched))
        await asyncio.sleep(1)
        lose(watched, VoiceLoss(cause=LossCause.UNANSWERED_HEARTBEATS))
        await asyncio.sleep(taken_after)
        watched.is_taken_over = True
        left = len(watched.channel.outcomes)
        await asyncio.sleep(60)
        assert await life == VoiceLoss(cause=LossCause.TAKEN_OVER)
        assert len(watched.channel.outcomes) >= left - 1, "but for a try that had begun"

    run_in_virtual_time(main())


def test_speech_is_given_up_after_a_while_and_comes_back_with_a_later_try() -> None:
    async def main() -> None:
        timing = VoiceTiming()
        watched = connection_to(["joined", *["hangs"] * 9])
        life = asyncio.ensure_future(live(watched))
        await asyncio.sleep(1)
        lose(watched, VoiceLoss(cause=LossCause.UNANSWERED_HEARTBEATS))
        seen = []
        for seconds in (timing.mute_after - 1, 2, 200):
            await asyncio.sleep(seconds)
            seen.append((watched.connection.state, watched.connection.is_mute))
        assert seen == [(CallState.RECOVERING, False), (CallState.RECOVERING, True), (CallState.LIVE, False)]
        life.cancel()
        await asyncio.gather(life, return_exceptions=True)

    run_in_virtual_time(main())


@given(after=st.floats(0, 200), last_try=st.sampled_from(["refused", "hangs"]))
def test_a_recovery_that_failed_without_the_main_gateway_is_tried_again_as_soon_as_that_is_back(
    after: float, last_try: str
) -> None:
    async def main() -> None:
        timing = VoiceTiming()
        watched = connection_to(["joined", *["refused"] * 1000])
        life = asyncio.ensure_future(live(watched))
        await asyncio.sleep(1)
        lose(watched, VoiceLoss(cause=LossCause.GATEWAY_SESSION_LOST))
        await asyncio.sleep(after)
        watched.channel.outcomes[:] = [last_try]
        await watched.connection.gateway_returned()
        # one try may have begun before the return, the next one fails; then the pauses are short again
        await asyncio.sleep(2 * timing.recovery_timeout + 2 * timing.recovery_pause + 1)
        assert watched.connection.state is CallState.LIVE
        life.cancel()
        await asyncio.gather(life, return_exceptions=True)

    run_in_virtual_time(main())


def test_a_connection_that_cannot_be_recovered_is_given_up_in_the_end() -> None:
    async def main() -> None:
        timing = VoiceTiming()
        watched = connection_to(["joined", *["hangs"] * 1000])
        life = asyncio.ensure_future(live(watched))
        await asyncio.sleep(1)
        lose(watched, VoiceLoss(cause=LossCause.CLOSED, close_code=4006))
        began = asyncio.get_running_loop().time()
        loss = await life
        assert loss == VoiceLoss(cause=LossCause.CLOSED, close_code=4006)
        taken = asyncio.get_running_loop().time() - began
        assert timing.give_up_after * 0.8 < taken < timing.give_up_after + 30

    run_in_virtual_time(main())


def test_a_kick_in_the_middle_of_a_recovery_ends_the_call_which_is_never_shown_as_live_again() -> None:
    async def main() -> None:
        watched = connection_to(["joined", "removed"])
        life = asyncio.ensure_future(live(watched))
        await asyncio.sleep(1)
        lose(watched, VoiceLoss(cause=LossCause.UNANSWERED_HEARTBEATS))
        assert await life == VoiceLoss(cause=LossCause.REMOVED)
        assert watched.states == [CallState.LIVE, CallState.RECOVERING, CallState.ENDED]

    run_in_virtual_time(main())


def watch_sees(change: Callable[[FakeClient], None]) -> LossCause | None:
    """What the watch makes of a live client after `change`, within two minutes."""

    async def main() -> LossCause | None:
        watched = connection_to([])
        life = asyncio.ensure_future(live(watched))
        await asyncio.sleep(1)
        change(watched.channel.clients[0])
        await asyncio.sleep(120)
        loss = watched.connection.last_loss
        life.cancel()
        await asyncio.gather(life, return_exceptions=True)
        return loss.cause if loss else None

    return run_in_virtual_time(main())


async def nothing() -> None:
    """No heartbeat is answered meanwhile."""


def test_unanswered_heartbeats_are_noticed() -> None:
    assert watch_sees(lambda client: setattr(client, "keep_registered", nothing)) is LossCause.UNANSWERED_HEARTBEATS


BROKEN = VoiceLoss(cause=LossCause.CLOSED, close_code=1006)


def recovery_from(loss: VoiceLoss, *outcomes: str) -> tuple[Watched, VoiceLoss | None]:
    """What becomes of a connection that is lost once, where the server may remember it."""

    async def main() -> tuple[Watched, VoiceLoss | None]:
        watched = connection_to(["joined", *outcomes])
        watched.channel.resumes = True
        life = asyncio.ensure_future(live(watched))
        await asyncio.sleep(1)
        lose(watched, loss)
        await asyncio.sleep(5)
        ended = life.result() if life.done() else None
        life.cancel()
        await asyncio.gather(life, return_exceptions=True)
        return watched, ended

    return run_in_virtual_time(main())


def test_a_session_that_the_server_remembers_is_taken_up_and_not_joined_anew() -> None:
    watched, ended = recovery_from(BROKEN, "resumed", "joined")
    assert (watched.channel.outcomes, ended) == (["joined"], None)
    assert watched.states == [CallState.LIVE, CallState.RECOVERING, CallState.LIVE, CallState.ENDED]
    assert watched.connection.recoveries.total() == 1


def test_a_session_that_cannot_be_taken_up_is_joined_anew() -> None:
    watched, ended = recovery_from(BROKEN, "4006", "joined")
    assert (watched.channel.outcomes, ended) == ([], None)
    assert watched.states[-2:] == [CallState.LIVE, CallState.ENDED]


def test_a_removal_meanwhile_ends_the_call() -> None:
    watched, ended = recovery_from(BROKEN, "removed", "joined")
    assert ended == VoiceLoss(cause=LossCause.REMOVED)
    assert watched.channel.outcomes == ["joined"]


def test_a_server_that_answers_no_heartbeats_is_not_asked_for_its_session() -> None:
    watched, _ = recovery_from(VoiceLoss(cause=LossCause.UNANSWERED_HEARTBEATS), "joined", "resumed")
    assert watched.channel.outcomes == ["resumed"]


def test_unanswered_probes_are_noticed_where_one_was_answered_before() -> None:
    assert watch_sees(lambda client: setattr(client, "probes_answered", 1)) is LossCause.UNANSWERED_PROBES


def test_a_server_that_never_answers_probes_is_left_in_peace() -> None:
    assert watch_sees(lambda _: None) is None


async def test_once_it_is_connected_it_knows_whether_it_is_heard() -> None:
    watched = connection_to(["joined"])
    me: Any = watched.channel.guild.me
    connection: Any = watched.connection
    me.voice = SimpleNamespace(channel=watched.channel, mute=True)
    await connection.join()
    assert connection.silence is Silence.MUTED
    assert connection.is_mute
    assert not connection.is_cut_off
    me.voice = SimpleNamespace(channel=watched.channel, mute=False, suppress=False)
    states = len(watched.states)
    await connection.voice_state_changed()
    assert not connection.is_mute
    assert len(watched.states) == states + 1, "the panel is told"
    await connection.leave()
