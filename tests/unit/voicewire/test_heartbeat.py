import pytest

from voicewire.heartbeat import Heartbeat


class Clock:
    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def heartbeat(clock: Clock) -> Heartbeat:
    return Heartbeat(clock)


def test_a_heartbeat_carries_the_last_number(heartbeat: Heartbeat) -> None:
    assert heartbeat.next(-1)["seq_ack"] == -1
    assert heartbeat.next(10)["seq_ack"] == 10


def test_the_latency_is_from_a_heartbeat_to_its_answer(heartbeat: Heartbeat, clock: Clock) -> None:
    nonce = heartbeat.next(-1)["t"]
    clock.time += 0.25
    assert heartbeat.acknowledge(nonce)
    assert (heartbeat.latency, heartbeat.answered) == (0.25, 1)


def test_a_server_that_answers_none_of_three_is_lost(heartbeat: Heartbeat) -> None:
    for _ in range(2):
        heartbeat.next(-1)
    assert not heartbeat.is_lost
    heartbeat.next(-1)
    assert heartbeat.is_lost


def test_a_late_answer_counts_for_those_before_it(heartbeat: Heartbeat) -> None:
    nonces = [heartbeat.next(-1)["t"] for _ in range(3)]
    assert heartbeat.acknowledge(nonces[1])
    assert not heartbeat.is_lost
    assert not heartbeat.acknowledge(nonces[0])


def test_time_alone_loses_no_server(heartbeat: Heartbeat, clock: Clock) -> None:
    heartbeat.next(-1)
    clock.time += 1000
    assert not heartbeat.is_lost


@pytest.mark.parametrize("nonce", [None, "1", 7, 1.5, {}, True])
def test_an_answer_to_nothing_is_none(heartbeat: Heartbeat, nonce: object) -> None:
    heartbeat.next(-1)
    heartbeat.next(-1)
    assert heartbeat.acknowledge(nonce) is (nonce is True)  # True is 1 in Python, and harmless


def test_a_new_websocket_owes_no_answers_of_the_old_one(heartbeat: Heartbeat) -> None:
    for _ in range(3):
        heartbeat.next(-1)
    heartbeat.begin(13.75)
    assert not heartbeat.is_lost


@pytest.mark.parametrize(("asked", "kept"), [(13.75, 5.0), (1.0, 1.0)])
def test_heartbeats_come_as_often_as_the_server_wants_or_more_often(
    heartbeat: Heartbeat, asked: float, kept: float
) -> None:
    heartbeat.begin(asked)
    assert heartbeat.interval == kept
