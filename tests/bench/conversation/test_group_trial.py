"""Who is asked what in a script, and what came of it."""

from itertools import islice

import numpy as np
import pytest

from assistant.text.calling import is_called
from bench.conversation.addressing_trial import addressing_in_text, with_name, without_name
from bench.conversation.group_script import Line, group_script, questions_of
from bench.conversation.group_trial import judge
from bench.conversation.marked_answers import MarkedAnswers, marked_voice, numbers_heard, numbers_in
from sandbox.voice import HeardFrame
from tests.support.sent_packets import FRAME_SECONDS, encode_as_clients_do

LINES = [
    Line("Ben", "Rice is often served in round bowls.", False, 0.5, waits=False),
    Line("Ada", "Molly, how far is it to Paris?", True, 0.5, waits=True),
    Line("Cara", "What can I see in London, Molly?", True, 0.5, waits=True),
]
CHAT = ["Molly is here.", "🗣️ Ada: Molly, how far is it to Paris?", "🗣️ Cara: What can I see in London Molly?"]


@pytest.fixture
def answers() -> MarkedAnswers:
    answers = MarkedAnswers()
    for line in LINES[1:]:
        answers.answer(line.text)
    return answers


def written(answers: MarkedAnswers, *texts: str) -> list[str]:
    return [answers.answer(text) for text in texts]


def test_each_question_answered_once_is_right(answers: MarkedAnswers) -> None:
    asked = [line.text for line in LINES[1:]]
    assert judge(LINES, [*CHAT, *written(answers, *asked)], asked, answers).is_right


def test_an_answer_may_stand_under_its_question(answers: MarkedAnswers) -> None:
    asked = [line.text for line in LINES[1:]]
    together = [f"{caption}\n{answers.answer(text)}" for caption, text in zip(CHAT[1:], asked, strict=True)]
    assert judge(LINES, together, asked, answers).is_right


@pytest.mark.parametrize("broken", ["twice", "never", "swapped", "unheard", "talk"])
def test_anything_else_is_wrong(answers: MarkedAnswers, broken: str) -> None:
    asked = [line.text for line in LINES[1:]]
    heard = asked
    chat = [*CHAT, *written(answers, *asked)]
    match broken:
        case "twice":
            heard = [*asked, asked[-1]]
        case "never":
            chat = [*CHAT[:2], *written(answers, asked[0])]
        case "swapped":
            heard = asked[::-1]
        case "unheard":
            heard = asked[:1]
        case "talk":
            chat = ["🗣️ Ben: Rice is often served in round bowls.", *chat]
    verdict = judge(LINES, chat, heard, answers)
    assert not verdict.is_right, verdict


def test_scripts_differ_and_are_the_same_again() -> None:
    first, again, other = (list(islice(group_script(seed), 30)) for seed in (0, 0, 1))
    assert first == again
    assert first != other


def test_who_asked_talks_to_nobody_before_another_question() -> None:
    for seed in range(10):
        asker = ""
        for line in group_script(seed):
            assert line.is_question or line.name != asker
            asker = line.name if line.is_question else asker


def test_questions_have_the_name_and_talk_has_not() -> None:
    lines = [line for seed in range(10) for line in group_script(seed)]
    assert all(is_called("Molly", line.text) is line.is_question for line in lines)
    assert len(questions_of(lines)) > 100


def test_answers_are_known_by_their_words_and_their_sound() -> None:
    answers = MarkedAnswers()
    texts = [answers.answer(f"question {number}") for number in range(3)]
    assert [numbers_in(text) for text in texts] == [[0], [1], [2]]
    assert answers.answer("question 1") == texts[1]
    assert answers.text_of(2) == "question 2"
    sounds = [marked_voice(text, "en")[0][:24_000] for text in (texts[2], texts[0])]
    silence = np.zeros(4800, np.float32)
    samples = np.concatenate([sounds[0], silence, sounds[1]])
    frames = encode_as_clients_do(np.interp(np.arange(0, len(samples) - 1, 1.5), np.arange(len(samples)), samples))
    heard = [HeardFrame(n * FRAME_SECONDS, n, n * 960, 1, opus, True, False, 0) for n, opus in enumerate(frames)]
    assert numbers_heard(heard) == [2, 0]


def test_sentences_with_the_name_are_told_from_those_without() -> None:
    assert all("Molly" in text for text in with_name(100))
    assert not any("Molly" in text for text in without_name(100))
    assert len(set(with_name(40))) == 40
    assert all(figure.holds for figure in addressing_in_text(100))
