"""Names are known again as somebody who only heard them would write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.sounds_alike import distance, runs_that_sound_like, sound_alike, sound_of

HEARD = {
    "Molly": "Molly Mollie Marley Mali Moly Maulie",
    "Jarvis": "Jervis Jarvus Jarviss Charvis",
    "Alexa": "Aleksa Alexah Alexia",
    "Siri": "Siree Cirie Seery",
    "Luna": "Loona Lunah",
    "Max": "Macks Maks",
    "Clara": "Klara Clarah",
    "Nova": "Novah",
    "Echo": "Ecko Eko",
    "Atlas": "Atlus Adlas",
    "Sophie": "Sofie Sofy",
    "Oliver": "Olliver Olifer",
    "Emma": "Ema Emmah",
    "Hugo": "Hugoh",
    "Bruno": "Brunoh Proono",
    "María": "Mariah Marya Maria",
    "Ada": "Aida Adah",
    "George": "Jorge Georg",
    "Friday": "Fryday Fridey",
    "Computer": "Komputer Computar",
    "モリー": "モリー",
    "Молли": "молли",
}
OTHERS = {
    "Molly": "mostly money mall melon only many jolly Holly polly mommy Emily early really mole merely my me milk more "
    "model mail may maybe moment hello monday memory family mother probably",
    "Jarvis": "service jars harvest carve",
    "Alexa": "relax Alex election",
    "Siri": "sorry series city sir seriously story",
    "Luna": "lunch tuna moon soon alone line",
    "Max": "mix match make tax",
    "Clara": "clear class clarify",
    "Nova": "never over no now",
    "Echo": "each ego okay",
    "Sophie": "sofa coffee so safe",
    "Oliver": "over olive however",
    "Emma": "him am my",
    "Hugo": "huge ago",
    "Bruno": "brown",
    "Maria": "marry area more",
    "Ada": "add other at either idea",
    "George": "judge gorgeous charge",
    "Friday": "fried fry",
    "Computer": "compute computers",
}


@pytest.mark.parametrize(("name", "heard"), [(name, each) for name, words in HEARD.items() for each in words.split()])
def test_a_name_is_known_again_as_it_is_heard(name: str, heard: str) -> None:
    assert sound_alike(name, heard)


@pytest.mark.parametrize(("name", "word"), [(name, each) for name, words in OTHERS.items() for each in words.split()])
def test_another_word_is_not_the_name(name: str, word: str) -> None:
    assert not sound_alike(name, word)


def test_a_name_is_found_in_several_words_and_several_words_in_a_name() -> None:
    assert runs_that_sound_like("Jarvis", ["hey", "jar", "vis", "stop"]) == [(1, 3)]
    assert runs_that_sound_like("Miss Molly", ["good", "evening", "miss", "molly"]) == [(2, 4)]
    assert runs_that_sound_like("Emma", ["i'm", "a", "teacher"]) == []


@given(st.text(max_size=50), st.text(max_size=50))
def test_any_two_words_are_compared_and_either_way_alike(one: str, other: str) -> None:
    first, second = sound_of(one), sound_of(other)
    assert distance(first, second) >= 0
    assert distance(first, first) == 0
    assert distance(first, second) == pytest.approx(distance(second, first))
