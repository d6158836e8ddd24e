"""An engine that failed is left alone, and found again, without anybody waiting for it."""

from dataclasses import dataclass, field

from assistant.util.circuit_breaker import LONGEST_COOLDOWN, SHORTEST_COOLDOWN, Blame, CircuitBreaker, Judgement
from tests.support.fake_engines import Clock


@dataclass(eq=False)
class Failure(Exception):
    """An error that says by itself what it means."""

    judgement: Judgement = field(default_factory=Judgement)


REFUSED = Failure()
EMPTY = Failure(Judgement(Blame.DOUBTFUL))


def breaker_with(clock: Clock) -> CircuitBreaker[Failure]:
    return CircuitBreaker(lambda failure: failure.judgement, clock)


def test_a_failure_of_the_engine_opens_it_at_once() -> None:
    breaker = breaker_with(Clock())
    breaker.failed(REFUSED)
    assert breaker.is_open
    assert breaker.last_error is REFUSED


def test_what_is_not_the_engine_s_fault_never_opens_it() -> None:
    breaker = breaker_with(Clock())
    for _ in range(10):
        breaker.failed(Failure(Judgement(Blame.REQUEST)))
    assert not breaker.is_open


def test_one_doubtful_failure_may_be_the_request_s_fault_and_three_in_a_row_are_not() -> None:
    breaker = breaker_with(Clock())
    breaker.failed(EMPTY)
    breaker.failed(EMPTY)
    breaker.succeeded()
    breaker.failed(EMPTY)
    breaker.failed(EMPTY)
    assert not breaker.is_open
    breaker.failed(EMPTY)
    assert breaker.is_open


def test_it_is_probed_after_its_rest_by_one_at_a_time() -> None:
    clock = Clock()
    breaker = breaker_with(clock)
    assert not breaker.begin_probe(), "a closed one needs no probe"
    breaker.failed(REFUSED)
    assert not breaker.begin_probe()
    clock.now += SHORTEST_COOLDOWN
    assert breaker.begin_probe()
    assert not breaker.begin_probe()


def test_a_probe_that_goes_well_closes_it_and_its_next_rest_is_short_again() -> None:
    clock = Clock()
    breaker = breaker_with(clock)
    for _ in range(3):
        breaker.failed(REFUSED)
        clock.now += LONGEST_COOLDOWN
    assert breaker.begin_probe()
    breaker.succeeded()
    assert not breaker.is_open
    breaker.failed(REFUSED)
    assert breaker.cooldown_left == SHORTEST_COOLDOWN


def test_each_probe_that_fails_doubles_the_rest_up_to_a_bound() -> None:
    clock = Clock()
    breaker = breaker_with(clock)
    rests = []
    for _ in range(7):
        breaker.failed(REFUSED)
        rests.append(breaker.cooldown_left)
        clock.now += breaker.cooldown_left
        assert breaker.begin_probe()
    assert rests == [15, 30, 60, 120, 240, 300, 300]


def test_a_service_that_asks_for_more_rest_gets_it_within_the_bound() -> None:
    breaker = breaker_with(Clock())
    breaker.failed(Failure(Judgement(cooldown=60.0)))
    assert breaker.cooldown_left == 60.0
    breaker.failed(Failure(Judgement(cooldown=86_400.0)))
    assert breaker.cooldown_left == LONGEST_COOLDOWN


def test_a_probe_that_was_cut_off_may_be_repeated() -> None:
    clock = Clock()
    breaker = breaker_with(clock)
    breaker.failed(REFUSED)
    clock.now += SHORTEST_COOLDOWN
    assert breaker.begin_probe()
    breaker.abort_probe()
    assert breaker.begin_probe()


def test_a_failure_within_the_rest_makes_it_no_longer() -> None:
    clock = Clock()
    breaker = breaker_with(clock)
    for _ in range(10):
        breaker.failed(REFUSED)
        clock.now += 1
    assert breaker.cooldown_left == SHORTEST_COOLDOWN - 10
