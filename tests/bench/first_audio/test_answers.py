import pytest

from bench.common.conversation import Pace
from bench.first_audio.answers_table import answers_table
from bench.first_audio.answers_trial import try_without_call
from bench.first_audio.first_sound import FirstServices, FirstSound
from sandbox.standins.google.google_speech import SpeechRequest
from sandbox.standins.language_model.model_server import ModelRequest
from tests.data.first_answers import first_answers


def test_the_bots_share_is_what_the_services_did_not_take_and_says_how_long_it_read_on() -> None:
    tokens = [(10.3, "Well"), (10.4, " then,"), (10.5, " I"), (10.6, " go.")]
    services = FirstServices(
        model=ModelRequest({}, {}, 10.0, 1, tokens),
        speech=SpeechRequest("Well then", "en", False, "host", arrived=10.52, answered=10.9),
    )
    sound = FirstSound.of("en", "Well then,", 1.0, services)
    assert sound.floor == pytest.approx(0.4 + 0.38)
    assert sound.own == pytest.approx(0.22)
    assert sound.until_sure == pytest.approx(0.12)
    assert "| all | 1 | 1000 / 1000 ms | 780 / 780 ms | 220 / 220 ms | 120 / 120 ms | 10 / 10 |" in answers_table(
        [sound], [], []
    )


@pytest.mark.alone
async def test_answers_are_made_without_a_call_and_measured() -> None:
    answers = [answer for answer in first_answers() if answer.number == 1 and answer.language in ("de", "ja")]
    german, japanese = await try_without_call(answers, Pace(first_token=0.05, tokens=200, speech=0.05))
    assert (german.piece, japanese.piece) == ("Die Hauptstadt von Australien", "オーストラリアの首都は")
    for sound in (german, japanese):
        assert 0.1 < sound.floor < sound.seconds < 5
        assert 0 <= sound.until_sure < sound.own
