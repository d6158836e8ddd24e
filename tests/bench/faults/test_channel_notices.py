"""The bench reads the assistant's own words: when they change, it must not count something else."""

import pytest

from assistant.discord_io import wording
from assistant.domain.call_ending import CallEnding, EndReason
from assistant.domain.call_state import CallState
from bench.faults.channel_notices import ChannelNotice, ChannelNotices


def notices(*texts: str) -> ChannelNotices:
    return ChannelNotices([ChannelNotice(float(when), text) for when, text in enumerate(texts)])


LIVE = wording.panel("Molly", CallState.LIVE, "<#1>")
RECOVERING = wording.panel("Molly", CallState.RECOVERING, "<#1>")
MUTE = wording.panel("Molly", CallState.RECOVERING, "<#1>", is_cut_off=True)
ENDED = wording.panel_ended("Molly", CallEnding(reason=EndReason.ASKED, by="Ada"))


@pytest.mark.parametrize("count", [1, 2, 3, 12])
def test_every_declined_message_is_counted(count: int) -> None:
    assert notices(ENDED, wording.unanswered(count)).declined == count
    assert notices(ENDED, RECOVERING).declined == 0


def test_the_end_of_the_call_is_seen() -> None:
    assert notices(RECOVERING, ENDED).end_of_call == 1.0
    assert notices(RECOVERING, LIVE).end_of_call is None


@pytest.mark.parametrize(("last", "promises"), [(RECOVERING, True), (MUTE, True), (LIVE, False), (ENDED, False)])
def test_a_promise_to_come_back_is_seen(last: str, promises: bool) -> None:
    assert notices(LIVE, last).promises_return is promises


def test_a_call_without_a_voice_and_its_return_are_seen() -> None:
    assert not notices(LIVE, RECOVERING).went_mute
    mute = notices(LIVE, RECOVERING, MUTE)
    assert (mute.went_mute, mute.has_voice_again) == (True, False)
    assert notices(LIVE, MUTE, LIVE).has_voice_again
