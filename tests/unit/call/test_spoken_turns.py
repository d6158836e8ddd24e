"""What members say becomes text, a message and a question: once, in order, or somebody is told."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from assistant.call.addressing import Meant
from assistant.call.heard_lines import HeardLines
from assistant.call.said import Said
from assistant.call.spoken_questions import SpokenQuestions
from assistant.call.spoken_turns import SpokenTurns
from assistant.discord_io import wording
from assistant.domain.errors import LanguageNotUnderstood, RecognitionUnavailable
from assistant.domain.spoken_turn import SpokenTurn
from assistant.domain.transcript import Transcript
from tests.support.fake_text import GUILD, FakeText, response
from tests.support.virtual_time import run_in_virtual_time

ADA, BEN, EVE = 50, 51, 52
NAMES = {ADA: "Ada", BEN: "Ben"}


class World:
    """A call and its recognizer, which hears the text that a turn's sound spells."""

    def __init__(self, *, shows_speech: bool = True) -> None:
        self.text, self.voice = FakeText(3), FakeText(9)
        people = {user_id: SimpleNamespace(id=user_id, display_name=name) for user_id, name in NAMES.items()}

        async def fetch_member(_: int) -> object:
            raise discord.NotFound(response(404), "gone")

        guild: Any = SimpleNamespace(**{**GUILD.__dict__, "get_member": people.get, "fetch_member": fetch_member})
        guild.preferred_locale = "en-US"
        self.guild = guild
        for place in (self.text, self.voice):
            cast(Any, place).guild = guild
        self.language = ""
        self.said = ""
        self.unwanted: set[int] = set()
        self.for_others: set[str] = set()
        """What is not said to us."""
        self.asides: set[str] = set()
        """What is no question, such as "mhm"."""
        self.asked: list[tuple[str, str]] = []
        """Who was taken to have asked, and the message in which it stands, or else what they asked."""
        self.seconds: dict[str, float] = {}
        """How long it takes to recognize a text."""
        self.errors: dict[str, Exception] = {}
        self.warmed: list[tuple[str, str]] = []
        self.heard: list[tuple[str, str, str]] = []
        """What was recognized, in which language, and which one was likely."""
        self.given_up: list[str] = []
        """What was not guessed to the end."""
        self.broken_guesses: set[str] = set()
        """What can't be guessed, since something of ours is broken."""
        self.at_once, self.most_at_once = 0, 0
        self.times: list[float] = []
        """When each question was recognized, in seconds from when it was taken for all."""
        self.has_asked = False
        """Whether our last words were a question."""
        self.longer: list[tuple[int, float]] = []
        """Whose silence has to be longer, and how long."""
        self.speculated: list[str] = []
        """What was begun to be answered."""
        self.withdrawn: list[int] = []
        """Whose."""
        self.is_heard = False
        """Whether answers are heard by now."""
        self.held: set[int] = set()
        """The messages that are held back."""
        self.asked_again: list[str] = []
        """What was asked in the end of those."""
        context = SimpleNamespace(
            guild_id=5,
            text=self.text,
            places=(self.text, self.voice),
            voice=self.voice,
            preferences=SimpleNamespace(chosen_language=lambda *_: self.language),
            shows_speech=shows_speech,
        )
        self.talking: list[int] = []
        """Who need not say the name now."""
        self.began_at: dict[str, float] = {}
        """When each of the texts was begun of which it was asked whom they are for."""
        self.called = 0
        """How often the name alone was said."""
        addressing = SimpleNamespace(meant_by=self.meant_by, keep_up=self.talking.append, begin=lambda _: None)
        self.lines = HeardLines(cast(Any, context))
        questions = SpokenQuestions(
            cast(Any, context),
            cast(Any, self),
            cast(Any, self),
            cast(Any, addressing),
            self.lines,
            on_called=self.call,
        )
        self.turns = SpokenTurns(
            cast(Any, context),
            cast(Any, self),
            questions,
            is_wanted=lambda user_id: user_id not in self.unwanted,
            is_question=lambda _, text: text not in self.asides,
            said_around=lambda _: self.said,
            has_asked=lambda: self.has_asked,
            wait_longer=lambda user_id, seconds: self.longer.append((user_id, seconds)),
        )

    def warm(self, language: str, *, likely: str) -> None:
        self.warmed.append((language, likely))

    async def guess(self, pcm: bytes, language: str, *, likely: str) -> Transcript | None:
        text = pcm.decode()
        try:
            await asyncio.sleep(self.seconds.get(text, 0.01))
        except asyncio.CancelledError:
            self.given_up.append(text)
            raise
        if text in self.broken_guesses:
            raise ValueError(text)
        return None if text in self.errors else Transcript(text, language, "fake")

    async def transcribe(
        self, pcm: bytes, language: str, *, likely: str, guess: Awaitable[Transcript | None] | None
    ) -> Transcript:
        text = pcm.decode()
        guessed = None if guess is None else await guess
        if guessed is not None:
            return guessed
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(self.seconds.get(text, 0.01))
        finally:
            self.at_once -= 1
        if text in self.errors:
            raise self.errors[text]
        self.heard.append((text, language, likely))
        return Transcript(text, language, "fake")

    def meant_by(self, user_id: int, text: str, began_at: float) -> Meant:
        self.began_at[text] = began_at
        if text in self.for_others:
            return Meant.NO
        return Meant.CALLED if text == "Molly?" else Meant.YES

    def call(self) -> None:
        self.called += 1

    def speculate(self, speaker: Any, text: str) -> None:
        self.speculated.append(text)

    def withdraw(self, user_id: int) -> None:
        self.withdrawn.append(user_id)

    def hold_back(self, message_id: int) -> bool:
        if not self.is_heard:
            self.held.add(message_id)
        return not self.is_heard

    def put_first(self, question_id: int, said: Said) -> None:
        self.held.remove(question_id)
        self.asked_again.append(said.text)

    async def accept_spoken(self, speaker: Any, said: Said, message: Any) -> int:
        self.times.append((said.recognized or 0.0) - said.committed)
        self.asked.append((speaker.display_name, said.text if message is None else message.content))
        return 5 if message is None else int(message.id)

    @property
    def written(self) -> list[tuple[str, int, str, bool]]:
        return self.text.written + self.voice.written

    def say(self, user_id: int, text: str) -> None:
        now = asyncio.get_running_loop().time()
        self.turns.put(SpokenTurn(user_id, text.encode(), 1.0, now - 0.7, now - 2.0))

    def pause(self, user_id: int, text: str) -> None:
        """A member pauses behind what `say` says, if that is the same text."""
        self.turns.pause(SpokenTurn(user_id, text.encode(), len(text), 0.0, 0.0))

    def end(self, user_id: int, text: str) -> None:
        """The turn is over in which they paused."""
        self.turns.put(SpokenTurn(user_id, text.encode(), len(text), 0.0, 0.0))


