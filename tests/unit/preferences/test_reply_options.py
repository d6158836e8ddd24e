from typing import get_args

import pytest

from assistant.config.settings import Settings
from assistant.domain.preferences import DuringSpeech
from assistant.preferences.reply_options import Manner


@pytest.mark.parametrize("rule", get_args(DuringSpeech))
def test_every_rule_of_the_settings_is_a_manner(rule: DuringSpeech) -> None:
    manner = Manner.of(Settings(discord_token="token", during_speech=rule, spoken_seconds=12.0))
    assert manner == Manner(during_speech=rule, spoken_seconds=12.0)
