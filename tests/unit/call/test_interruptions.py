"""Who speaks over an answer makes it softer, lets it wait, stops it, or does nothing to it; all in virtual time."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from assistant.audio.track import Track
from assistant.call.interruptions import Interruptions
from assistant.domain.heard_by import HeardBy
from assistant.domain.interruption_outcome import InterruptionOutcome
from assistant.domain.preferences import DuringSpeech
from assistant.domain.spoken_turn import SpokenTurn
from assistant.domain.transcript import Transcript
from tests.support.virtual_time import run_in_virtual_time

ADA, BEN, EVE = 50, 51, 52
"""Ada is answered; Eve may not control the call."""
NAMES = {ADA: "Ada", BEN: "Ben", EVE: "Eve"}
SAID = "The tower of Pisa leans by four degrees to the south, and has done so since"
END_SECONDS = 0.7
"""From the last voice to the end of a turn of speech."""
TEXT_SECONDS = 0.15
"""From there to its text."""


class FakeTurn:
    """An answer that is heard."""

    def __init__(self, asker: int = ADA) -> None:
        self.question = SimpleNamespace(asker=SimpleNamespace(id=asker))
        self.track = Track()
        self.is_heard = True
        self.heard_text = SAID
        self.stopped: list[tuple[str, str]] = []

    def interrupt(self, by: str) -> bool:
        return self._stop("interrupted", by)

    def skip(self, by: str) -> bool:
        return self._stop("skipped", by)

    def _stop(self, how: str, by: str) -> bool:
        self.is_heard = False
        self.stopped.append((how, by))
        return True


class FakeFader:
    """Notes what the answer does, and since when."""

    def __init__(self, world: "World", track: Track) -> None:
        self.track = track
        self._world = world
        self._is_soft = self._is_held = False
        self.is_closed = asyncio.Event()

    def duck(self) -> None:
        self._set(is_soft=True)

    def restore(self) -> None:
        self._set(is_soft=False)

    def hold(self) -> None:
        self._set(is_held=True)

    def go_on(self) -> None:
        self._set(is_held=False)

    def close(self) -> None:
        self.is_closed.set()

    async def run(self) -> None:
        await self.is_closed.wait()

    def _set(self, *, is_soft: bool | None = None, is_held: bool | None = None) -> None:
        self._is_soft = self._is_soft if is_soft is None else is_soft
        self._is_held = self._is_held if is_held is None else is_held
        self._world.note("held" if self._is_held else "soft" if self._is_soft else "full")


@dataclass
class World:
    """A call in which members speak over an answer."""

    rule: DuringSpeech = "polite"
    name: str = "Molly"
    turn: FakeTurn | None = field(default_factory=FakeTurn)
    hosts: tuple[str, ...] = ()
    guess_seconds: float = 0.1
    is_busy: bool = False
    """Whether nobody has time for guesses."""
    broken: bool = False
    states: list[tuple[float, str]] = field(default_factory=list)
    """What the answer did, and when: "full", "soft" or "held"."""
    misheard: str = ""
    """What is recognized, whatever was said so far."""
    asked: int = 0
    """How often it was to be recognized what somebody has said so far."""
    guessed: list[str] = field(default_factory=list)
    at_once: Counter[str] = field(default_factory=Counter)
    outcomes: list[InterruptionOutcome] = field(default_factory=list)
    talkers: list[int] = field(default_factory=list)
    """Who is known to talk with the assistant."""
    so_far: dict[int, SpokenTurn] = field(default_factory=dict)

    def said_around(self, _: float) -> str:
        return SAID

    def __post_init__(self) -> None:
        people = {user_id: SimpleNamespace(id=user_id, display_name=name) for user_id, name in NAMES.items()}
        guild = SimpleNamespace(get_member=people.get, preferred_locale="en-US")
        context = SimpleNamespace(
            guild_id=5,
            voice=SimpleNamespace(guild=guild),
            may_control=lambda member: member.id != EVE,
            preferences=SimpleNamespace(
                chosen_language=lambda *_: "en", options_for=lambda _: SimpleNamespace(during_speech=self.rule)
            ),
        )
        self.interruptions = Interruptions(
            cast(Any, context),
            cast(Any, self),
            cast(Any, self),
            cast(Any, SimpleNamespace(keep_up=self.talkers.append)),
            cast(Any, SimpleNamespace(interruption_ended=self.outcomes.append)),
            name=self.name,
            so_far=self.so_far.get,
            fader_of=lambda track: cast(Any, FakeFader(self, track)),
        )

    @property
    def heard_by(self) -> HeardBy:
        return HeardBy(is_local=not self.hosts, hosts=self.hosts)

    async def guess(self, pcm: bytes, language: str, *, likely: str) -> Transcript | None:
        del language, likely
        self.asked += 1
        if self.broken:
            raise ValueError("a mistake")
        if self.is_busy:
            return None
        text = self.misheard or pcm.decode()
        self.guessed.append(text)
        self.at_once["now"] += 1
        self.at_once["most"] = max(self.at_once.values())
        await asyncio.sleep(self.guess_seconds)
        self.at_once["now"] -= 1
        return Transcript(text, "en", "fake")

    def note(self, state: str) -> None:
        if not self.states or self.states[-1][1] != state:
            self.states.append((asyncio.get_running_loop().time(), state))

    @property
    def course(self) -> list[str]:
        """What the answer did, in order."""
        return [state for _, state in self.states]

    def since(self, state: str) -> float:
        """When the answer did this first."""
        return next(at for at, each in self.states if each == state)

    async def speak(
        self, user_id: int, *words: str, pace: float = 0.3, before: float = 0.0, after: float = 0.0
    ) -> None:
        """Say some words, each complete after `pace` seconds, with so many seconds of other sound around them."""
        self.interruptions.begin(user_id)
        pieces = [(0.1, 0)] * round(before / 0.1)
        pieces += [(pace, count) for count in range(1, len(words) + 1)]
        pieces += [(0.1, len(words))] * round(after / 0.1)
        voiced = 0.0
        for seconds, count in pieces:
            await asyncio.sleep(seconds)
            voiced += seconds
            self._have_said(user_id, " ".join(words[:count]), voiced)

    async def ask(
        self, user_id: int, *words: str, pace: float = 0.3, before: float = 0.0, text: str | None = None
    ) -> bool:
        """The same, to the end of the turn of speech and its text; whether that may be a question."""
        await self.speak(user_id, *words, pace=pace, before=before)
        await asyncio.sleep(END_SECONDS)
        self.so_far.pop(user_id, None)
        self.interruptions.end(user_id)
        await asyncio.sleep(TEXT_SECONDS)
        return self.interruptions.is_question(user_id, " ".join(words) if text is None else text)

    def _have_said(self, user_id: int, text: str, voiced: float) -> None:
        now = asyncio.get_running_loop().time()
        self.so_far[user_id] = SpokenTurn(user_id, text.encode(), voiced, began_at=now - voiced, ended_at=now)

    @property
    def stopped(self) -> list[tuple[str, str]]:
        assert self.turn is not None
        return self.turn.stopped


def act(script: Callable[[World], Coroutine[Any, Any, None]], world_of: Callable[[], World] = World) -> World:
    """Run a script from second 0 on, and then wait until nothing more comes of it."""

    async def main() -> World:
        world = world_of()
        running = asyncio.create_task(world.interruptions.run())
        await asyncio.sleep(0)
        zero = asyncio.get_running_loop().time()
        await script(world)
        await asyncio.sleep(3)
        running.cancel()
        await asyncio.wait({running})
        world.states = [(at - zero, state) for at, state in world.states]
        return world

    return run_in_virtual_time(main())


def test_the_answer_is_softer_at_once_when_the_one_who_is_answered_begins_to_speak() -> None:
    async def script(world: World) -> None:
        world.interruptions.begin(ADA)

    world = act(script)
    assert world.states[0] == (0.0, "soft")


def test_two_words_make_it_wait_within_300_ms_and_it_makes_way_for_the_turn() -> None:
    taken: list[bool] = []

    async def script(world: World) -> None:
        taken.append(await world.ask(ADA, "no", "wait", "I", "meant", "Venice"))

    world = act(script)
    assert taken == [True]
    assert world.course == ["soft", "held"]
    assert 0.6 < world.since("held") < 0.9
    assert world.stopped == [("interrupted", "Ada")]
    assert world.outcomes == [InterruptionOutcome.STOPPED]
    assert world.talkers == [ADA], "she need not say the name"


def test_one_word_is_enough_for_a_turn_that_is_over() -> None:
    taken: list[bool] = []

    async def script(world: World) -> None:
        taken.append(await world.ask(ADA, "why?"))

    world = act(script)
    assert taken == [True]
    assert "held" not in world.course
    assert world.stopped == [("interrupted", "Ada")]


@pytest.mark.parametrize("text", ["stop", "Molly stop", "stop it", "be quiet"])
@pytest.mark.parametrize("who", [ADA, BEN])
def test_stop_makes_it_wait_and_ends_it_and_is_no_question(text: str, who: int) -> None:
    taken: list[bool] = []

    async def script(world: World) -> None:
        taken.append(await world.ask(who, *text.split()))

    world = act(script)
    assert taken == [False]
    assert "held" in world.course
    assert world.since("held") < 0.3 * len(text.split()) + 0.3
    assert world.stopped == [("skipped", NAMES[who])]
    assert world.outcomes == [InterruptionOutcome.STOPPED]


def test_what_begins_with_stop_and_goes_on_is_a_question() -> None:
    taken: list[bool] = []

    async def script(world: World) -> None:
        taken.append(await world.ask(ADA, *["stop", "the", "music", "at", "ten"]))

    world = act(script)
    assert taken == [True]
    assert world.stopped == [("interrupted", "Ada")]


def test_stop_at_the_very_end_of_an_answer_is_no_question_either() -> None:
    taken: list[bool] = []

    async def script(world: World) -> None:
        saying = asyncio.ensure_future(world.ask(ADA, "stop"))
        await asyncio.sleep(0.2)
        assert world.turn is not None
        world.turn.is_heard = False
        taken.append(await saying)

    world = act(script)
    assert taken == [False]
    assert world.stopped == []


@pytest.mark.parametrize("text", ["mhm", "yeah", "ok yeah", "ha ha ha", "um", "Homer,", "You"])
def test_backchannels_neither_stop_it_nor_make_it_wait_and_are_no_question(text: str) -> None:
    taken: list[bool] = []

    async def script(world: World) -> None:
        taken.append(await world.ask(ADA, *text.split()))

    world = act(script)
    assert taken == [False]
    assert world.course == ["soft", "full"]
    assert world.stopped == []
    assert world.outcomes == [InterruptionOutcome.DUCKED]


def test_the_name_is_no_hum() -> None:
    async def script(world: World) -> None:
        assert await world.ask(ADA, "Emma!")
        await world.ask(ADA, "how", "far", "is", "it?")

    assert act(script, lambda: World(name="Emma")).stopped == [("interrupted", "Ada")]


@pytest.mark.parametrize(
    ("last", "is_taken"), [("Shall I go on?", True), ("Shall I go on? 🙂", True), ("And that is all of it.", False)]
)
def test_yes_to_an_answer_that_has_ended_meanwhile_is_taken_if_it_was_a_question(last: str, is_taken: bool) -> None:
    taken: list[bool] = []

    async def script(world: World) -> None:
        saying = asyncio.ensure_future(world.ask(ADA, "yes"))
        await asyncio.sleep(0.2)
        assert world.turn is not None
        world.turn.heard_text, world.turn.is_heard = last, False
        taken.append(await saying)

    act(script)
    assert taken == [is_taken]


@pytest.mark.parametrize(
    ("who", "text", "is_taken", "stopped"),
    [
        (ADA, "Stop.", False, [("skipped", "Ada")]),
        (BEN, "Molly, be quiet", False, [("skipped", "Ben")]),
        (BEN, "stop", True, []),
        (ADA, "And stop at ten.", True, []),
    ],
)
def test_stop_to_an_answer_that_is_not_heard_yet_gives_it_up(
    who: int, text: str, is_taken: bool, stopped: list[tuple[str, str]]
) -> None:
    taken: list[bool] = []

    async def script(world: World) -> None:
        assert world.turn is not None
        world.turn.is_heard = False
        taken.append(await world.ask(who, *text.split()))

    world = act(script)
    assert (taken, world.stopped) == ([is_taken], stopped)


@pytest.mark.parametrize("seconds", [0.2, 0.8])
def test_a_cough_makes_it_softer_and_nothing_else(seconds: float) -> None:
    async def script(world: World) -> None:
        await world.speak(ADA, after=seconds)
        world.interruptions.dismiss(ADA)

    world = act(script)
    assert world.course == ["soft", "full"]
    assert world.since("full") == pytest.approx(seconds, abs=0.06)
    assert world.outcomes == [InterruptionOutcome.DUCKED]


def test_after_a_second_without_a_word_it_is_at_full_volume_again_though_the_sound_goes_on() -> None:
    async def script(world: World) -> None:
        await world.speak(ADA, after=6.0)
        world.interruptions.dismiss(ADA)

    world = act(script)
    assert world.course == ["soft", "full"]
    assert world.since("full") == pytest.approx(1.0, abs=0.1)


def test_words_after_a_long_sound_still_make_it_wait() -> None:
    async def script(world: World) -> None:
        await world.ask(ADA, "but", "listen", before=1.3)

    world = act(script)
    assert world.course == ["soft", "full", "soft", "held"]
    assert world.stopped


@pytest.mark.parametrize("text", ["", "mhm"])
def test_what_waited_goes_on_when_it_turns_out_to_be_nothing(text: str) -> None:
    taken: list[bool] = []

    async def script(world: World) -> None:
        taken.append(await world.ask(ADA, "big", "horse", text=text))

    world = act(script)
    assert taken == [False]
    assert world.course == ["soft", "held", "full"]
    assert world.since("full") == pytest.approx(0.6 + END_SECONDS + TEXT_SECONDS, abs=0.1)
    assert world.stopped == []
    assert world.outcomes == [InterruptionOutcome.TAKEN_BACK]


def test_what_waited_goes_on_when_it_was_no_speech_after_all() -> None:
    async def script(world: World) -> None:
        await world.speak(ADA, "ticket", "ticket")
        await asyncio.sleep(0.3)
        world.interruptions.dismiss(ADA)

    world = act(script)
    assert world.course == ["soft", "held", "full"]
    assert world.outcomes == [InterruptionOutcome.TAKEN_BACK]


def test_what_waited_goes_on_after_two_seconds_without_anything_more() -> None:
    async def script(world: World) -> None:
        await world.speak(ADA, "well", "you", after=8.0)
        world.interruptions.dismiss(ADA)

    world = act(script, lambda: World(guess_seconds=0.01))
    assert world.course[:3] == ["soft", "held", "full"]
    assert world.since("full") - world.since("held") == pytest.approx(2.0, abs=0.7)


def test_it_does_not_wait_longer_for_a_text_that_never_comes_and_makes_way_if_it_does() -> None:
    taken: list[bool] = []

    async def script(world: World) -> None:
        await world.speak(ADA, "no", "wait")
        await asyncio.sleep(END_SECONDS)
        world.interruptions.end(ADA)
        await asyncio.sleep(5)
        assert world.course == ["soft", "held", "full"]
        taken.append(world.interruptions.is_question(ADA, "no wait"))

    world = act(script)
    assert taken == [True]
    assert world.since("full") == pytest.approx(0.6 + END_SECONDS + 2.0, abs=0.1)
    assert world.stopped == [("interrupted", "Ada")]


def test_who_speaks_on_for_long_is_waited_for_though_nobody_recognizes_all_of_it() -> None:
    async def script(world: World) -> None:
        await world.ask(ADA, *("word" for _ in range(40)))

    world = act(script)
    assert world.course == ["soft", "held"]
    assert world.stopped == [("interrupted", "Ada")]
    assert len(world.guessed) <= 10


@pytest.mark.parametrize(("hosts", "most"), [((), 10), (("api.example",), 3)])
def test_what_is_recognized_while_somebody_speaks_is_bounded_and_one_at_a_time(
    hosts: tuple[str, ...], most: int
) -> None:
    async def script(world: World) -> None:
        await world.speak(ADA, after=20.0)
        world.interruptions.dismiss(ADA)

    world = act(script, lambda: World(hosts=hosts, guess_seconds=0.5))
    assert len(world.guessed) == most
    assert world.at_once["most"] == 1


def test_where_nobody_has_time_to_recognize_it_the_text_of_the_turn_decides() -> None:
    taken: list[bool] = []

    async def script(world: World) -> None:
        taken.append(await world.ask(ADA, "what", "about", "Venice", "and", "Rome"))

    world = act(script, lambda: World(is_busy=True))
    assert taken == [True]
    assert world.course[:2] == ["soft", "full"]
    assert world.stopped == [("interrupted", "Ada")]


def test_neighbors_who_talk_to_each_other_do_nothing() -> None:
    taken: list[bool] = []

    async def script(world: World) -> None:
        taken.append(await world.ask(BEN, *["I", "could", "eat", "a", "whole", "cow", "now"]))

    world = act(script)
    assert world.course == []
    assert world.stopped == []
    assert world.outcomes == []
    assert taken == [True], "whom it is for is decided elsewhere"


@pytest.mark.parametrize(
    "text", ["Molly what is Pisa", "Mollie what is Pisa", "hey Molly tell me more", "what is it Molly"]
)
def test_others_interrupt_it_by_its_name(text: str) -> None:
    taken: list[bool] = []

    async def script(world: World) -> None:
        taken.append(await world.ask(BEN, *text.split()))

    world = act(script)
    assert taken == [True]
    assert world.course[-1] == "held"
    assert world.stopped == [("interrupted", "Ben")]
    assert world.talkers == []


@pytest.mark.parametrize("rule", ["queue", "replace"])
def test_mhm_is_no_question_while_an_answer_is_heard_whatever_the_rule(rule: DuringSpeech) -> None:
    taken: list[bool] = []

    async def script(world: World) -> None:
        taken.append(await world.ask(ADA, "mhm"))
        assert world.turn is not None
        world.turn.is_heard = False
        taken.append(await world.ask(ADA, "yes"))

    act(script, lambda: World(rule=rule))
    assert taken == [False, True]


@pytest.mark.parametrize("who", [ADA, BEN])
def test_the_name_alone_does_not_stop_it_and_what_comes_behind_it_does(who: int) -> None:
    taken: list[bool] = []
    before: list[tuple[str, str]] = []

    async def script(world: World) -> None:
        taken.append(await world.ask(who, "Hey", "Mollie?"))
        before.extend(world.stopped)
        await asyncio.sleep(3.0)
        taken.append(await world.ask(who, "what", "time", "is", "it"))

    world = act(script)
    assert (taken, before) == ([True, True], [])
    assert world.stopped == [("interrupted", NAMES[who])]


def test_who_has_said_the_name_long_ago_talks_to_neighbors() -> None:
    async def script(world: World) -> None:
        await world.ask(BEN, "Molly?")
        await asyncio.sleep(10.0)
        await world.ask(BEN, "what", "time", "is", "it")

    assert act(script).stopped == []


def test_the_name_in_the_middle_of_what_neighbors_say_does_nothing() -> None:
    async def script(world: World) -> None:
        await world.ask(BEN, *["yesterday", "our", "Molly", "told", "it", "to", "me", "quite", "differently"])

    world = act(script)
    assert world.course[-1:] in ([], ["full"])
    assert world.stopped == []


@pytest.mark.parametrize("text", ["leans by four degrees to the south", "four degrees"])
def test_its_own_words_out_of_a_loudspeaker_do_not_make_it_wait(text: str) -> None:
    taken: list[bool] = []

    async def script(world: World) -> None:
        taken.append(await world.ask(ADA, *text.split(), text=""))

    world = act(script)
    assert taken == [False]
    assert world.course == ["soft", "full"]
    assert world.stopped == []


def test_who_may_not_control_the_call_does_nothing_to_it() -> None:
    taken: list[bool] = []

    async def script(world: World) -> None:
        taken.append(await world.ask(EVE, "Molly", "stop"))

    world = act(script)
    assert world.course == []
    assert world.stopped == []


@pytest.mark.parametrize("rule", ["queue", "replace"])
def test_with_another_rule_speech_does_nothing_here(rule: DuringSpeech) -> None:
    taken: list[bool] = []

    async def script(world: World) -> None:
        taken.append(await world.ask(ADA, "Molly", "stop"))

    world = act(script, lambda: World(rule=rule))
    assert taken == [True]
    assert world.course == []
    assert world.stopped == []
    assert world.guessed == []


def test_while_nothing_is_heard_nothing_is_recognized_ahead_and_all_is_taken() -> None:
    taken: list[bool] = []

    async def script(world: World) -> None:
        taken.append(await world.ask(ADA, "mhm"))
        taken.append(await world.ask(ADA, "stop"))

    world = act(script, lambda: World(turn=None))
    assert taken == [True, True]
    assert world.guessed == []


def test_an_answer_that_begins_while_somebody_speaks_on_is_softer_from_its_beginning() -> None:
    async def script(world: World) -> None:
        turn, world.turn = world.turn, None
        saying = asyncio.ensure_future(world.speak(ADA, "and", "then", "we", "went", "to", "Pisa", "too"))
        await asyncio.sleep(1.0)
        world.turn = turn
        await saying

    world = act(script)
    assert world.course[:2] == ["soft", "held"]
    assert world.since("soft") == pytest.approx(1.0, abs=0.06)


def test_the_next_answer_is_not_softer_for_who_spoke_over_the_last_one() -> None:
    async def script(world: World) -> None:
        saying = asyncio.ensure_future(world.speak(ADA, after=3.0))
        await asyncio.sleep(0.5)
        world.turn = FakeTurn(asker=BEN)
        await saying
        world.interruptions.dismiss(ADA)

    world = act(script)
    assert world.course == ["soft"], "that was the first answer"


def test_it_waits_as_long_as_one_of_several_speaks_to_it() -> None:
    async def script(world: World) -> None:
        ben = asyncio.ensure_future(
            world.ask(BEN, *["Molly", "what", "is", "the", "height", "of", "the", "tower", "of", "Pisa"])
        )
        await world.ask(ADA, "big", "horse", text="mhm")
        assert world.course[-1] == "held"
        assert world.stopped == []
        await ben

    world = act(script)
    assert world.stopped == [("interrupted", "Ben")]
    assert Counter(world.outcomes) == {InterruptionOutcome.STOPPED: 1, InterruptionOutcome.TAKEN_BACK: 1}


def test_who_goes_on_before_their_text_is_there_is_one_interruption() -> None:
    taken: list[bool] = []

    async def script(world: World) -> None:
        await world.speak(ADA, "no", "wait")
        await asyncio.sleep(END_SECONDS)
        world.interruptions.end(ADA)
        await asyncio.sleep(0.05)
        going_on = asyncio.ensure_future(world.ask(ADA, "that", "is", "wrong"))
        await asyncio.sleep(0.1)
        taken.append(world.interruptions.is_question(ADA, "no wait"))
        taken.append(await going_on)

    world = act(script)
    assert taken == [True, True]
    assert world.stopped == [("interrupted", "Ada")]
    assert world.outcomes == [InterruptionOutcome.STOPPED]


def test_an_error_of_ours_costs_neither_the_call_nor_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    taken: list[bool] = []

    async def script(world: World) -> None:
        await world.speak(ADA, after=1.5)
        world.so_far.clear()
        world.interruptions.dismiss(ADA)
        world.broken = False
        taken.append(await world.ask(ADA, "no", "wait"))

    world = act(script, lambda: World(broken=True))
    assert "could not be recognized" in caplog.text
    assert taken == [True]
    assert world.course == ["soft", "full", "soft", "held"]


def test_somebody_whose_end_is_never_told_does_not_keep_it_waiting() -> None:
    async def script(world: World) -> None:
        await world.speak(ADA, "no", "wait")
        await asyncio.sleep(0.2)
        world.so_far.clear()
        await asyncio.sleep(70)

    world = act(script)
    assert world.course == ["soft", "held", "full"]
    assert world.outcomes == [InterruptionOutcome.TAKEN_BACK]


def test_a_service_that_fails_is_not_asked_again_and_again() -> None:
    async def script(world: World) -> None:
        await world.speak(ADA, after=5.0)
        world.interruptions.dismiss(ADA)

    world = act(script, lambda: World(hosts=("api.example",), is_busy=True))
    assert world.asked == 3


def test_who_speaks_again_before_their_text_is_there_makes_the_answer_softer_at_once() -> None:
    async def script(world: World) -> None:
        turn, world.turn = world.turn, None
        world.interruptions.begin(ADA)
        world.interruptions.end(ADA)
        await asyncio.sleep(1.01)
        world.turn = turn
        world.interruptions.begin(ADA)
        await asyncio.sleep(0.5)

    world = act(script)
    assert world.states[0] == (1.01, "soft")


def test_what_waited_for_misheard_words_goes_on_as_soon_as_they_turn_out_to_be_its_own() -> None:
    async def script(world: World) -> None:
        saying = asyncio.ensure_future(world.speak(ADA, "lean", "spy", after=5.0))
        await asyncio.sleep(1.0)
        assert world.course == ["soft", "held"]
        world.misheard = "leans by four degrees"
        await saying
        world.interruptions.dismiss(ADA)

    world = act(script)
    assert world.course == ["soft", "held", "full"]
    assert world.since("full") < 1.5


def test_the_next_answer_is_softer_for_whom_it_is_for_if_they_speak_when_it_begins() -> None:
    async def script(world: World) -> None:
        saying = asyncio.ensure_future(world.speak(BEN, after=3.0))
        await asyncio.sleep(1.0)
        world.turn = FakeTurn(asker=BEN)
        await saying
        world.interruptions.dismiss(BEN)

    world = act(script)
    assert world.course == ["soft", "full"]
    assert world.since("soft") == pytest.approx(1.0, abs=0.06)


def test_the_next_answer_does_not_wait_for_who_spoke_over_the_last_one() -> None:
    async def script(world: World) -> None:
        saying = asyncio.ensure_future(world.speak(ADA, "no", "wait", "for", "me", "there"))
        await asyncio.sleep(0.8)
        world.turn = FakeTurn(asker=BEN)  # somebody has pressed Skip
        await saying
        world.interruptions.dismiss(ADA)

    world = act(script)
    assert world.course == ["soft", "held"], "that was the first answer"


def test_who_makes_a_sound_again_before_it_is_known_what_the_first_one_was_makes_it_softer_again() -> None:
    async def script(world: World) -> None:
        await world.speak(ADA, after=0.3)
        world.interruptions.end(ADA)
        await asyncio.sleep(2.0)
        assert world.course == ["soft", "full"]
        world.interruptions.begin(ADA)
        assert world.course == ["soft", "full", "soft"]
        world.interruptions.dismiss(ADA)

    act(script)


@pytest.mark.parametrize("words", [("no", "wait"), ("stop",)])
def test_it_does_not_wait_again_for_the_same_words(words: tuple[str, ...]) -> None:
    async def script(world: World) -> None:
        await world.speak(ADA, *words, after=8.0)
        world.interruptions.dismiss(ADA)

    world = act(script, lambda: World(guess_seconds=0.6))
    assert world.course == ["soft", "held", "full"]
    assert world.since("full") - world.since("held") == pytest.approx(2.0, abs=0.1)


def test_a_name_that_was_misheard_first_counts_though_no_word_is_added() -> None:
    async def script(world: World) -> None:
        world.misheard = "jolly what is that"
        saying = asyncio.ensure_future(world.speak(BEN, after=2.0))
        await asyncio.sleep(1.0)
        assert world.course == []
        world.misheard = "Molly what is that"
        await saying
        world.interruptions.dismiss(BEN)

    assert act(script).course[-2:] == ["held", "full"]
