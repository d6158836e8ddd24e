import re
from pathlib import Path

import pytest

from assistant.text.formula import LETTERS
from assistant.text.normalization import lexicon
from assistant.text.normalization.lexicon import lexicon_of
from assistant.text.normalization.normalizer import normalizer_for

LANGUAGES = sorted(path.stem for path in Path(lexicon.__file__).with_name("languages").glob("*.toml"))
SYMBOLS = set(lexicon_of("en").symbols) | {"range_of_names", "range_of_times", "A♭", "B♭", "E♭", "B♯"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_all_notes_and_no_words_that_nothing_uses(language: str) -> None:
    lexicon = lexicon_of(language)
    assert set(lexicon.notes) == {"code", "table", "formula", "spoiler", "user", "role", "channel"}
    assert set(lexicon.symbols) <= SYMBOLS
    assert set(lexicon.money) <= set(lexicon_of("en").money) | {
        *["blank", "of", "bare_minor", "euro", "zloty", "krona", "ruble", "lira", "yuan", "won", "rupee", "real"]
    }
    assert set(lexicon.fractions) <= set(lexicon_of("en").fractions) | {"mixed_half"}
    assert set(lexicon.cards) <= set(lexicon_of("en").cards)
    assert set(lexicon.keys) == set(lexicon_of("en").keys)
    assert len(lexicon.greek) in (0, len(LETTERS))
    assert "other" in lexicon.stars
    assert all(re.compile(rule["find"]) and set(rule) == {"find", "say"} for rule in lexicon.patterns)
    assert lexicon.locale is not None


@pytest.mark.parametrize(
    ("code", "locale"),
    [("zh-CN", "zh_Hans_CN"), ("zh-TW", "zh_Hant"), ("iw", "he"), ("no", "nb"), ("pt", "pt"), ("en-GB", "en_GB")],
)
def test_a_language_of_gtts_is_found_in_cldr(code: str, locale: str) -> None:
    assert str(lexicon_of(code).locale) == locale


@pytest.mark.parametrize("code", ["zz", "", "x-y-z", "../en", "en/../de"])
def test_of_an_unknown_language_everything_stays_as_written(code: str) -> None:
    assert normalizer_for(code).normalize("Fish & chips, 5 km and $5.") == "Fish & chips, 5 km and $5."
    assert normalizer_for(code).notes["code"] == "The code is in the chat."
