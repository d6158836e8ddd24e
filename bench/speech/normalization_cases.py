"""The cases that show how text is said, counted by language."""

from collections import Counter
from dataclasses import dataclass

from tests.unit.text.cases import passed_cases


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """The cases of one language."""

    language: str
    """The language, as a gTTS code."""
    cases: int
    """How many cases there are."""
    passed: int
    """How many are said as a speaker of the language would say them."""


def count_texts() -> list[TextRow]:
    """Every language, those with most cases first."""
    total: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for case, is_passed in passed_cases():
        total[case.language] += 1
        passed[case.language] += is_passed
    return [TextRow(language=language, cases=count, passed=passed[language]) for language, count in total.most_common()]
