from typing import get_args

import pytest

from assistant.config.settings import Settings
from assistant.domain.preferences import DuringSpeech
from assistant.preferences.reply_options import ReplyOptions


@pytest.mark.parametrize("rule", get_args(DuringSpeech))
def test_every_rule_of_the_settings_is_a_manner(rule: DuringSpeech) -> None:
    settings = Settings(discord_token="token", during_speech=rule, spoken_seconds=12.0, call_control="everyone")
    assert ReplyOptions.from_settings(settings) == ReplyOptions(
        during_speech=rule, spoken_seconds=12.0, control="everyone"
    )
