"""What recognizers make up is no text, and what people say is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.stt.known_inventions import PHRASES
from assistant.stt.plausible_text import is_known_invention, plausible_text, words_alone

INVENTED = [
    "Thank you for watching!",
    "Thanks for watching!",
    "Please subscribe to my channel.",
    "Vielen Dank fürs Zuschauen!",
    "Untertitel der Amara.org-Community",
    "Untertitelung des ZDF, 2020",
    "Sous-titres réalisés par la communauté d'Amara.org",
    "Merci d'avoir regardé cette vidéo !",
    "Subtítulos realizados por la comunidad de Amara.org",
    "¡Gracias por ver el video!",
    "Sottotitoli creati dalla comunità Amara.org",
    "Legendas pela comunidade Amara.org",
    "Ondertitels ingediend door de Amara.org gemeenschap",
    "Napisy stworzone przez społeczność Amara.org",
    "Субтитры сделал DimaTorzok",
    "Продолжение следует...",
    "Спасибо за просмотр!",
    "ご視聴ありがとうございました",
    "字幕由Amara.org社区提供",
    "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
    "시청해주셔서 감사합니다.",
    "İzlediğiniz için teşekkür ederim.",
    "Tack till elever och personal!",
    "I don't know what I'm saying. " * 4,
    "you you you you you you",
]


@pytest.mark.parametrize("text", INVENTED)
def test_a_made_up_phrase_is_no_text_where_there_was_too_little_voice_for_it(text: str) -> None:
    assert plausible_text(text, 0.2) == ""


@pytest.mark.parametrize("text", INVENTED)
def test_the_same_phrase_is_kept_where_somebody_had_the_time_to_say_it(text: str) -> None:
    assert plausible_text(text, 4.0) == " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Thank you.", 0.4),
        ("Thanks!", 0.3),
        ("Bye.", 0.25),
        ("You", 0.25),
        ("Yes.", 0.2),
        ("No no no no!", 0.5),
        ("Thank you very much, Molly.", 1.0),
        ("谢谢", 0.3),
        ("Спасибо!", 0.4),
        ("What is the weather like in Paris?", 1.0),
    ],
)
def test_what_a_member_says_is_kept(text: str, seconds: float) -> None:
    assert plausible_text(text, seconds) == text


@pytest.mark.parametrize("text", ["Hello there.", "Thank you.", "you", "So", "Okay."])
def test_nothing_is_heard_where_nobody_spoke(text: str) -> None:
    assert plausible_text(text, 0.0) == ""


@pytest.mark.parametrize(
    "text",
    [
        "[Music]",
        "(applause)",
        "[BLANK_AUDIO]",
        "♪♪♪♪",
        "♪ ♪",
        "*coughs*",
        "(upbeat music)",
        "[ Silence ]",
        "【音楽】",
        "（拍手）",
        "[Musik]",
        "(Rires)",
        "[музыка]",
        "<|nospeech|>",
        "...",
        "?",
        "[Music] [Applause]",
        "[Speaking in foreign language]",
        "",
        " \n",
    ],
)
def test_a_mark_for_a_sound_is_no_text_however_long_the_turn(text: str) -> None:
    assert plausible_text(text, 10.0) == ""


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Hello [laughs] there.", "Hello there."),
        ("♪ la la la ♪", "la la la"),
        ("Hello\nthere.\x00", "Hello there."),
        ("Call f(x) and then g[0].", "Call f(x) and then g[0]."),
        ("The first (of two) is better.", "The first (of two) is better."),
        ("I love music and applause.", "I love music and applause."),
    ],
)
def test_marks_are_taken_out_of_words_and_words_are_not(text: str, kept: str) -> None:
    assert plausible_text(text, 3.0) == kept


def test_a_text_that_nobody_could_say_so_fast_is_none() -> None:
    assert plausible_text("It is a long sentence which goes on and on without an end in sight.", 0.5) == ""


def test_known_phrases_are_written_as_they_are_compared() -> None:
    assert {phrase for phrase in PHRASES if words_alone(phrase) != phrase} == set()
    assert "" not in PHRASES
    assert not is_known_invention("")


@given(st.text(max_size=300), st.floats(0.0, 30.0))
def test_any_text_becomes_one_line_of_its_own_or_nothing(text: str, seconds: float) -> None:
    found = plausible_text(text, seconds)
    assert found == " ".join(found.split())
    assert found.isprintable()
    assert plausible_text(found, seconds) == found
