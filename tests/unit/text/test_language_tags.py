"""Whatever people and systems call a language, the engines get the code that they know."""

import subprocess
import sys

import pytest
from gtts.lang import tts_langs
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.language_tags import gtts_code, similar_languages
from assistant.text.spoken_languages import SPOKEN_LANGUAGES


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en"),
        ("EN", "en"),
        (" English ", "en"),
        ("en-us", "en"),
        ("en_GB", "en"),
        ("en_US.UTF-8", "en"),
        ("pt_BR@euro", "pt"),
        ("he", "iw"),
        ("iw", "iw"),
        ("he-IL", "iw"),
        ("heb", "iw"),
        ("Hebrew", "iw"),
        ("Tagalog", "tl"),
        ("jv", "jw"),
        ("fil", "tl"),
        ("fil-PH", "tl"),
        ("nb", "no"),
        ("nb-NO", "no"),
        ("nn_NO", "no"),
        ("deu", "de"),
        ("ger", "de"),
        ("German", "de"),
        ("Swiss High German", "de"),
        ("Brazilian Portuguese", "pt"),
        ("European Portuguese", "pt-PT"),
        ("Norwegian Bokmål", "no"),
        ("Traditional Chinese", "zh-TW"),
        ("Mandarin", "zh-CN"),
        ("de-AT", "de"),
        ("de-DE-u-co-phonebk", "de"),
        ("pt", "pt"),
        ("pt-br", "pt"),
        ("PT_pt", "pt-PT"),
        ("pt-AO", "pt-PT"),
        ("fr-ca", "fr-CA"),
        ("fr-CH", "fr"),
        ("es-419", "es"),
        ("sr-Latn-RS", "sr"),
        ("sh", "sr"),
        ("in", "id"),
        ("zh", "zh"),
        ("chi", "zh-CN"),
        ("Chinese", "zh-CN"),
        ("zh_CN", "zh-CN"),
        ("zh-SG", "zh-CN"),
        ("zh-Hans", "zh-CN"),
        ("zh-Hans-HK", "zh-CN"),
        ("zh-Hant-TW", "zh-TW"),
        ("zh-HK", "zh-TW"),
        ("cmn-Hant", "zh-TW"),
        ("yue-HK", "yue"),
        ("ar-EG", "ar"),
        ("zh-yue", "yue"),
        ("zh-yue-HK", "yue"),
        ("zh-cmn-Hant", "zh-TW"),
        ("ar-arz", "ar"),
        ("pt‑PT", "pt-PT"),
        ("en–US", "en"),
        ("en-USA", "en"),
        ("Chinese (Traditional)", "zh-TW"),
        ("Chinese (Simplified)", "zh-CN"),
        ("Spanish (Latin America)", "es"),
        ("xx", None),
        ("klingon", None),
        ("C", None),
        ("", None),
        ("-", None),
        ("../etc", None),
    ],
)
def test_a_language_is_known_by_any_of_its_codes_and_names(tag: str, code: str | None) -> None:
    assert gtts_code(tag) == code


def test_the_languages_are_those_of_gtts() -> None:
    assert tts_langs() == SPOKEN_LANGUAGES


@pytest.mark.parametrize("code", tts_langs())
def test_every_code_and_name_of_the_engines_stands_for_itself(code: str) -> None:
    assert gtts_code(code) == gtts_code(code.upper()) == gtts_code(code.replace("-", "_")) == code
    assert gtts_code(tts_langs()[code]) == code


@given(st.text(max_size=30))
def test_what_is_no_language_is_none_and_never_an_error(tag: str) -> None:
    assert gtts_code(tag) in (None, *tts_langs())
    assert set(similar_languages(tag)) <= set(tts_langs())


@pytest.mark.parametrize(("typed", "nearest"), [("englich", "en"), ("Frensh", "fr"), ("spansh", "es"), ("dee", "de")])
def test_what_is_misspelled_has_its_nearest_choices(typed: str, nearest: str) -> None:
    assert gtts_code(typed) is None
    assert nearest in similar_languages(typed)


@pytest.mark.parametrize(
    ("country", "language"),
    [("jp", "ja"), ("UA", "uk"), ("cz", "cs"), ("kr", "ko"), ("gr", "el"), ("dk", "da"), ("se", "sv"), ("br", "pt")],
)
def test_a_country_in_place_of_a_language_has_that_language_as_its_nearest_choice(country: str, language: str) -> None:
    assert gtts_code(country) is None, "some of them are languages, too: br is Breton"
    assert similar_languages(country)[0] == language


def test_a_name_is_looked_up_without_loading_all_languages() -> None:
    program = "from assistant.text.language_tags import gtts_code; gtts_code('German'); from babel import localedata; "
    loaded = subprocess.check_output([sys.executable, "-c", f"{program}print(len(localedata._cache))"], text=True)
    assert int(loaded) <= 3, "the event loop waits for that"
