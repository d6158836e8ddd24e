import asyncio
import random
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.track import Track, Utterance
from assistant.discord_io import wording
from assistant.domain.errors import NoVoice, SpeechBroken, SpeechUnavailable, SpeechUnreachable
from assistant.reply.speech_producer import SpeechProducer, own_words
from assistant.text.sentence import Sentence
from assistant.tts.voice import Voice
from tests.support.eventually import eventually
from tests.support.virtual_time import run_in_virtual_time


class FakeSynthesizer:
    """Speaks a letter a frame; how long it takes, and what it cannot speak, the test says."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.unspeakable: set[str] = set()
        self.broken: set[str] = set()
        self.said: list[str] = []
        self.making = 0
        self.most_at_once = 0

    async def speak(self, sentence: Sentence, folder: Path, sink: Utterance, wish: Voice | None) -> None:
        text = sentence.said
        self.said.append(text)
        self.making += 1
        self.most_at_once = max(self.most_at_once, self.making)
        await asyncio.sleep(self.seconds.get(text, 0.0))
        self.making -= 1
        if sentence.language not in ("en", "de"):
            raise NoVoice(tried=(), language=sentence.language)
        if text in self.broken:
            sink.append(text[:1].encode())
            raise SpeechBroken(error=SpeechUnreachable(engine="first", detail="reset"))
        if text in self.unspeakable:
            raise SpeechUnavailable(tried=(), language="en")
        for letter in text:
            sink.append(letter.encode())


def narrate(synthesizer: FakeSynthesizer) -> tuple[SpeechProducer, Track]:
    track = Track()
    return SpeechProducer(cast(Any, synthesizer), track), track


def sentences(*words: str) -> list[Sentence]:
    return [Sentence(said=said, source=said, language="en") for said in words]


async def said_within(synthesizer: FakeSynthesizer, seconds: float, *said: str) -> str:
    """What is heard of sentences when there is so much time; a letter takes 20 ms."""
    track = Track()
    producer = SpeechProducer(cast(Any, synthesizer), track, spoken_seconds=seconds)
    producer.add(sentences(*said))
    producer.finish()
    await producer.run(Path())
    heard = heard_of(track)
    assert track.is_over
    return heard


async def narrated(*said: str, left: int) -> SpeechProducer:
    """A narration of which so many frames have left."""
    producer, track = narrate(FakeSynthesizer())
    producer.add(sentences(*said))
    producer.finish()
    await producer.run(Path())
    for _ in range(left):
        track.advance()
    return producer


def heard_of(track: Track) -> str:
    letters = []
    while (frame := track.frame_at(track.cursor)) is not None:
        letters.append(frame.decode())
        track.advance()
    return "".join(letters)


async def test_sentences_are_heard_in_order_also_when_a_later_one_is_made_sooner() -> None:
    synthesizer = FakeSynthesizer()
    synthesizer.seconds = {"one": 0.05}
    producer, track = narrate(synthesizer)
    producer.add(sentences("one", "two", "three"))
    producer.finish()
    await producer.run(Path())
    assert heard_of(track) == "onetwothree"
    assert track.is_over
    assert producer.is_whole


async def test_two_sentences_and_no_more_are_made_at_once() -> None:
    synthesizer = FakeSynthesizer()
    synthesizer.seconds = dict.fromkeys(["one", "two", "three", "four"], 0.01)
    producer, _ = narrate(synthesizer)
    producer.add(sentences("one", "two", "three", "four"))
    producer.finish()
    await producer.run(Path())
    assert synthesizer.most_at_once == 2


async def test_nothing_is_said_behind_a_sentence_that_cannot_be_spoken() -> None:
    synthesizer = FakeSynthesizer()
    synthesizer.seconds = {"two": 0.02}
    synthesizer.unspeakable = {"two"}
    producer, track = narrate(synthesizer)
    producer.add(sentences("one", "two", "three", "four"))
    producer.finish()
    await producer.run(Path())
    assert heard_of(track) == "one"
    assert track.is_over
    assert not producer.is_whole


async def test_a_narration_that_is_cancelled_makes_nothing_more() -> None:
    synthesizer = FakeSynthesizer()
    synthesizer.seconds = {"one": 60.0}
    producer, track = narrate(synthesizer)
    producer.add(sentences("one", "two"))
    running = asyncio.ensure_future(producer.run(Path()))
    await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert heard_of(track) == ""


@pytest.mark.parametrize(
    ("left", "heard"),
    [
        (0, ""),
        (2, ""),  # "On"
        (3, "One"),
        (6, "One"),  # "One tw"
        (7, "One"),  # "One two"
        (8, "One two."),
        (11, "One two. And"),
        (17, "One two. And"),
        (18, "One two. And three."),
    ],
)
async def test_what_was_heard_are_the_words_whose_sound_has_left(left: int, heard: str) -> None:
    assert (await narrated("One two.", "And three.", left=left)).progress.heard_text == heard


async def test_of_a_script_without_spaces_single_characters_are_heard() -> None:
    assert (await narrated("你好世界", left=3)).progress.heard_text == "你好世"


async def test_what_stands_for_no_words_of_the_reply_was_not_heard_of_it() -> None:
    producer, track = narrate(FakeSynthesizer())
    producer.add([*sentences("One."), own_words("Sorry.")])
    producer.finish()
    await producer.run(Path())
    assert heard_of(track) == "One.Sorry."
    assert producer.progress.heard_text == "One."


async def test_of_a_sentence_that_is_still_being_made_rather_too_little_counts_as_heard() -> None:
    synthesizer = FakeSynthesizer()
    producer, track = narrate(synthesizer)

    async def half(sentence: Sentence, _: Path, sink: Utterance, __: Voice | None) -> None:
        for letter in sentence.said[: len(sentence.said) // 2]:
            sink.append(letter.encode())
        await asyncio.sleep(60)

    cast(Any, synthesizer).speak = half
    producer.add(sentences("one two three four five"))
    running = asyncio.ensure_future(producer.run(Path()))
    await asyncio.sleep(0.01)
    assert heard_of(track) == "one two thr"
    assert producer.progress.heard_text == "one", "all 11 frames that were made have left, but many more will be"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_an_answer_that_fits_is_said_whole_and_without_a_closing_phrase() -> None:
    heard = await said_within(FakeSynthesizer(), 5.0, "a" * 90, "b" * 90, "c" * 70)
    assert heard == "a" * 90 + "b" * 90 + "c" * 70


async def test_an_answer_that_does_not_fit_ends_behind_a_sentence_with_the_closing_phrase() -> None:
    synthesizer = FakeSynthesizer()
    heard = await said_within(synthesizer, 5.0, "a" * 90, "b" * 90, "c" * 71, "d" * 90, "e" * 90)
    assert heard == "a" * 90 + "b" * 90 + wording.REST_IN_CHAT
    assert "e" * 90 not in synthesizer.said, "made, though the time was over"


async def test_nobody_is_referred_to_the_chat_where_the_answer_is_not_there() -> None:
    track = Track()
    producer = SpeechProducer(cast(Any, FakeSynthesizer()), track, spoken_seconds=8.0, is_written=False)
    swedish = Sentence(said="Hej.", source="Hej.", language="sv")
    producer.add([swedish, *sentences("a" * 90, "b" * 90, "c" * 210, "d" * 90)])
    producer.finish()
    await producer.run(Path())
    assert heard_of(track) == f"I have no voice for Swedish.{'a' * 90}{'b' * 90}{wording.REST_LEFT_OUT}"


async def test_a_short_sentence_is_left_out_where_only_the_closing_phrase_has_room() -> None:
    room = 250 - len(wording.REST_IN_CHAT) - 90
    heard = await said_within(FakeSynthesizer(), 5.0, "a" * 90, "b" * room, "c" * 90)
    assert heard == "a" * 90 + "b" * room + wording.REST_IN_CHAT
    heard = await said_within(FakeSynthesizer(), 5.0, "a" * 90, "b" * (room + 1), "c" * 90)
    assert heard == "a" * 90 + wording.REST_IN_CHAT


@pytest.mark.parametrize("length", [240, 250, 400])
async def test_a_first_sentence_that_takes_all_the_time_is_all_that_is_said(length: int) -> None:
    synthesizer = FakeSynthesizer()
    synthesizer.seconds = {"c": 0.02}
    assert await said_within(synthesizer, 5.0, "a" * length, "b" * 90, "c") == "a" * length
    assert len(synthesizer.said) <= 3


async def test_the_first_sentence_is_heard_while_it_is_made_and_the_next_once_it_is_whole() -> None:
    synthesizer = FakeSynthesizer()
    track = Track()
    producer = SpeechProducer(cast(Any, synthesizer), track, spoken_seconds=5.0)
    going_on = asyncio.Event()

    async def speak(sentence: Sentence, _: Path, sink: Utterance, __: Voice | None) -> None:
        sink.append(sentence.said[0].encode())
        await going_on.wait()
        sink.append(b".")

    cast(Any, synthesizer).speak = speak
    producer.add(sentences("a", "b"))
    producer.finish()
    running = asyncio.ensure_future(producer.run(Path()))
    await asyncio.sleep(0.01)
    assert heard_of(track) == "a"
    going_on.set()
    await running
    assert heard_of(track) == ".b."


async def test_without_a_voice_for_the_closing_phrase_the_time_is_kept_all_the_same() -> None:
    synthesizer = FakeSynthesizer()
    synthesizer.unspeakable = {wording.REST_IN_CHAT}
    assert await said_within(synthesizer, 5.0, "a" * 90, "b" * 90, "c" * 90) == "a" * 90 + "b" * 90


async def test_a_sentence_that_cannot_be_spoken_ends_a_short_answer_behind_those_that_were() -> None:
    synthesizer = FakeSynthesizer()
    synthesizer.unspeakable = {"c"}
    assert await said_within(synthesizer, 5.0, "a", "b", "c", "d") == "ab"


async def test_time_that_is_over_ends_the_narration_while_the_model_still_writes_and_the_engine_hangs() -> None:
    synthesizer = FakeSynthesizer()
    synthesizer.seconds = {"d" * 90: 60.0}
    track = Track()
    producer = SpeechProducer(cast(Any, synthesizer), track, spoken_seconds=5.0)
    producer.add(sentences("a" * 90, "b" * 90, "c" * 90, "d" * 90))
    async with asyncio.timeout(5):
        await producer.run(Path())
    assert heard_of(track) == "a" * 90 + "b" * 90 + wording.REST_IN_CHAT
    assert track.is_over


@given(st.lists(st.integers(1, 120), min_size=1, max_size=8), st.integers(5, 12), st.randoms())
def test_no_answer_is_longer_than_the_bound_and_none_that_fits_is_shortened(
    lengths: list[int], seconds: int, chance: random.Random
) -> None:
    said = [chr(ord("a") + number) * length for number, length in enumerate(lengths)]
    synthesizer = FakeSynthesizer()
    synthesizer.seconds = {words: chance.random() for words in [*said, wording.REST_IN_CHAT]}
    heard = run_in_virtual_time(said_within(synthesizer, float(seconds), *said))
    whole = "".join(said)
    if len(whole) <= seconds * 50:
        assert heard == whole
        return
    kept = heard.removesuffix(wording.REST_IN_CHAT)
    assert kept in {"".join(said[:count]) for count in range(1, len(said) + 1)}
    assert len(heard) <= max(seconds * 50, len(said[0]))
    assert heard != kept or len(kept) + len(wording.REST_IN_CHAT) > seconds * 50, "nothing says that it goes on"


async def test_where_there_is_plenty_of_time_nothing_waits_for_the_closing_phrase() -> None:
    synthesizer = FakeSynthesizer()
    synthesizer.seconds = {wording.REST_IN_CHAT: 60.0}
    track = Track()
    producer = SpeechProducer(cast(Any, synthesizer), track, spoken_seconds=10.0)
    producer.add(sentences("a", "b"))
    running = asyncio.ensure_future(producer.run(Path()))
    await asyncio.sleep(0.01)
    assert heard_of(track) == "ab"
    producer.finish()
    async with asyncio.timeout(5):
        await running
    assert track.is_over


async def test_what_nobody_can_say_in_its_language_is_told_once_and_the_rest_is_said() -> None:
    producer, track = narrate(FakeSynthesizer())
    swedish = [Sentence(said=word, source=word, language="sv") for word in ("Hej.", "Tack.")]
    producer.add([swedish[0], *sentences("Hello."), swedish[1]])
    producer.finish()
    await producer.run(Path())
    assert heard_of(track) == wording.no_voice_aloud("sv") + "Hello."
    assert producer.unspoken_languages == {"sv"}
    assert producer.is_whole, "it is no outage"
    assert producer.progress.heard_text == "Hello."


async def test_what_was_told_before_is_not_told_again() -> None:
    track = Track()
    producer = SpeechProducer(cast(Any, FakeSynthesizer()), track, announced_languages={"sv"})
    producer.add([Sentence(said="Hej.", source="Hej.", language="sv")])
    producer.finish()
    await producer.run(Path())
    assert heard_of(track) == ""
    assert producer.unspoken_languages == set()


async def test_behind_a_sentence_that_broke_off_the_next_one_is_said() -> None:
    synthesizer = FakeSynthesizer()
    synthesizer.broken = {"two"}
    producer, track = narrate(synthesizer)
    producer.add(sentences("one", "two", "three"))
    producer.finish()
    await producer.run(Path())
    assert heard_of(track) == "onetthree"
    assert not producer.is_whole


class Listening:
    """A narration that is heard, a letter each 20 ms, while it is made. It ends in at most a minute of virtual time."""

    def __init__(
        self, synthesizer: FakeSynthesizer, *, spoken_seconds: float = 0.0, announced: frozenset[str] = frozenset()
    ) -> None:
        self.track = Track()
        self.producer = SpeechProducer(
            cast(Any, synthesizer), self.track, spoken_seconds=spoken_seconds, announced_languages=announced
        )
        self.heard = ""
        self.made_at: float | None = None

    async def run(self) -> None:
        async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
            tasks.create_task(self._make())
            while not self.track.is_over:
                self.heard += heard_frame_of(self.track)
                await asyncio.sleep(0.02)

    async def until(self, heard: str) -> None:
        await eventually(lambda: self.heard.startswith(heard))

    async def _make(self) -> None:
        await self.producer.run(Path())
        self.made_at = asyncio.get_running_loop().time()


def heard_frame_of(track: Track) -> str:
    frame = track.frame_at(track.cursor)
    if frame is None:
        return ""
    track.advance()
    return frame.decode()


def listen(
    said: list[Sentence],
    until: str,
    *,
    synthesizer: FakeSynthesizer | None = None,
    spoken_seconds: float = 0.0,
    announced: frozenset[str] = frozenset(),
) -> Listening:
    """All sentences are there at once, and the narration is ended once `until` was heard."""

    async def main() -> Listening:
        listening = Listening(synthesizer or FakeSynthesizer(), spoken_seconds=spoken_seconds, announced=announced)
        listening.producer.add(said)
        listening.producer.finish()
        running = asyncio.ensure_future(listening.run())
        await listening.until(until)
        listening.producer.end_after_sentence()
        await running
        return listening

    return run_in_virtual_time(main())


def test_a_sentence_in_several_pieces_is_said_to_its_end_and_nothing_behind_it() -> None:
    listening = listen(
        sentences("Before this.", "When it rains,", "we stay at home.", "Else we go out."), "Before this.Wh"
    )
    assert listening.heard == "Before this.When it rains,we stay at home."
    assert listening.producer.progress.heard_sentences == 3
    assert listening.producer.is_unfinished
    assert listening.producer.is_whole


def test_in_the_last_sentence_an_end_leaves_nothing() -> None:
    listening = listen(sentences("Before this.", "When it rains,", "we stay at home."), "Before this.When")
    assert listening.heard == "Before this.When it rains,we stay at home."
    assert listening.producer.progress.heard_sentences == 3
    assert not listening.producer.is_unfinished


def test_before_anything_is_heard_an_end_leaves_all() -> None:
    synthesizer = FakeSynthesizer()
    synthesizer.seconds = dict.fromkeys(["One.", "Two."], 5.0)
    listening = listen(sentences("One.", "Two."), "", synthesizer=synthesizer)
    assert listening.heard == ""
    assert listening.producer.progress.heard_sentences == 0
    assert listening.producer.is_unfinished


def test_an_end_does_not_wait_for_engines_that_make_later_sentences() -> None:
    synthesizer = FakeSynthesizer()
    synthesizer.seconds = dict.fromkeys(["Two is there.", "Three is nowhere."], 50.0)
    listening = listen(sentences("One is here.", "Two is there.", "Three is nowhere."), "One", synthesizer=synthesizer)
    assert listening.heard == "One is here."
    assert listening.made_at is not None
    assert listening.made_at < 1
    assert "Three is nowhere." in synthesizer.said, "nothing was being made that could have been waited for"
    assert listening.producer.progress.heard_sentences == 1


def test_an_end_waits_for_an_engine_that_makes_the_rest_of_the_sentence() -> None:
    synthesizer = FakeSynthesizer()
    synthesizer.seconds = {"we stay at home.": 3.0}
    listening = listen(
        sentences("When it rains,", "we stay at home.", "Else we go out."), "When", synthesizer=synthesizer
    )
    assert listening.heard == "When it rains,we stay at home."
    assert listening.producer.is_unfinished


def test_an_end_comes_soon_though_much_is_made_ahead() -> None:
    async def main() -> None:
        listening = Listening(FakeSynthesizer())
        listening.producer.add(sentences("Now.", "a" * 1500 + ".", "b" * 100 + ".", "c" * 100 + "."))
        listening.producer.finish()
        making = asyncio.ensure_future(listening.producer.run(Path()))
        await asyncio.sleep(1)
        assert not making.done(), "nothing had to be waited for"
        listening.producer.end_after_sentence()
        async with asyncio.timeout(0.1):
            await making
        assert listening.producer.is_unfinished

    run_in_virtual_time(main())


def test_what_the_model_writes_after_the_end_is_left() -> None:
    async def main() -> Listening:
        listening = Listening(FakeSynthesizer())
        listening.producer.add(sentences("One is here."))
        running = asyncio.ensure_future(listening.run())
        await listening.until("One")
        listening.producer.end_after_sentence()
        assert not listening.producer.is_unfinished
        await running
        listening.producer.add(sentences("Two is there."))
        listening.producer.finish()
        return listening

    listening = run_in_virtual_time(main())
    assert listening.heard == "One is here."
    assert listening.producer.is_unfinished
    assert listening.producer.progress.heard_sentences == 1


def test_what_would_not_have_been_said_anyway_is_not_left() -> None:
    said = sentences("a" * 90 + ".", "b" * 90 + ".", "c" * 90 + ".", "d" * 90 + ".")
    second = f"{said[0].said}{said[1].said}"
    listening = listen(said, second[:100], spoken_seconds=5.0)
    assert listening.heard == second + wording.REST_IN_CHAT
    assert not listening.producer.is_unfinished


def test_within_a_bound_what_there_was_room_for_is_left() -> None:
    said = sentences("a" * 90 + ".", "b" * 90 + ".", "c" * 90 + ".", "d" * 90 + ".")
    listening = listen(said, "aaa", spoken_seconds=5.0)
    assert listening.heard == said[0].said
    assert listening.producer.is_unfinished


def test_a_sentence_that_nobody_had_to_say_is_no_place_to_end_once_it_is_past() -> None:
    swedish = Sentence(said="Hej.", source="Hej.", language="sv")
    said = [swedish, *sentences("One is here.", "Two is there.")]
    listening = listen(said, "One", announced=frozenset({"sv"}))
    assert listening.heard == "One is here."
    assert listening.producer.progress.heard_sentences == 2
    assert listening.producer.is_unfinished


PIECES = st.lists(
    st.tuples(st.integers(1, 60), st.sampled_from([".", ".", ",", ""]), st.sampled_from(["en", "en", "en", "sv"])),
    min_size=1,
    max_size=8,
)


@given(PIECES, st.floats(0, 8), st.sampled_from([0.0, 5.0]), st.randoms())
def test_an_end_at_any_moment_is_behind_a_piece_and_tells_which(
    pieces: list[tuple[int, str, str]], moment: float, spoken_seconds: float, chance: random.Random
) -> None:
    said = [
        Sentence(said=chr(ord("a") + number) * length + mark, source=f"{number}{mark}", language=language)
        for number, (length, mark, language) in enumerate(pieces)
    ]
    synthesizer = FakeSynthesizer()
    synthesizer.seconds = {one.said: chance.random() for one in said}

    async def main() -> Listening:
        listening = Listening(synthesizer, spoken_seconds=spoken_seconds, announced=frozenset({"sv"}))
        running = asyncio.ensure_future(listening.run())
        asyncio.get_running_loop().call_later(moment, listening.producer.end_after_sentence)
        for one in said:
            await asyncio.sleep(chance.random())
            listening.producer.add([one])
        listening.producer.finish()
        await running
        return listening

    listening = run_in_virtual_time(main())
    audible = ["" if one.language == "sv" else one.said for one in said]
    count = listening.producer.progress.heard_sentences
    assert listening.heard.removesuffix(wording.REST_IN_CHAT) == "".join(audible[:count])
    if not spoken_seconds:
        assert listening.producer.is_unfinished == (count < len(said))


def test_speech_that_waits_for_its_time_does_not_delay_what_takes_its_place() -> None:
    async def main() -> None:
        listening = Listening(FakeSynthesizer())
        listening.producer.add(sentences(*["a long thought " * 20] * 20))
        running = asyncio.ensure_future(listening.run())
        await listening.until("a long")
        await asyncio.sleep(5)
        begun = asyncio.get_running_loop().time()
        listening.producer.restart()
        listening.producer.add(sentences("Hello."))
        listening.producer.finish()
        await running
        assert asyncio.get_running_loop().time() - begun < 2
        assert listening.heard.endswith("Hello.")

    run_in_virtual_time(main())


@pytest.mark.parametrize("is_restarted", [False, True])
def test_no_more_is_made_ahead_behind_a_restart_than_else(is_restarted: bool) -> None:
    async def main() -> None:
        synthesizer = FakeSynthesizer()
        listening = Listening(synthesizer)
        running = asyncio.ensure_future(listening.run())
        await asyncio.sleep(0.1)  # the producer waits for a sentence
        if is_restarted:
            listening.producer.restart()
        listening.producer.add(sentences(*["five seconds of a sentence. " * 9] * 40))
        await asyncio.sleep(1)
        assert 4 <= len(synthesizer.said) <= 7, "20 s are made ahead"
        listening.producer.end_after_sentence()
        await running

    run_in_virtual_time(main())


async def test_a_reply_can_be_withdrawn_before_anything_was_made_of_it() -> None:
    producer, track = narrate(FakeSynthesizer())
    producer.add(sentences("thinking"))
    producer.restart()
    producer.add(sentences("Hello."))
    producer.finish()
    await producer.run(Path())
    assert heard_of(track) == "Hello."


def test_what_proves_to_be_no_part_of_the_reply_is_not_said_on() -> None:
    async def main() -> None:
        listening = Listening(FakeSynthesizer())
        listening.producer.add(sentences("thinking", "about it", "for long", "and longer"))
        running = asyncio.ensure_future(listening.run())
        await listening.until("thin")
        listening.producer.restart()
        listening.producer.add(sentences("Hello.", "There."))
        listening.producer.finish()
        await running
        thought, _, said = listening.heard.partition("Hello.")
        assert said == "There."
        assert len(thought) <= len("thin") + 7, "only what was as good as sent"
        assert "thinking".startswith(thought[:8])
        assert listening.producer.is_whole
        assert listening.producer.progress.heard_text == "Hello. There."
        assert listening.producer.progress.heard_sentences == 2

    run_in_virtual_time(main())
