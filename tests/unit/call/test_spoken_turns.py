"""What members say becomes text, a message and a question: once, in order, or somebody is told."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from types import SimpleNamespace
from typing import Any, cast

import discord

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

    def __init__(self) -> None:
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
        self.asked: list[tuple[str, str]] = []
        """Who was taken to have asked, and the message in which it stands."""
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
        context = SimpleNamespace(
            guild_id=5,
            text=self.text,
            places=(self.text, self.voice),
            voice=self.voice,
            preferences=SimpleNamespace(chosen_language=lambda *_: self.language),
        )
        self.turns = SpokenTurns(
            cast(Any, context),
            cast(Any, self),
            cast(Any, self),
            is_wanted=lambda user_id: user_id not in self.unwanted,
            said_lately=lambda: self.said,
            addressing=cast(Any, SimpleNamespace(is_meant=lambda _, text: text not in self.for_others)),
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

    async def accept_spoken(self, message: Any, speaker: Any) -> None:
        content = next(text for _, message_id, text, _ in self.written if message_id == message.id)
        self.asked.append((speaker.display_name, content))

    @property
    def written(self) -> list[tuple[str, int, str, bool]]:
        return self.text.written + self.voice.written

    def say(self, user_id: int, text: str) -> None:
        self.turns.put(SpokenTurn(user_id, text.encode(), 1.0, 0.0, 0.0))

    def pause(self, user_id: int, text: str, *, after: float = 0.0) -> None:
        """A member pauses `after` seconds after the last voice of what `say` says."""
        self.turns.guess(SpokenTurn(user_id, text.encode(), 1.0, after, 0.0))


def act(script: Callable[[World], Coroutine[Any, Any, None]]) -> World:
    """Run a script while the turns are taken, and until none waits; in virtual time."""

    async def main() -> World:
        world = World()
        running = asyncio.create_task(world.turns.run())
        await asyncio.sleep(0)
        await script(world)
        await world.turns.finish()
        await asyncio.sleep(1)
        running.cancel()
        await asyncio.wait({running})
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
        world.turns.warm(ADA)
        world.say(ADA, "one")
        await world.turns.finish()
        world.language = "de"
        world.turns.warm(ADA)
        world.say(ADA, "zwei")

    world = act(script)
    assert world.heard == [("one", "", "en"), ("zwei", "de", "en")]
    assert world.warmed == [("", "en"), ("de", "en")]


def test_where_nobody_chose_a_language_that_of_the_server_is_likely() -> None:
    async def script(world: World) -> None:
        for locale in ("de", "pt-BR", "zh-CN", "sv-SE", "en-GB", "hr"):
            world.guild.preferred_locale = locale
            world.turns.warm(ADA)
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
    assert world.asked == [("Ada", "🗣️ Ada: Is it late?")]
    (options,) = world.text.options
    assert options["enforce_nonce"]
    assert options["allowed_mentions"].to_dict() == {"parse": []}


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
        world.say(ADA, "Is it late?")
        await asyncio.sleep(0.06)
        assert world.asked == [("Ada", "🗣️ Ada: Is it late?")]

    assert act(script).heard == []


def test_a_guess_at_less_than_the_turn_is_given_up() -> None:
    async def script(world: World) -> None:
        world.seconds["Is"] = 5.0
        world.pause(ADA, "Is", after=-1.0)
        await asyncio.sleep(0.1)
        world.say(ADA, "Is it late?")

    world = act(script)
    assert world.asked == [("Ada", "🗣️ Ada: Is it late?")]
    assert world.given_up == ["Is"]


def test_the_next_turn_s_guess_leaves_the_one_before_alone() -> None:
    async def script(world: World) -> None:
        world.seconds["One."] = 1.0
        world.pause(ADA, "One.")
        await asyncio.sleep(0.1)
        world.say(ADA, "One.")
        await asyncio.sleep(0.1)
        world.pause(ADA, "Two.")
        await asyncio.sleep(0.1)
        world.say(ADA, "Two.")

    world = act(script)
    assert [content for _, content in world.asked] == ["🗣️ Ada: One.", "🗣️ Ada: Two."]


def test_a_guess_that_fails_costs_nothing() -> None:
    async def script(world: World) -> None:
        world.errors["Is it late?"] = RecognitionUnavailable(tried=(), language="")
        world.pause(ADA, "Is it late?")
        await asyncio.sleep(0.5)
        world.errors.clear()
        world.say(ADA, "Is it late?")

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
        world.say(ADA, "Is it late?")
        world.say(BEN, "Hello!")

    assert sorted(who for who, _ in act(script).asked) == ["Ada", "Ben"]