def act(script: Callable[[World], Coroutine[Any, Any, None]], *, shows_speech: bool = True) -> World:
    """Run a script while the turns are taken, and until none waits; in virtual time."""

    async def main() -> World:
        world = World(shows_speech=shows_speech)
        running = [asyncio.create_task(part) for part in (world.lines.run(), world.turns.run())]
        await asyncio.sleep(0)
        await script(world)
        await world.turns.finish()
        await asyncio.sleep(10)
        for part in running:
            part.cancel()
        await asyncio.wait(running)
        return world

    return run_in_virtual_time(main())


def test_what_is_said_is_written_down_and_asked() -> None:
    async def script(world: World) -> None:
        world.say(ADA, "Is it late?")

    world = act(script)
    assert world.asked == [("Ada", "🗣️ Ada: Is it late?")]
    assert [text for *_, text, _ in world.text.written] == ["🗣️ Ada: Is it late?"], "where the panel stands"


def test_a_members_turns_keep_their_order_and_those_of_others_do_not_wait_for_them() -> None:
    async def script(world: World) -> None:
        world.seconds = {"one": 5.0, "two": 0.01}
        world.say(ADA, "one")
        world.say(ADA, "two")
        world.say(BEN, "three")

    assert [text for _, text in act(script).asked] == ["🗣️ Ben: three", "🗣️ Ada: one", "🗣️ Ada: two"]


