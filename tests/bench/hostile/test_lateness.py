import pytest

from bench.hostile.lateness import Turns, lateness


@pytest.mark.parametrize(
    ("others_begun", "others_ended", "late"),
    [
        ([], [], 3.0),
        ([], [11.0], 2.0),
        ([], [11.0, 12.5, 14.0], 0.5),
        ([10.5], [12.0], 1.0),
        ([10.5, 11.0], [12.5], 2.0),
        ([10.2, 10.5, 11.0], [12.5], 2.5),
    ],
    ids=[
        "nobody before: from the typing on",
        "from the end of what went on",
        "what came after its turn began does not count",
        "a member ahead had their turn",
        "a second turn of a member ahead was not due",
        "nor was a third one",
    ],
)
def test_what_goes_before_by_right_is_not_late(
    others_begun: list[float], others_ended: list[float], late: float
) -> None:
    turns = Turns(
        typed=10.0,
        begun=12.7,
        answered=13.0,
        others_begun=others_begun,
        others_ended=others_ended,
        members_ahead=1,
    )
    assert lateness(turns) == pytest.approx(late)
