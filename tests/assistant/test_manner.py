import pytest

from assistant.manner import DuringSpeech, Manner
from assistant.settings import DURING_SPEECH, Settings


@pytest.mark.parametrize("rule", DURING_SPEECH)
def test_every_rule_of_the_settings_is_a_manner(rule: str) -> None:
    manner = Manner.of(Settings(discord_token="token", during_speech=rule, spoken_seconds=12.0))
    assert manner == Manner(during_speech=DuringSpeech(rule), spoken_seconds=12.0)