def test_few_are_recognized_at_a_time() -> None:
    async def script(world: World) -> None:
        for user_id in range(100, 120):
            world.say(user_id, f"{user_id}")

    world = act(script)
    assert len(world.heard) == 20
    assert world.most_at_once == 4


def test_nothing_becomes_of_a_turn_in_which_nothing_was_said() -> None:
    async def script(world: World) -> None:
        world.say(ADA, "")

    world = act(script)
    assert (world.asked, world.written) == ([], [])


def test_who_takes_their_consent_back_meanwhile_is_not_written_down() -> None:
    async def script(world: World) -> None:
        world.say(ADA, "secret")
        world.unwanted.add(ADA)

    world = act(script)
    assert (world.asked, world.written) == ([], [])


def test_what_waits_of_who_takes_their_consent_back_is_not_even_recognized() -> None:
    async def script(world: World) -> None:
        world.seconds = {"one": 5.0}
        world.say(ADA, "one")
        world.say(ADA, "two")
        world.say(BEN, "three")
        await asyncio.sleep(1)
        world.unwanted.add(ADA)

    world = act(script)
    assert [text for text, *_ in world.heard] == ["three", "one"]
    assert [who for who, _ in world.asked] == ["Ben"]


def test_our_own_words_are_no_question_but_the_same_words_are_one_when_we_are_silent() -> None:
    async def script(world: World) -> None:
        world.said = "The ships come home at dusk."
        world.say(ADA, "the ships come home at dusk")
        world.said = ""
        world.say(BEN, "the ships come home at dusk")

    assert [who for who, _ in act(script).asked] == ["Ben"]


def test_the_name_alone_is_answered_by_a_sound_and_what_comes_next_is_for_us() -> None:
    async def script(world: World) -> None:
        world.pause(ADA, "Molly?")
        await asyncio.sleep(0.3)
        world.end(ADA, "Molly?")
        await asyncio.sleep(0.3)
        assert (world.called, world.talking) == (1, [ADA])
        world.end(ADA, "Is it late?")

    world = act(script)
    assert [text for _, text in world.asked] == ["🗣️ Ada: Is it late?"]
    assert world.speculated == []
    assert world.called == 1


def test_what_is_not_for_us_is_neither_written_down_nor_a_reason_to_be_talking() -> None:
    async def script(world: World) -> None:
        world.for_others = {"Pass me the salt."}
        world.say(ADA, "Pass me the salt.")
        world.say(BEN, "Is it late?")

    world = act(script)
    assert [text for *_, text, _ in world.written] == ["🗣️ Ben: Is it late?"]
    assert world.talking == [BEN]


def test_who_turns_from_somebody_else_to_us_has_begun_then() -> None:
    async def script(world: World) -> None:
        world.for_others = {"Ben, I don't know.", "Ben, I don't know. Molly, what time is it?"}
        now = asyncio.get_running_loop().time()
        world.turns.put(SpokenTurn(ADA, b"Ben, I don't know.", 1.0, now, now - 1))
        world.turns.begin(ADA)
        await asyncio.sleep(0.5)
        world.pause(ADA, "Molly, what time is it?")
        await asyncio.sleep(0.3)
        world.end(ADA, "Molly, what time is it?")

    world = act(script)
    assert world.speculated == ["Molly, what time is it?"]
    assert [text for _, text in world.asked] == ["🗣️ Ada: Molly, what time is it?"]


def test_what_somebody_goes_on_with_began_when_they_began() -> None:
    async def script(world: World) -> None:
        began_at = asyncio.get_running_loop().time()
        await asyncio.sleep(5)
        world.turns.put(SpokenTurn(ADA, b"Molly, I think", 1.0, began_at + 4.3, began_at))
        world.turns.begin(ADA)
        await asyncio.sleep(1)
        world.say(ADA, "we should go.")
        await world.turns.finish()
        assert world.began_at["Molly, I think we should go."] == began_at

    act(script)


