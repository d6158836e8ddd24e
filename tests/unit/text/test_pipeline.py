import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.normalization.discord_markup import Kind
from assistant.text.pipeline import TextPipeline
from assistant.text.sentence import Sentence
from tests.support.linear_time import assert_linear_time
from tests.support.markdown_texts import HOSTILE_UNITS, MARKDOWN_TEXTS

REPLY = (
    "Sure, here is how you do it: first **install** it.\n\n"
    "```bash\npip install this. And, that\n```\n"
    "Then read [the docs, all of them. Really](https://docs.example.org/a.b) 😀!\n"
    "1. Open `app.py`\n2. Run it... 🎉\n---\n👍"
)
WRITTEN = [
    *["$5.99", "1.234,50 €", "3–5 km", "-5 °C", "2026-11-25", "25.11.2026", "50%", "#5", "v1.2", "e.g.", "z. B."],
    *["т. е.", "etc."],
    *["a", "word", "and", "then,", "it.", "Yes!", "你好。", "नमस्ते।", "5km", "<@1>", "<#2>", "<t:0:R>"],
    *["<t:99999999999999>", "<:a:1>"],
    *["→", "≈ 5", "2 + 2 = 4", "**bold**", "`code`", "\n- item", "\n1. item", "\n```\nx\n```\n", "|a|\n|-|\n|1|\n"],
    *["🎉", "😀😀", "x" * 50, "5 - 7", "9:00 - 17:00", "Mon - Fri", "Settings > Audio", "$n^2$", "\\frac{3}{4}"],
    *["$$\\int x$$", "$a \\leq \\pi - 1$", "F♯", "A♠", "⌘C", "5 ★", "𝓗𝓲", "[1]", "【3†source】", "<|im_end|>"],
    *["*waves* Hi", "||x||", "A$20", "x²", "√2", "1½", "Ft. Worth", "U.S. She", "Roe v. Wade", ":thumbsup:"],
    *["www.a.org/b?c=d", "<mailto:a@b.c>", "看www.a.org/b。"],
    *["x<sup>2</sup>", "<answer>a</answer>", "<0x0A>", "<|im_e", "**nods** Hi", "*waves*Hi", "\\boxed{4}"],
    *["x = [1, 2]", "[web:1]", ":tada::tada:", "1 1/2 cups", "1990s–2000s", "Dr. x", "🇭 🇪", "П̷р", "Cтол", "$5! = 120$"],
    *["foo * bar", "||x.|| Y"],
]  # fmt: skip
LANGUAGES = st.sampled_from(["en", "de", "fr", "ru", "ja", "zh-CN", "ar", "hi", "pt", "tr", "pl", "eo", "zz", ""])
REPLIES = st.one_of(
    st.lists(st.sampled_from(WRITTEN), max_size=40).map(" ".join), MARKDOWN_TEXTS, st.text(max_size=300)
)


def english(_: str) -> str:
    return "en"


def sentences_of(reply: str, language: str = "en", limit: int = 100, step: int | None = None) -> list[Sentence]:
    """What is said when the reply arrives `step` characters at a time (all at once without it)."""
    spoken = TextPipeline(lambda _: language, limit)
    step = step or max(1, len(reply))
    parts = [sentence for at in range(0, len(reply), step) for sentence in spoken.feed(reply[at : at + step])]
    return parts + spoken.finish()


def test_a_reply_is_said_in_pieces_without_code_links_and_marks() -> None:
    assert [sentence.said for sentence in sentences_of(REPLY, step=1)] == [
        "Sure, here is how you do it:",
        "first install it.",
        "The code is in the chat.",
        "Then read the docs, all of them.",
        "Really!",
        "1: Open app.py",
        "2: Run it…",
    ]


def test_the_first_piece_is_ready_while_the_reply_is_still_written() -> None:
    for reply, first in (
        ("Sure, here is how you do **it**: first", "Sure, here is how you do it:"),
        ("**In the old harbour of Leeds,", "In the old harbour of Leeds,"),
    ):
        sentence = Sentence(said=first, source=first, language="en", goes_on=True)
        assert TextPipeline(english).feed(reply) == [sentence]


def test_the_source_is_what_was_written_and_the_words_are_of_its_language() -> None:
    (sentence,) = sentences_of("Es kostet **5,99 €**.", "de")
    assert sentence == Sentence(said="Es kostet 5 Euro 99.", source="Es kostet 5,99 €.", language="de")


def test_the_language_is_asked_once_a_piece_on_text_without_marks() -> None:
    asked: list[str] = []
    spoken = TextPipeline(lambda text: asked.append(text) or "en")  # type: ignore[func-returns-value]
    spoken.feed("Ask **her** <@12> e.g. now. ")
    spoken.finish()
    assert asked == ["Ask her  e.g. now."]


