import pytest

from assistant.text.segmentation.sentence_splitter import Piece, SentenceSplitter
from tests.data.first_answers import FirstAnswer, first_answers

_ANSWERS = list(first_answers())
_KNOWN_FAILURES = {
    ("de", 14): "Das Treffen mit den Kollegen | aus London",
    ("de", 16): "Laut Dr. Meier vom Institut | für Meteorologie",
    ("en", 19): "The meeting with the people | from London",
    ("ru", 14): "Встречу с коллегами | из Лондона",
}
"""Where the code makes a pause that was not marked: each time, what tells where somebody or something is from."""


def first_piece(text: str, *, hurried: bool = False) -> str | None:
    """What is spoken first while the text is still written; None if nothing is."""
    splitter = SentenceSplitter()
    pieces = splitter.feed(text) or (splitter.hurry() if hurried else [])
    return pieces[0].text if pieces else None


def pauses_well(answer: FirstAnswer, *, hurried: bool) -> bool:
    """Whether the first piece of an answer, which comes a few letters at a time, ends where a speaker may pause."""
    splitter = SentenceSplitter()
    pieces: list[Piece] = []
    for start in range(0, len(answer.text), 3):
        pieces = splitter.feed(answer.text[start : start + 3])
        if not pieces and hurried and start > 40:
            pieces = splitter.hurry()
        if pieces:
            break
    return answer.may_pause_after((pieces or splitter.finish())[0].text)


def test_there_are_twenty_answers_in_each_of_ten_languages() -> None:
    assert {(answer.language, answer.number) for answer in _ANSWERS} == {
        (language, number)
        for language in ("de", "en", "es", "fr", "it", "ja", "nl", "pt", "ru", "zh")
        for number in range(1, 21)
    }


def test_the_first_pause_is_where_a_speaker_may_make_it_but_for_four_known_answers_of_200() -> None:
    failed = {(answer.language, answer.number) for answer in _ANSWERS if not pauses_well(answer, hurried=False)}
    assert failed == set(_KNOWN_FAILURES)


def test_who_has_waited_hears_a_pause_where_a_speaker_may_make_it_too() -> None:
    failed = [answer for answer in _ANSWERS if not pauses_well(answer, hurried=True)]
    assert len(failed) <= 6, failed


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("The University of California in Los Angeles was founded", "The University of California in Los Angeles"),
        ("Romeo and Juliet was written", "Romeo and Juliet"),
        ("Frankfurt am Main ist die größte Stadt", "Frankfurt am Main"),
        ("Between five and ten percent of people are left", "Between five and ten percent of people"),
        ("Il faut environ deux heures et quart pour aller", "Il faut environ deux heures et quart"),
        ("La reunión empieza a las nueve y media porque", "La reunión empieza"),
        ("Ich komme gerne mit und helfe dir beim Umzug", "Ich komme gerne mit und helfe dir"),
        ('I would read "Bridge over Troubled Water" with the', 'I would read "Bridge over Troubled Water"'),
        ("Er nannte das „Haus am See“ und ging", "Er nannte das „Haus am See“"),
        ("Let us all meet at ten to nine in the park", "Let us all meet"),
        ("Es dauert acht bis zehn Minuten, weil", "Es dauert acht bis zehn Minuten,"),
        ("El tren de Madrid a Barcelona sale", "El tren de Madrid"),
        ("Столица нашей страны была основана", "Столица нашей страны"),
        ("La réunion d'hier soir s'est bien passée", "La réunion d'hier soir"),
        ("La fotosintesi è il processo", "La fotosintesi"),
        ("De snelste manier om een taal te leren", "De snelste manier"),
        ("A capital da Austrália é Camberra", "A capital da Austrália"),
        ("富士山は日本で一番高い山です", "富士山は日本で"),
        ("日本の首都の東京は人口が多い", "日本の首都の東京は"),
        ("我很喜欢这个城市因为这里", "我很喜欢这个城市"),
    ],
)  # fmt: skip
def test_a_speaker_pauses_between_phrases_and_not_inside_names_and_numbers(text: str, first: str) -> None:
    assert first_piece(text) == first


@pytest.mark.parametrize(
    "text",
    [
        "What are you looking for in a new phone",
        "Please turn the oven on and wait until it",
        "Alice in Wonderland",
        "I can't help with that.",
        "Das mache ich gerne mit dir",
        "The process of the",
        "The price is 5 to 10 euros",
        "He moved to Stratford upon Avon",
        "It lasted from 1568 to 1648",
        "Huvudstaden i Australien är Canberra och inte Sydney som",
        "Avustralya'nın başkenti Canberra'dır ve Sidney",
        "The very big and",
        "Ask Dr. Smith in",
        "We have to restart the",
    ],
)
def test_no_speaker_pauses_here(text: str) -> None:
    assert first_piece(text) is None


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("It depends on what", "It depends"),
        ("Un adulte devrait boire", "Un adulte"),
        ("Everybody sleeps about eight hours", "Everybody sleeps"),
        ("The capital of Australia is", "The capital of Australia"),
    ],
)
def test_what_has_waited_is_cut_at_a_weaker_place_too(text: str, first: str) -> None:
    assert first_piece(text) is None
    assert first_piece(text, hurried=True) == first


@pytest.mark.parametrize("text", ["The capital of", "What a", "Ich", "Le prix est de 5"])
def test_nobody_is_in_such_a_hurry_that_a_word_or_phrase_is_torn(text: str) -> None:
    assert first_piece(text, hurried=True) is None


def test_what_follows_a_hurry_may_go_on_with_the_word() -> None:
    splitter = SentenceSplitter()
    assert splitter.feed("The capital of Austra") == []
    assert splitter.hurry() == []
    pieces = splitter.feed("lia is Canberra.") + splitter.finish()
    assert [piece.text for piece in pieces] == ["The capital of Australia", "is Canberra."]
