"""What is known of a voice's loudness decides the gain, and the gain keeps still."""

import pytest
from av import AudioFrame

from assistant.audio.loudness import TARGET, Amplifier, LoudnessMeter, VoiceLevel
from tests.support.sounds import RATE, tone


def frame_of(seconds: float, amplitude: float) -> AudioFrame:
    frame = AudioFrame.from_ndarray(tone(seconds, amplitude)[None, :], format="flt", layout="mono")
    frame.sample_rate = RATE
    return frame


def test_a_voice_of_which_nothing_is_known_is_left_as_it_is() -> None:
    assert VoiceLevel().gain == 0.0


@pytest.mark.parametrize("typical", [TARGET, TARGET + 1.4, TARGET - 1.4])
def test_a_voice_that_is_near_enough_is_left_as_it_is(typical: float) -> None:
    assert VoiceLevel(typical).gain == 0.0


def test_a_voice_whose_loudness_is_known_is_right_from_the_first_sentence_on() -> None:
    assert VoiceLevel(TARGET - 6).gain == pytest.approx(6.0)


def test_what_is_heard_of_a_voice_counts_more_than_what_others_measured() -> None:
    level = VoiceLevel(TARGET - 6)
    level.add_measurement(TARGET + 6, 5.0)
    assert level.gain == pytest.approx(-6.0)


def test_the_gain_keeps_still_while_sentences_differ_a_little() -> None:
    level = VoiceLevel(TARGET - 6)
    for difference in (0.5, -0.8, 0.8, -1.0):
        level.add_measurement(TARGET - 6 + difference, 3.0)
        assert level.gain == pytest.approx(6.0)


def test_silence_tells_nothing_about_a_voice() -> None:
    level = VoiceLevel()
    level.add_measurement(-70.0, 60.0)
    assert level.gain == 0.0
    assert not level.is_known


def test_after_a_minute_a_voice_is_known() -> None:
    level = VoiceLevel()
    for _ in range(20):
        level.add_measurement(TARGET, 3.0)
    assert level.is_known


def test_the_meter_measures_by_the_standard() -> None:
    meter = LoudnessMeter()
    for _ in range(10):
        meter.measure(frame_of(0.5, 0.1))  # a tone whose peaks are at -20 dBFS, on both sides
    assert meter.loudness == pytest.approx(-20.4, abs=0.5)
    assert meter.seconds == pytest.approx(5.0)


def test_what_the_amplifier_is_given_comes_out_whole() -> None:
    amplifier = Amplifier(6.0)
    given = sum(frame_of(0.1, 0.1).samples for _ in range(5))
    made = [piece for _ in range(5) for piece in amplifier.amplify(frame_of(0.1, 0.1))]
    assert sum(piece.samples for piece in [*made, *amplifier.finish()]) == given