def test_where_nobody_can_recognize_it_that_is_told_and_seldom() -> None:
    async def script(world: World) -> None:
        world.errors = {text: RecognitionUnavailable(tried=(), language="en") for text in "abc"}
        for text in "abc":
            world.say(ADA, text)
        await world.turns.finish()
        await asyncio.sleep(61)
        world.say(ADA, "a")

    world = act(script)
    assert [text for *_, text, _ in world.written] == [wording.NOT_RECOGNIZED] * 2
    assert world.asked == []


def test_a_language_that_nobody_understands_is_told_once() -> None:
    async def script(world: World) -> None:
        world.language = "de"
        world.errors = {"Ist es spät?": LanguageNotUnderstood(tried=(), language="de")}
        for _ in range(3):
            world.say(ADA, "Ist es spät?")
            await world.turns.finish()
            await asyncio.sleep(100)

    world = act(script)
    assert [text for *_, text, _ in world.written] == [wording.not_understood("de")]
    assert "German" in wording.not_understood("de")


def test_the_recognizer_is_told_the_language_that_a_member_chose() -> None:
    async def script(world: World) -> None:
        world.turns.begin(ADA)
        world.say(ADA, "one")
        await world.turns.finish()
        world.language = "de"
        world.turns.begin(ADA)
        world.say(ADA, "zwei")

    world = act(script)
    assert world.heard == [("one", "", "en"), ("zwei", "de", "en")]
    assert world.warmed == [("", "en"), ("de", "en")]


def test_where_nobody_chose_a_language_that_of_the_server_is_likely() -> None:
    async def script(world: World) -> None:
        for locale in ("de", "pt-BR", "zh-CN", "sv-SE", "en-GB", "hr"):
            world.guild.preferred_locale = locale
            world.turns.begin(ADA)
            world.say(ADA, locale)
            await world.turns.finish()

    world = act(script)
    assert [likely for *_, likely in world.heard] == ["de", "pt", "zh-CN", "sv", "en", "hr"]
    assert world.warmed == [(language, likely) for _, language, likely in world.heard]


def test_of_too_many_turns_the_oldest_is_lost_and_that_is_told() -> None:
    async def script(world: World) -> None:
        world.seconds = {"0": 10.0}
        for number in range(8):
            world.say(ADA, f"{number}")
            await asyncio.sleep(0)

    world = act(script)
    assert [text for _, text in world.asked] == [f"🗣️ Ada: {number}" for number in (0, 3, 4, 5, 6, 7)]
    assert Counter(text for *_, text, _ in world.written)[wording.NOT_ALL_HEARD] == 1


def test_what_can_not_be_written_where_the_panel_stands_is_written_in_the_voice_channel() -> None:
    async def script(world: World) -> None:
        world.text.may_send = False
        world.say(ADA, "Is it late?")

    world = act(script)
    assert [text for *_, text, _ in world.voice.written] == ["🗣️ Ada: Is it late?"]
    assert world.asked == [("Ada", "🗣️ Ada: Is it late?")]


def test_what_can_not_be_told_where_the_panel_stands_is_told_in_the_voice_channel() -> None:
    async def script(world: World) -> None:
        world.text.may_send = False
        world.errors = {"one": RecognitionUnavailable(tried=(), language="en")}
        world.say(ADA, "one")

    world = act(script)
    assert [text for *_, text, _ in world.voice.written] == [wording.NOT_RECOGNIZED]
    assert not world.text.written


def test_a_post_that_fails_is_sent_again_under_the_same_nonce() -> None:
    async def script(world: World) -> None:
        world.text.fails_times = 2
        world.say(ADA, "Is it late?")

    world = act(script)
    assert world.asked == [("Ada", "Is it late?")], "who asks need not wait for it"
    assert [text for *_, text, _ in world.text.written] == ["🗣️ Ada: Is it late?"]
    (options,) = world.text.options
    assert options["enforce_nonce"]
    assert options["allowed_mentions"].to_dict() == {"parse": []}


def test_what_discord_takes_nowhere_is_answered_all_the_same() -> None:
    async def script(world: World) -> None:
        world.text.may_send = world.voice.may_send = False
        world.say(ADA, "Is it late?")

    world = act(script)
    assert world.asked == [("Ada", "Is it late?")]
    assert world.written == []


