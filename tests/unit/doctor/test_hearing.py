"""Whether a check finds out that members can be listened to."""

from collections.abc import Callable

import pytest

from assistant.doctor.finding import Verdict
from assistant.doctor.hearing import hearing_finding
from assistant.domain.consent import Listening
from assistant.domain.errors import HearingUnavailable
from assistant.hearing.models import HearingModels


def missing(part: str) -> Callable[[], HearingModels]:
    def load() -> HearingModels:
        raise HearingUnavailable(part=part, detail="no such file")

    return load


@pytest.mark.parametrize(
    ("listening", "who"), [("ask", "members who agree are heard"), ("everyone", "without being asked")]
)
def test_this_machine_can_hear_and_whom_is_told(listening: Listening, who: str) -> None:
    finding = hearing_finding(listening, is_recognized=True)
    assert finding.verdict is Verdict.OK
    assert who in finding.detail
    assert f"LISTENING={listening}" in finding.detail


@pytest.mark.parametrize(
    ("part", "advice"), [("libopus", "PyAV"), ("voice activity", "requirements.lock"), ("another", "Nobody is heard")]
)
def test_what_is_missing_fails_with_what_to_do(part: str, advice: str) -> None:
    finding = hearing_finding("ask", is_recognized=True, load=missing(part))
    assert finding.verdict is Verdict.FAILED
    assert f"{part} can't be loaded: no such file" in finding.detail
    assert advice in finding.advice


@pytest.mark.parametrize(("listening", "is_recognized"), [("off", True), ("ask", False), ("everyone", False)])
def test_where_nobody_is_heard_anyway_nothing_is_missing(listening: Listening, is_recognized: bool) -> None:
    finding = hearing_finding(listening, is_recognized=is_recognized, load=missing("libopus"))
    assert finding.verdict is Verdict.OK
    assert "nobody is heard" in finding.detail
