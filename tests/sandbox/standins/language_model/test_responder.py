"""The built-in responder: true, plain, repeatable."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.standins.language_model.number_words import LARGEST, number_to_words, words_to_number
from sandbox.standins.language_model.responder import FALLBACK, respond

SYSTEM = {"role": "system", "content": "You are Ada, a friendly assistant."}


def ask(text: str, author: str | None = None) -> str:
    content = text if author is None else json.dumps({"author": author, "message": text})
    return respond([SYSTEM, {"role": "user", "content": content}])


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Hello!", "Hello! It is nice to hear from you."),
        ("who are you?", "My name is Ada."),
        ("How many seasons are there?", "A year has four seasons."),
        ("What season comes after winter?", "After winter comes spring."),
        ("what can you do", "I read the chat beside this call"),
        ("What is 2+2?", "Two plus two is four."),
        ("what's twenty-one times two", "Twenty one times two is forty two."),
        ("3 minus 5", "Three minus five is minus two."),
        ("please add six and seven", "Six plus seven is thirteen."),
        ("A well-known sum: 12 x 12?", "Twelve times twelve is one hundred and forty four."),
        ("999999 times 999999", "That number is too large for me to say."),
        ("99999999999999 plus 1", FALLBACK),
        (f"what is {'9' * 5000} plus 1", FALLBACK),
        ("count to five", "One, two, three, four, five."),
        ("count to 1000", FALLBACK),
        ("Tell me a story", "Once upon a time"),
        ("What’s the capital of France?", "The capital of France is Paris."),
        ("What is the meaning of all this?", FALLBACK),
        ("what is my name?", FALLBACK),
        ("", FALLBACK),
    ],
)
def test_a_question_gets_its_answer(question: str, answer: str) -> None:
    assert ask(question).startswith(answer)


def test_the_author_is_known_from_the_message() -> None:
    assert ask("hi", "Grace") == "Hello Grace! It is nice to hear from you."
    assert ask("What is my name?", "Grace") == "Your name is Grace."


def test_the_last_message_of_a_person_counts() -> None:
    conversation = [
        SYSTEM,
        {"role": "user", "content": "tell me a joke"},
        {"role": "assistant", "content": "After winter comes spring."},
        {"role": "user", "content": "2 plus 3"},
    ]
    assert respond(conversation) == "Two plus three is five."


def test_an_empty_conversation_gets_the_fallback() -> None:
    assert respond([]) == FALLBACK


@given(st.text(max_size=60))
def test_every_text_gets_a_spoken_answer_without_digits(text: str) -> None:
    answer = ask(text)
    assert answer.strip()
    assert not any(character.isdigit() for character in answer)


@given(st.integers(-LARGEST, LARGEST))
def test_every_number_has_words_of_letters(number: int) -> None:
    assert number_to_words(number).replace(" ", "").isalpha()


@given(st.integers(0, 99))
def test_small_numbers_are_read_back(number: int) -> None:
    assert words_to_number(number_to_words(number)) == number
    assert words_to_number(str(number)) == number


@pytest.mark.parametrize("number", [-LARGEST - 1, LARGEST + 1])
def test_larger_numbers_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        number_to_words(number)


def test_large_numbers_are_spelled_out() -> None:
    assert number_to_words(12_345) == "twelve thousand three hundred and forty five"
    assert number_to_words(100_007) == "one hundred thousand and seven"