def test_somebody_of_whom_nothing_is_known_is_not_answered_and_the_others_are() -> None:
    async def script(world: World) -> None:
        world.say(EVE, "Who am I?")
        world.say(ADA, "Is it late?")

    assert [who for who, _ in act(script).asked] == ["Ada"]


def test_an_error_of_ours_costs_one_turn() -> None:
    async def script(world: World) -> None:
        world.errors = {"one": ValueError("oops")}
        world.say(ADA, "one")
        world.say(ADA, "two")

    assert [text for _, text in act(script).asked] == ["🗣️ Ada: two"]


def test_nothing_is_taken_before_it_runs_and_afterwards() -> None:
    async def main() -> World:
        world = World()
        world.say(ADA, "early")
        running = asyncio.create_task(world.turns.run())
        await asyncio.sleep(0)
        running.cancel()
        await asyncio.wait({running})
        world.say(ADA, "late")
        await asyncio.sleep(5)
        return world

    assert run_in_virtual_time(main()).heard == []


def test_what_is_said_to_others_is_neither_written_down_nor_asked() -> None:
    async def script(world: World) -> None:
        world.for_others = {"Pass me the salt."}
        world.say(ADA, "Pass me the salt.")

    world = act(script)
    assert (world.asked, world.written) == ([], [])


def test_what_was_recognized_in_the_pause_is_the_text_if_nothing_more_was_said() -> None:
    async def script(world: World) -> None:
        world.seconds["Is it late?"] = 0.5
        world.pause(ADA, "Is it late?")
        await asyncio.sleep(0.45)
        world.end(ADA, "Is it late?")
        await asyncio.sleep(0.06)
        assert world.asked == [("Ada", "🗣️ Ada: Is it late?")]

    assert act(script).heard == []


def test_what_is_recognized_in_the_pause_is_known_to_have_been_early() -> None:
    async def script(world: World) -> None:
        world.pause(ADA, "Is it late?")
        await asyncio.sleep(0.51)
        world.end(ADA, "Is it late?")
        world.say(BEN, "Hello!")

    assert act(script).times == [pytest.approx(-0.5), pytest.approx(0.01)]


def test_a_guess_at_less_than_the_turn_is_given_up() -> None:
    async def script(world: World) -> None:
        world.seconds["Is"] = 5.0
        world.pause(ADA, "Is")
        await asyncio.sleep(0.1)
        world.end(ADA, "Is it late?")

    world = act(script)
    assert world.asked == [("Ada", "🗣️ Ada: Is it late?")]
    assert world.given_up == ["Is"]


def test_a_breath_behind_a_pause_leaves_the_guess_as_it_was() -> None:
    async def script(world: World) -> None:
        world.turns.pause(SpokenTurn(ADA, b"Is it late?", 1.0, 1.0, 0.0))
        await asyncio.sleep(0.1)
        world.turns.put(SpokenTurn(ADA, b"Is it late? Hff", 1.06, 1.4, 0.0))

    world = act(script)
    assert world.asked == [("Ada", "🗣️ Ada: Is it late?")]
    assert (world.given_up, world.withdrawn) == ([], [])


def test_the_next_turn_s_guess_leaves_the_one_before_alone() -> None:
    async def script(world: World) -> None:
        world.seconds["One."] = 1.0
        world.pause(ADA, "One.")
        await asyncio.sleep(0.1)
        world.end(ADA, "One.")
        await asyncio.sleep(0.1)
        world.pause(ADA, "Two.")
        await asyncio.sleep(0.1)
        world.end(ADA, "Two.")

    world = act(script)
    assert [content for _, content in world.asked] == ["🗣️ Ada: One.", "🗣️ Ada: Two."]


def test_a_guess_that_fails_costs_nothing() -> None:
    async def script(world: World) -> None:
        world.errors["Is it late?"] = RecognitionUnavailable(tried=(), language="")
        world.pause(ADA, "Is it late?")
        await asyncio.sleep(0.5)
        world.errors.clear()
        world.end(ADA, "Is it late?")

    world = act(script)
    assert world.asked == [("Ada", "🗣️ Ada: Is it late?")]


