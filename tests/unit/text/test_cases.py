from collections import Counter
from itertools import groupby

import pytest

from tests.unit.text.cases import cases, said_of

BY_LANGUAGE = {language: tuple(its) for language, its in groupby(cases(), lambda case: case.language)}


@pytest.mark.parametrize("language", BY_LANGUAGE)
def test_a_reply_is_said_as_a_speaker_of_its_language_says_it(language: str) -> None:
    said = [(case, said_of(case)) for case in BY_LANGUAGE[language]]
    assert not [(case, it) for case, it in said if it != case.said and not case.known_failure]
    assert not [case for case, it in said if it == case.said and case.known_failure], "it is known as wrong, and right"


def test_the_table_is_broad() -> None:
    by_language = Counter(case.language for case in cases())
    assert by_language.total() >= 650
    assert sum(count >= 10 for count in by_language.values()) >= 14
