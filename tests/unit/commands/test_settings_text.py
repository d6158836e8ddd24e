"""What /voice_settings says."""

from typing import get_args

import pytest

from assistant.commands.settings_text import report
from assistant.domain.preferences import DuringSpeech
from assistant.preferences.reply_options import ReplyOptions

WHAT_HAPPENS: dict[DuringSpeech, str] = {
    "polite": "messages wait for their turn, and talking to me interrupts the answer",
    "queue": "messages and speech wait for their turn",
    "replace": "messages and speech interrupt the answer",
}


@pytest.mark.parametrize("rule", get_args(DuringSpeech))
def test_it_tells_what_happens_while_she_talks(rule: DuringSpeech) -> None:
    told = report(ReplyOptions(during_speech=rule, spoken_seconds=0), changed=False, is_server=True)
    assert f"- while I'm talking, {WHAT_HAPPENS[rule]}\n" in told