def test_what_was_guessed_of_who_takes_their_consent_back_is_given_up() -> None:
    async def script(world: World) -> None:
        world.seconds["My secret"] = 5.0
        world.pause(ADA, "My secret")
        await asyncio.sleep(0.1)
        world.turns.forget(ADA)
        world.turns.forget(BEN)

    world = act(script)
    assert world.given_up == ["My secret"]


def test_an_error_of_ours_while_it_is_guessed_costs_neither_the_turn_nor_those_of_others() -> None:
    async def script(world: World) -> None:
        world.broken_guesses.add("Is it late?")
        world.pause(ADA, "Is it late?")
        await asyncio.sleep(0.5)
        world.end(ADA, "Is it late?")
        world.say(BEN, "Hello!")

    assert sorted(who for who, _ in act(script).asked) == ["Ada", "Ben"]


async def say_half(world: World, half: str = "Molly, I think", *, pause: float = 0.5) -> None:
    """Ada says something, and speaks again `pause` seconds after she was taken to have ended."""
    world.turns.begin(ADA)
    world.say(ADA, half)
    await asyncio.sleep(pause)
    world.turns.begin(ADA)
    await asyncio.sleep(1)


def test_who_goes_on_before_they_are_written_down_asks_one_question() -> None:
    async def script(world: World) -> None:
        world.seconds["Molly, I think"] = 0.7
        await say_half(world)
        assert world.asked == []
        world.say(ADA, "we should go.")

    world = act(script)
    assert world.asked == [("Ada", "🗣️ Ada: Molly, I think we should go.")]
    assert len(world.written) == 1


def test_who_goes_on_before_the_answer_is_heard_asks_one_question_in_one_message() -> None:
    async def script(world: World) -> None:
        await say_half(world)
        assert world.held, "it is answered as it is"
        world.say(ADA, "we should go.")

    world = act(script)
    assert world.asked_again == ["Molly, I think we should go."]
    assert [text for *_, text, _ in world.written] == ["🗣️ Ada: Molly, I think"], "the call's loop writes the rest there"
    assert not world.held


def test_where_speech_is_not_to_be_seen_it_is_asked_and_put_together_without_a_message() -> None:
    async def script(world: World) -> None:
        await say_half(world)
        assert world.held
        world.say(ADA, "we should go.")

    world = act(script, shows_speech=False)
    assert world.asked == [("Ada", "Molly, I think")]
    assert world.asked_again == ["Molly, I think we should go."]
    assert world.written == []


def test_three_pieces_are_one_question() -> None:
    async def script(world: World) -> None:
        await say_half(world)
        await say_half(world, "that we should")
        world.say(ADA, "go.")

    world = act(script)
    assert world.asked_again[-1] == "Molly, I think that we should go."
    assert len(world.asked) == 1
    assert not world.held


def test_who_speaks_when_the_answer_is_heard_asks_another_question() -> None:
    async def script(world: World) -> None:
        world.is_heard = True
        await say_half(world)
        world.say(ADA, "And why?")

    assert [text for _, text in act(script).asked] == ["🗣️ Ada: Molly, I think", "🗣️ Ada: And why?"]


def test_who_speaks_two_seconds_later_asks_another_question() -> None:
    async def script(world: World) -> None:
        await say_half(world, pause=1.3)
        world.say(ADA, "And why?")

    assert [text for _, text in act(script).asked] == ["🗣️ Ada: Molly, I think", "🗣️ Ada: And why?"]


def test_a_cough_behind_a_question_leaves_it_as_it_was() -> None:
    async def script(world: World) -> None:
        await say_half(world)
        world.turns.dismiss(ADA)

    world = act(script)
    assert world.asked_again == ["Molly, I think"]


def test_a_cough_before_a_question_is_written_down_costs_nothing() -> None:
    async def script(world: World) -> None:
        world.seconds["Molly, I think"] = 0.7
        await say_half(world)
        world.turns.dismiss(ADA)

    assert act(script).asked == [("Ada", "🗣️ Ada: Molly, I think")]


