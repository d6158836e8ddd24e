import asyncio
from pathlib import Path
from typing import Any, cast

from assistant.errors import SpeechUnavailable
from assistant.narration import Narration
from assistant.spoken.sentence import Sentence
from assistant.track import Track, Utterance


class FakeSynthesizer:
    """Speaks a letter a frame; how long it takes, and what it cannot speak, the test says."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.unspeakable: set[str] = set()
        self.making = 0
        self.most_at_once = 0

    async def speak(self, sentence: Sentence, folder: Path, sink: Utterance) -> None:
        text = sentence.said
        self.making += 1
        self.most_at_once = max(self.most_at_once, self.making)
        await asyncio.sleep(self.seconds.get(text, 0.0))
        self.making -= 1
        if text in self.unspeakable:
            raise SpeechUnavailable(tried=(), language="en")
        for letter in text:
            sink.append(letter.encode())


def narrate(synthesizer: FakeSynthesizer) -> tuple[Narration, Track]:
    track = Track()
    return Narration(cast(Any, synthesizer), track, Path()), track


def sentences(*words: str) -> list[Sentence]:
    return [Sentence(said=said, source=said, language="en") for said in words]


def heard_of(track: Track) -> str:
    letters = []
    while (frame := track.current) is not None:
        letters.append(frame.decode())
        track.advance()
    return "".join(letters)


async def test_sentences_are_heard_in_order_also_when_a_later_one_is_made_sooner() -> None:
    synthesizer = FakeSynthesizer()
    synthesizer.seconds = {"one": 0.05}
    narration, track = narrate(synthesizer)
    narration.say(sentences("one", "two", "three"))
    narration.finish()
    await narration.run()
    assert heard_of(track) == "onetwothree"
    assert track.is_over
    assert narration.is_whole


async def test_two_sentences_and_no_more_are_made_at_once() -> None:
    synthesizer = FakeSynthesizer()
    synthesizer.seconds = dict.fromkeys(["one", "two", "three", "four"], 0.01)
    narration, _ = narrate(synthesizer)
    narration.say(sentences("one", "two", "three", "four"))
    narration.finish()
    await narration.run()
    assert synthesizer.most_at_once == 2


async def test_nothing_is_said_behind_a_sentence_that_cannot_be_spoken() -> None:
    synthesizer = FakeSynthesizer()
    synthesizer.seconds = {"two": 0.02}
    synthesizer.unspeakable = {"two"}
    narration, track = narrate(synthesizer)
    narration.say(sentences("one", "two", "three", "four"))
    narration.finish()
    await narration.run()
    assert heard_of(track) == "one"
    assert track.is_over
    assert not narration.is_whole


async def test_a_narration_that_is_cancelled_makes_nothing_more() -> None:
    synthesizer = FakeSynthesizer()
    synthesizer.seconds = {"one": 60.0}
    narration, track = narrate(synthesizer)
    narration.say(sentences("one", "two"))
    running = asyncio.ensure_future(narration.run())
    await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert heard_of(track) == ""
