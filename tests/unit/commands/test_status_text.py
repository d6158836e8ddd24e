"""What /voice_status says of those who are heard, and of who recognizes them."""

import re
import time

import pytest

from assistant.commands.status_text import report
from assistant.domain.errors import RecognitionRefused
from assistant.domain.hearing_trouble import HearingTrouble
from assistant.domain.recognition_health import RecognitionHealth
from tests.support.telemetry import call_health, member_hearing


def line_of(text: str, beginning: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(beginning))


def test_who_is_heard_is_told_with_when_and_what_became_of_their_packets() -> None:
    line = line_of(report(call_health(hearing=[member_hearing()])), "👂 Ada")
    (when,) = re.findall(r"last heard <t:(\d+):R>", line)
    assert abs(int(when) - (time.time() - 10)) < 5
    assert "1234 packets (1230 decoded, 1 concealed, 1 lost)" in line
    assert "⚠️" not in line


def test_who_has_not_spoken_yet_is_told_too() -> None:
    quiet = member_hearing(heard_ago=None, packets=0, decoded=0, concealed=0, lost=0)
    assert "👂 Ada: not yet heard; 0 packets (0 decoded" in report(call_health(hearing=[quiet]))


@pytest.mark.parametrize("trouble", HearingTrouble)
def test_who_is_not_heard_is_told_with_the_reason(trouble: HearingTrouble) -> None:
    line = line_of(report(call_health(hearing=[member_hearing(trouble=trouble)])), "👂 Ada")
    assert re.search(r"; ⚠️ not heard.*: \w+", line)


def test_a_name_is_plain_text_and_who_has_none_is_somebody() -> None:
    text = report(call_health(hearing=[member_hearing("**@everyone** <@1>"), member_hearing("")]))
    assert "**@everyone**" not in text
    assert "<@1>" not in text
    assert "👂 Somebody: last heard" in text


def test_that_a_moderator_has_deafened_the_bot_is_told() -> None:
    assert "A moderator has deafened me" in report(call_health(is_deafened=True))
    assert "deafened" not in report(call_health())


def test_of_a_crowd_the_report_is_short_enough_for_discord_and_counts_the_rest() -> None:
    crowd = [member_hearing("*" * 32, HearingTrouble.NOT_OPENED) for _ in range(40)]
    engines = [
        RecognitionHealth(name=name, recognized=1, failures={}, last_error=None, cooldown_left=0.0)
        for name in ("hosted", "moonshine")
    ]
    text = report(call_health(hearing=crowd, unheard=["*" * 32] * 40, recognizers=engines))
    assert len(text) < 1800
    assert "… and 34 more members who may be heard" in text


def test_each_recognizer_tells_what_it_heard_and_whether_it_rests() -> None:
    refused = RecognitionRefused(engine="hosted", detail="no such key", status=401)
    hosted = RecognitionHealth(
        name="hosted", recognized=0, failures={RecognitionRefused: 1}, last_error=refused, cooldown_left=29.6
    )
    moonshine = RecognitionHealth(name="moonshine", recognized=1, failures={}, last_error=None, cooldown_left=0.0)
    text = report(call_health(recognizers=[hosted, moonshine]))
    assert "Recognition by hosted: 0 turns so far; ⚠️ refused (401), next try in 30 s" in text
    assert "Recognition by moonshine: 1 turn so far\n" in text
