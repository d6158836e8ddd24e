from collections import Counter

import pytest

from tests.unit.text.cases import Case, cases, said_of


def parameters() -> list[object]:
    return [
        pytest.param(
            case,
            id=f"{case.language}-{case.kind}-{case.source[:30]!r}",
            marks=[pytest.mark.xfail(reason=case.known_failure, strict=True)] if case.known_failure else [],
        )
        for case in cases()
    ]


@pytest.mark.parametrize("case", parameters())
def test_a_reply_is_said_as_a_speaker_of_its_language_says_it(case: Case) -> None:
    assert said_of(case) == case.said


def test_the_table_is_broad() -> None:
    by_language = Counter(case.language for case in cases())
    assert by_language.total() >= 650
    assert sum(count >= 10 for count in by_language.values()) >= 14
