"""Who speaks and is not heard is mended: with new keys, then with a new connection, and never again and again."""

from itertools import pairwise
from typing import Any, cast

from prometheus_client import CollectorRegistry

from assistant.call.unheard_members import UnheardMembers
from assistant.domain.hearing_trouble import HearingTrouble
from assistant.telemetry.metrics import Metrics
from tests.support.telemetry import metric_value

ADA, BEN = 50, 51
SEALED = {ADA: HearingTrouble.NOT_OPENED}


class Call:
    """A connection that notes what is done to it, and its clock."""

    def __init__(self) -> None:
        self.time = 0.0
        self.done: list[tuple[str, float]] = []
        self.metrics = Metrics(CollectorRegistry())
        self.members = UnheardMembers(cast(Any, self), self.metrics, lambda: self.time)

    def renew_keys(self) -> None:
        self.done.append(("keys", self.time))

    def join_anew(self) -> None:
        self.done.append(("join", self.time))

    def look_for(self, seconds: float, unheard: dict[int, HearingTrouble]) -> None:
        """Look twice a second for so long."""
        for _ in range(round(seconds * 2)):
            self.members.look(unheard)
            self.time += 0.5


def test_new_keys_are_asked_for_at_once_and_where_they_do_not_help_the_call_is_joined_anew() -> None:
    call = Call()
    call.look_for(4, SEALED)
    assert call.done == [("keys", 0.0), ("join", 2.0)]


def test_who_is_heard_again_with_the_new_keys_costs_no_connection() -> None:
    call = Call()
    call.look_for(1.5, SEALED)
    call.look_for(10, {})
    assert call.done == [("keys", 0.0)]
    assert call.members.unheard == {}


def test_in_an_hour_a_member_who_can_never_be_heard_has_the_call_joined_anew_six_times_at_most() -> None:
    call = Call()
    call.look_for(3600, SEALED)
    joined = [at for what, at in call.done if what == "join"]
    assert 0 < len(joined) <= 6
    keys = [at for what, at in call.done if what == "keys"]
    assert all(later - earlier >= 30 for earlier, later in pairwise(keys))


def test_what_no_keys_can_mend_is_only_told() -> None:
    call = Call()
    call.look_for(60, {ADA: HearingTrouble.NOT_OPUS, BEN: HearingTrouble.CROWDED})
    assert call.done == []
    assert call.members.unheard == {ADA: HearingTrouble.NOT_OPUS, BEN: HearingTrouble.CROWDED}


def test_a_change_is_told_once_and_counted_once() -> None:
    call = Call()
    assert call.members.look(SEALED)
    assert not call.members.look(SEALED)
    assert call.members.look({})
    assert not call.members.look({})
    assert metric_value(call.metrics, "members_unheard_total", trouble="not_opened") == 1
