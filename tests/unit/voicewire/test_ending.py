import pytest

from voicewire.ending import ConnectionEnded, EndCause, Ending

CODES = [
    1000,
    1001,
    1006,
    4001,
    4002,
    4003,
    4004,
    4005,
    4006,
    4009,
    4011,
    4012,
    4014,
    4015,
    4016,
    4017,
    4020,
    4021,
    4022,
]


@pytest.mark.parametrize("code", CODES)
def test_every_code_says_what_it_means(code: int) -> None:
    assert "unknown)" not in str(Ending(cause=EndCause.CLOSED, close_code=code))


def test_only_a_broken_connection_and_a_crashed_server_may_be_resumed() -> None:
    resumable = [code for code in CODES if Ending(cause=EndCause.CLOSED, close_code=code).may_resume]
    assert resumable == [1006, 4015]
    assert [cause for cause in EndCause if Ending(cause=cause).may_resume] == [EndCause.HEARTBEATS_UNANSWERED]


def test_the_error_says_how_it_ended() -> None:
    ending = Ending(cause=EndCause.CLOSED, close_code=4017, detail="no DAVE")
    assert str(ConnectionEnded(ending)) == "closed 4017 (end-to-end encryption (DAVE) required) no DAVE"