def test_the_language_is_asked_on_plain_letters_and_not_on_formulas() -> None:
    asked: list[str] = []
    spoken = TextPipeline(lambda text: asked.append(text) or "en")  # type: ignore[func-returns-value]
    sentences = [*spoken.feed("𝓗𝓮𝓵𝓵𝓸! It is $n^2$ :thumbsup: ||so||."), *spoken.finish()]
    assert asked == ["Hello!", "It is   \ue003."]
    assert [sentence.said for sentence in sentences] == ["Hello!", "It is n squared spoiler."]


def test_a_note_is_in_the_language_of_what_was_said_before() -> None:
    languages = iter(["fr"])
    spoken = TextPipeline(lambda _: next(languages))
    sentences = [*spoken.feed("Voici.\n```\nx\n```\n"), *spoken.finish()]
    assert [sentence.said for sentence in sentences] == ["Voici.", "Le code est dans le chat."]


def test_members_roles_and_channels_are_called_by_their_names_where_these_are_known() -> None:
    def names(kind: Kind, number: int) -> str | None:
        return {("user", 1): "Ada", ("role", 2): "the crew"}.get((kind, number))

    spoken = TextPipeline(english, names=names)
    sentences = [*spoken.feed("Ask <@1> or <@&2> in <#3>."), *spoken.finish()]
    assert [(sentence.said, sentence.source) for sentence in sentences] == [("Ask Ada or the crew in a channel.",) * 2]


def test_words_that_grow_beyond_the_limit_are_cut_with_what_they_stand_for() -> None:
    reply = "1\n2\nHe ran 5 km/h and 6 km/h and 7 km/h and 8 km/h and 9 km/h."
    sentences = sentences_of(reply, limit=60)[2:]
    assert len(sentences) > 1
    assert all(len(sentence.said) <= 60 for sentence in sentences)
    assert " ".join(sentence.source for sentence in sentences) == reply[4:]
    assert sentences[0].said.startswith("He ran 5 kilometers per hour")


@pytest.mark.parametrize("reply", ["👍 Done.", "Done. 👍", "```\nx\n```\n👍"])
def test_emoji_are_named_only_where_a_reply_is_nothing_else(reply: str) -> None:
    assert not any("thumb" in sentence.said for sentence in sentences_of(reply))


@pytest.mark.parametrize("step", [1, 2, 3, 5])
def test_an_address_without_a_blank_before_it_is_read_in_small_deltas_too(step: int) -> None:
    reply = "你好，请看www.example.cn/a?x=1。谢谢。"
    assert sentences_of(reply, "zh-CN", step=step) == sentences_of(reply, "zh-CN")
    assert "example.cn。" in sentences_of(reply, "zh-CN", step=step)[-2].said


@given(REPLIES, LANGUAGES, st.integers(20, 120))
def test_every_piece_has_something_to_say_and_is_short_enough(reply: str, language: str, limit: int) -> None:
    for sentence in sentences_of(reply, language, limit):
        assert 0 < len(sentence.said) <= limit
        assert sentence.said == " ".join(sentence.said.split())
        assert any(character.isalnum() for character in sentence.said)
        assert sentence.source.strip()


@given(REPLIES, LANGUAGES, st.integers(1, 40))
def test_the_pieces_do_not_depend_on_how_the_reply_arrives(reply: str, language: str, step: int) -> None:
    # A moment ago may be another one the next time.
    reply = reply.replace(":R>", ":D>")
    assert sentences_of(reply, language, step=step) == sentences_of(reply, language)


@given(
    st.lists(st.text("abcdefghijklmnop", min_size=1, max_size=9), min_size=1),
    st.sampled_from([" ", ", ", ". ", "! ", "\n"]),
    LANGUAGES,
)
def test_of_prose_no_letter_is_lost_and_none_is_added(words: list[str], blank: str, language: str) -> None:
    sources = "".join(sentence.source for sentence in sentences_of(blank.join(words), language))
    assert [letter for letter in sources if letter.isalpha()] == [letter for word in words for letter in word]


@pytest.mark.parametrize(
    "unit",
    [
        *HOSTILE_UNITS,
        "5",
        "5,",
        "1,000,",
        "$",
        "$5",
        "1-",
        "5–",
        "e.g. ",
        "z. ",
        "1/",
        ".",
        "a.",
        "5 km",
        "-5 ",
        "<t:1:R>",
        "<@1> ",
        "👍",
        "😀\n",
        "।",
        "。",
        "»",
        " »",
        "! »",
        "<sup>1",
        "\\boxed{",
        ":a:",
        "[1†",
        "**a** B",
        "1/2 - ",
        "🇭 ",
        "aа",
        "a\u0301\u0301",
        "1.2.3-",
        "~a",
        "( ) ",
    ],
)
def test_a_hostile_reply_takes_linear_time(unit: str) -> None:
    assert_linear_time(lambda reply: sentences_of(reply, step=7), unit, characters=20_000)