def test_what_others_say_meanwhile_is_theirs() -> None:
    async def script(world: World) -> None:
        await say_half(world)
        world.turns.begin(BEN)
        world.say(BEN, "Hello!")
        world.say(ADA, "we should go.")

    world = act(script)
    assert world.asked == [("Ada", "🗣️ Ada: Molly, I think"), ("Ben", "🗣️ Ben: Hello!")]
    assert world.asked_again == ["Molly, I think we should go."]


def test_who_may_not_be_heard_any_more_while_they_go_on_has_asked_what_is_written_down() -> None:
    async def script(world: World) -> None:
        await say_half(world)
        world.unwanted.add(ADA)
        world.turns.dismiss(ADA)
        world.turns.forget(ADA)

    world = act(script)
    assert world.asked_again == ["Molly, I think"]
    assert not world.held


def test_what_waits_for_its_end_when_the_call_stops_is_asked() -> None:
    async def script(world: World) -> None:
        world.seconds["Molly, I think"] = 0.7
        await say_half(world)

    assert act(script).asked == [("Ada", "🗣️ Ada: Molly, I think")]


def test_an_answer_that_was_begun_for_nothing_is_given_up_at_once_and_at_the_next_word_at_the_latest() -> None:
    async def script(world: World) -> None:
        world.asides.add("Mhm.")
        world.pause(ADA, "Mhm.")
        await asyncio.sleep(0.3)
        assert world.speculated == ["Mhm."]
        world.end(ADA, "Mhm.")
        await asyncio.sleep(0.3)
        assert world.withdrawn == [ADA]
        world.turns.begin(ADA)
        assert world.withdrawn == [ADA, ADA]

    act(script)


def test_an_answer_is_begun_in_the_pause_and_given_up_when_more_is_said() -> None:
    async def script(world: World) -> None:
        world.pause(ADA, "Is it late?")
        await asyncio.sleep(0.3)
        assert world.speculated == ["Is it late?"]
        assert world.written == []
        world.turns.resume(ADA)
        assert world.withdrawn == [ADA]
        world.pause(ADA, "Is it late in Rome?")
        await asyncio.sleep(0.3)
        world.end(ADA, "Is it late in Rome?")

    world = act(script)
    assert world.speculated == ["Is it late?", "Is it late in Rome?"]
    assert world.asked == [("Ada", "🗣️ Ada: Is it late in Rome?")]


def test_an_answer_is_begun_to_all_that_was_said() -> None:
    async def script(world: World) -> None:
        await say_half(world)
        world.pause(ADA, "we should go.")
        await asyncio.sleep(0.3)

    assert act(script).speculated == ["Molly, I think we should go."]


def test_no_answer_is_begun_to_what_is_not_ours_or_not_theirs() -> None:
    async def script(world: World) -> None:
        world.for_others = {"Pass me the salt."}
        world.said = "The ships come home at dusk."
        for text in ("Pass me the salt.", "the ships come home at dusk"):
            world.pause(ADA, text)
            await asyncio.sleep(0.3)
            world.turns.resume(ADA)

    assert act(script).speculated == []


def test_an_answer_is_begun_three_times_a_turn_at_most() -> None:
    async def script(world: World) -> None:
        for _ in range(2):
            world.turns.begin(ADA)
            for number in range(5):
                world.pause(ADA, "Is it late" + " in Rome" * number)
                await asyncio.sleep(0.3)
                world.turns.resume(ADA)

    assert len(act(script).speculated) == 6


def test_words_that_need_more_behind_them_and_questions_of_ours_are_given_time() -> None:
    async def script(world: World) -> None:
        world.turns.begin(ADA)
        world.pause(ADA, "Is it late,")
        await asyncio.sleep(0.3)
        assert world.longer == [(ADA, 1.3)]
        world.has_asked = True
        world.turns.begin(BEN)
        world.pause(BEN, "Yes.")

    assert act(script).longer == [(ADA, 1.3), (BEN, 1.0)]


def test_what_is_said_as_an_aside_is_neither_written_down_nor_asked() -> None:
    async def script(world: World) -> None:
        world.asides = {"mhm"}
        world.say(ADA, "mhm")
        await asyncio.sleep(5)
        world.say(ADA, "Is it late?")

    world = act(script)
    assert world.asked == [("Ada", "🗣️ Ada: Is it late?")]
