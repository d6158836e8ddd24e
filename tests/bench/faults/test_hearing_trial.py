"""Which words arrive while something goes wrong."""

import numpy as np
import pytest

from bench.faults.hearing_cases import HEARING_CASES
from bench.faults.hearing_trial import deaf_times, try_hearing
from bench.faults.spoken_words import Word, likeness, words
from bench.faults.word_speaker import SaidWord


@pytest.fixture(scope="module")
def spoken() -> tuple[Word, ...]:
    return words(6)


def test_a_word_is_known_by_its_sound_even_with_noise_in_it_and_no_other_is(spoken: tuple[Word, ...]) -> None:
    noise = np.random.default_rng(0).normal(0, 0.01, 16_000).astype(np.float32)
    for word in spoken:
        heard = noise.copy()
        heard[1000 : 1000 + len(word.samples)] += word.samples
        likely = {other.text: likeness(heard, other) for other in spoken}
        assert likely.pop(word.text) > 0.8
        assert max(likely.values()) < 0.6
        assert likeness(noise, word) < 0.2
        assert likeness(noise[:100], word) == 0.0


def test_what_is_not_heard_counts_from_its_first_lost_word_to_the_next_one_that_is_heard(
    spoken: tuple[Word, ...],
) -> None:
    said = [SaidWord(word, float(number)) for number, word in enumerate(spoken)]
    texts = [word.text for word in spoken]
    assert list(deaf_times(said, set(texts))) == []
    assert list(deaf_times(said, set(texts) - {texts[1], texts[2]})) == [2.0]
    assert list(deaf_times(said, set(texts[:-1]))) == [pytest.approx(spoken[-1].seconds)]


async def test_a_trial_counts_what_is_lost_and_who_was_told(spoken: tuple[Word, ...]) -> None:
    [case] = [each for each in HEARING_CASES if each.name == "recognizer answers rubbish"]
    [verdict] = await try_hearing([case], spoken[:4])
    assert verdict.said == 4
    assert list(verdict.lost) == [word.text for word in spoken[:2]]
    assert any("couldn't make out" in line for line in verdict.told), verdict.told
    assert verdict.is_right
