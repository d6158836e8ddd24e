"""A reply that several processes speak, one after the other: each goes on where the one before it was stopped."""

import asyncio
from pathlib import Path
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.track import Track, Utterance
from assistant.domain.errors import NoVoice
from assistant.reply.speech_producer import SpeechProducer, own_words
from assistant.text.normalization.discord_markup import nobody
from assistant.text.pipeline import TextPipeline
from assistant.text.sentence import Sentence
from tests.support.virtual_time import run_in_virtual_time


class Listener:
    """A player in virtual time: a frame, which is a letter here, each 20 ms."""

    is_mute = False

    def __init__(self) -> None:
        self.heard = ""

    async def play(self, track: Track) -> None:
        while not track.is_over:
            frame = track.frame_at(track.cursor)
            if frame is not None:
                self.heard += frame.decode()
                track.advance()
            await asyncio.sleep(0.02)


class SlowSynthesizer:
    """Speaks a letter a frame, after a pause; nobody speaks Swedish."""

    def __init__(self, pauses: list[float]) -> None:
        self._pauses = pauses
        self._asked = 0

    async def speak(self, sentence: Sentence, folder: Path, sink: Utterance, wish: object) -> None:
        self._asked += 1
        await asyncio.sleep(self._pauses[self._asked % len(self._pauses)])
        if sentence.language == "sv":
            raise NoVoice(tried=(), language="sv")
        for letter in sentence.said:
            sink.append(letter.encode())


def language_of(text: str) -> str:
    return "sv" if "hej" in text.lower() else "en"


class Said:
    """What one process says of an answer, through all stages from its text to the frames, and how it leaves it."""

    def __init__(self, pauses: list[float], heard_before: int) -> None:
        self.listener = Listener()
        self.text = TextPipeline(language_of, 95, nobody)
        self.track = Track()
        self.producer = SpeechProducer(
            cast(Any, SlowSynthesizer(pauses)), self.track, heard_before=heard_before, announced_languages={"sv"}
        )

    async def run(self, deltas: list[str], pause: float, apology: str, ends_after: float | None) -> None:
        async with asyncio.timeout(600), asyncio.TaskGroup() as tasks:
            tasks.create_task(self.producer.run(Path()))
            tasks.create_task(self.listener.play(self.track))
            if ends_after is not None:
                asyncio.get_running_loop().call_later(ends_after, self.producer.end_after_sentence)
            for delta in deltas:
                await asyncio.sleep(pause)
                self.producer.add(self.text.feed(delta))
            self.producer.add(self.text.finish())
            self.producer.add([own_words(apology)] if apology else [])
            self.producer.finish()


def said(
    deltas: list[str],
    pause: float = 0.0,
    *,
    pauses: list[float],
    apology: str = "",
    heard_before: int = 0,
    ends_after: float | None = None,
) -> Said:
    async def main() -> Said:
        one = Said(pauses, heard_before)
        await one.run(deltas, pause, apology, ends_after)
        return one

    return run_in_virtual_time(main())


WORDS = ["it", "rains", "today", "although", "nobody", "expected", "anything", "hej", "of the kind"]
SENTENCE = st.builds(
    lambda words, mark: f"{' '.join(words).capitalize()}{mark} ",
    st.lists(st.sampled_from([*WORDS, "rains,", "today,"]), min_size=1, max_size=25),
    st.sampled_from([".", ".", "?", "!"]),
)
ANSWER = st.lists(SENTENCE, min_size=1, max_size=5)


@given(
    answer=ANSWER,
    apology=st.sampled_from(["", "Sorry, that was all."]),
    word_pause=st.sampled_from([0.0, 0.05, 0.5]),
    pauses=st.lists(st.floats(0, 2), min_size=1, max_size=5),
    cuts=st.lists(st.floats(0, 12), min_size=1, max_size=4),
)
def test_over_any_number_of_processes_each_sentence_is_heard_once(
    answer: list[str], apology: str, word_pause: float, pauses: list[float], cuts: list[float]
) -> None:
    text = "".join(answer).strip()
    whole = said([text], pauses=pauses, apology=apology)
    assert not whole.producer.is_unfinished
    heard, sentences, deltas = "", 0, [f"{word} " for word in text.split()]
    for cut in [*cuts, None]:
        one = said(deltas, word_pause, pauses=pauses, apology=apology, heard_before=sentences, ends_after=cut)
        heard += one.listener.heard
        assert one.producer.progress.heard_sentences >= sentences, "what was heard is heard again"
        sentences, deltas = one.producer.progress.heard_sentences, [text]  # the next process has it as a whole
        if not one.producer.is_unfinished:
            break
        assert sentences < whole.producer.progress.heard_sentences, "there is nothing left"
    assert heard == whole.listener.heard
    assert sentences == whole.producer.progress.heard_sentences
    if "hej" not in text.lower():  # what nobody could say counts as heard in the next process
        assert one.producer.progress.heard_text == whole.producer.progress.heard_text


def test_an_apology_that_was_heard_is_not_said_again() -> None:
    first = said(["One. Two."], pauses=[0.0], apology="Sorry.")
    assert first.producer.progress.heard_sentences == 3
    again = said(["One. Two."], pauses=[0.0], apology="Sorry.", heard_before=3)
    assert again.listener.heard == ""
    assert again.producer.progress.heard_text == "One. Two."


def test_what_was_heard_before_counts_as_heard_also_when_nothing_more_is() -> None:
    one = said(["One. Two. Three."], pauses=[0.0], heard_before=2, ends_after=0.0)
    assert one.listener.heard == ""
    assert one.producer.progress.heard_text == "One. Two."
    assert one.producer.progress.heard_sentences == 2
    assert one.producer.is_unfinished
