"""The language of a sentence is known, and a short word does not change it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.language_detection import LanguageDetector, SpokenLanguage, language_of_locale

DETECTOR = LanguageDetector()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("That is a good question, my friend.", "en"),
        ("Das ist eine gute Frage, mein Freund.", "de"),
        ("C'est une bonne question, mon ami.", "fr"),
        ("Es una buena pregunta, amigo mío.", "es"),
        ("È una bella domanda, amico mio.", "it"),
        ("Essa é uma boa pergunta, meu amigo.", "pt"),
        ("Dat is een goede vraag, mijn vriend.", "nl"),
        ("To jest dobre pytanie, przyjacielu.", "pl"),
        ("Det är en bra fråga, min vän.", "sv"),
        ("Это хороший вопрос, мой друг.", "ru"),
        ("Це гарне запитання, мій друже.", "uk"),
        ("Bu iyi bir soru, arkadaşım.", "tr"),
        ("هذا سؤال جيد يا صديقي.", "ar"),
        ("זו שאלה טובה, ידידי.", "iw"),
        ("यह एक अच्छा सवाल है, मेरे दोस्त।", "hi"),
        ("それはいい質問ですね。", "ja"),
        ("좋은 질문이에요, 친구.", "ko"),
        ("这是一个好问题，我的朋友。", "zh-CN"),
        ("นั่นเป็นคำถามที่ดี", "th"),
        ("Đó là một câu hỏi hay, bạn của tôi.", "vi"),
    ],
)
@pytest.mark.parametrize("likely", ["en", "de", "ru"])
def test_a_sentence_is_known_by_its_words(text: str, language: str, likely: str) -> None:
    assert DETECTOR.language_of(text, likely) == language


@pytest.mark.parametrize("text", ["OK.", "Ja.", "Molly!", "12345", "", "...", "Pizza."])
def test_too_few_letters_say_nothing(text: str) -> None:
    assert DETECTOR.language_of(text, "en") == "en"


@pytest.mark.parametrize(("text", "language"), [("Да.", "ru"), ("はい。", "ja"), ("네.", "ko"), ("שלום", "iw")])
def test_a_script_of_its_own_says_enough(text: str, language: str) -> None:
    assert DETECTOR.language_of(text, "en") == language


@pytest.mark.parametrize("likely", ["pt-PT", "zh-TW", "fr-CA"])
def test_a_region_that_was_chosen_is_kept(likely: str) -> None:
    text = {"pt-PT": "Essa é uma boa pergunta.", "zh-TW": "这是一个好问题。", "fr-CA": "C'est une bonne question."}
    assert DETECTOR.language_of(text[likely], likely) == likely


@given(st.text(max_size=200))
def test_any_text_has_a_language(text: str) -> None:
    assert DETECTOR.language_of(text, "en")


def test_a_short_sentence_is_in_the_language_of_the_one_before() -> None:
    language_of = SpokenLanguage(DETECTOR, "en")
    assert language_of("Das ist eine gute Frage, mein Freund.") == "de"
    assert language_of("Ja.") == "de"
    assert language_of("That is a good question, my friend.") == "en"
    assert language_of("Ja.") == "en"


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("en-US", "en"),
        ("en-GB", "en"),
        ("de", "de"),
        ("es-419", "es"),
        ("pt-BR", "pt"),
        ("zh-TW", "zh-TW"),
        ("zh-CN", "zh-CN"),
        ("sv-SE", "sv"),
        ("no", "no"),
        ("xx", "en"),
        (None, "en"),
    ],
)
def test_discord_s_locales_are_languages(locale: str | None, language: str) -> None:
    assert language_of_locale(locale) == language
