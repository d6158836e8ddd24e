"""Makes text of what members say: each one's turns in their order, and what they may have said while they pause."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from assistant.call.context import CallContext
from assistant.call.echo import is_echo
from assistant.call.said import Said
from assistant.call.spoken_questions import SpokenQuestions
from assistant.discord_io import wording
from assistant.discord_io.posting import post
from assistant.domain.errors import LanguageNotUnderstood, RecognitionUnavailable
from assistant.domain.spoken_turn import SpokenTurn
from assistant.domain.transcript import Transcript
from assistant.stt.recognizer import Recognizer
from assistant.text.language_detection import language_of_locale
from assistant.text.unfinished import is_unfinished

_logger = logging.getLogger(__name__)

_MOST_WAITING: Final = 5
"""Turns of one member that wait to be recognized; of more, the oldest is lost, and they are told."""
_AT_ONCE: Final = 4
"""Turns that are recognized at a time."""
_QUIET_SECONDS: Final = 60.0
"""How long nothing more is said about turns that could not be understood."""
_UNFINISHED_SECONDS: Final = 1.3
"""The silence that ends a turn whose last words need more behind them, such as "and" or "the". Measured on people: with
2.5 s, 7 of 68 recordings were answered in a pause, not 9; but one question in twenty ends so, and waited 3 s."""
_BREATH_SECONDS: Final = 0.16
"""Voice behind a pause that is less than this is no word; of more, the ear tells that the turn goes on."""
_THINKING_SECONDS: Final = 1.0
"""The silence that ends a turn of somebody whom we asked something."""


@dataclass(frozen=True, slots=True)
class _Guess:
    """What a member has said so far is recognized while they pause."""

    voiced_seconds: float
    began_at: float
    text: asyncio.Task[Transcript | None]

    def is_of(self, turn: SpokenTurn) -> bool:
        """Whether they have not said a thing since; they may have drawn a breath."""
        return self.began_at == turn.began_at and turn.voiced_seconds - self.voiced_seconds < _BREATH_SECONDS


@dataclass(frozen=True, slots=True)
class _Heard:
    """A turn, or a sound that was none, and what we said ourselves meanwhile."""

    turn: SpokenTurn | None
    said: Said
    ours: str = ""
    guess: asyncio.Task[Transcript | None] | None = None


class SpokenTurns:
    """The turns of one call: each member's are recognized one after the other, those of several side by side."""

    def __init__(
        self,
        context: CallContext,
        recognizer: Recognizer,
        questions: SpokenQuestions,
        *,
        is_wanted: Callable[[int], bool],
        is_question: Callable[[int, str], bool],
        said_around: Callable[[float], str],
        has_asked: Callable[[], bool],
        wait_longer: Callable[[int, float], None],
    ) -> None:
        """Nothing is recognized before `run`.

        Args:
            context: the call.
            recognizer: makes text of sound.
            questions: who takes the text.
            is_wanted: whether a member may be heard, by their id; asked again when the text is there.
            is_question: whether what a member said, by their id, may be a question and no "mhm"; told of no text, too.
            said_around: tells what we said ourselves at a time, or just before it; who begins to speak then may only
                pass it on by their loudspeaker.
            has_asked: whether that was a question.
            wait_longer: lets a member's turn end only after so many seconds of silence.
        """
        self._context = context
        self._recognizer = recognizer
        self._questions = questions
        self._is_wanted = is_wanted
        self._is_question = is_question
        self._said_around = said_around
        self._has_asked = has_asked
        self._wait_longer = wait_longer
        self._thinking: set[int] = set()
        """Who speaks since we asked something."""
        self._waiting: dict[int, deque[_Heard]] = {}
        self._tasks: asyncio.TaskGroup | None = None
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._is_idle = asyncio.Event()
        self._is_idle.set()
        self._quiet_until: dict[str, float] = {}
        self._guesses: dict[int, _Guess] = {}
        self._guessed_at: dict[int, float] = {}
        """When the last guess at what each member says was there, as long as they say it."""

    def begin(self, user_id: int) -> None:
        """A member begins to speak: prepare what will recognize it."""
        self._recognizer.warm(self._language_of(user_id), likely=self._likely_language)
        self._questions.began(user_id)
        self._thinking.discard(user_id)
        if self._has_asked():
            self._thinking.add(user_id)

    def pause(self, turn: SpokenTurn) -> None:
        """A member pauses: what they have said so far may be all, and can be recognized meanwhile."""
        self._take_guess(turn)
        if turn.user_id in self._thinking:
            self._wait_longer(turn.user_id, _THINKING_SECONDS)
        if self._tasks is not None:
            text = self._tasks.create_task(self._guess_at(turn), name=f"guess at {turn.user_id}")
            self._guesses[turn.user_id] = _Guess(turn.voiced_seconds, turn.began_at, text)

    def resume(self, user_id: int) -> None:
        """A member goes on after a pause: it was not all, and nothing that was made of it counts."""
        self._drop_guess(user_id)
        self._questions.withdraw(user_id)

    def forget(self, user_id: int) -> None:
        """A member may not be heard any more: keep nothing that was guessed of what they were saying."""
        self._drop_guess(user_id)
        self._questions.forget(user_id)

    def put(self, turn: SpokenTurn) -> None:
        """A member has said something."""
        guess = self._take_guess(turn)
        said = Said(began_at=turn.began_at, ended_at=turn.ended_at, committed=_now())
        if guess is not None and guess.done():
            said.recognized = self._guessed_at.get(turn.user_id)
        self._guessed_at.pop(turn.user_id, None)
        self._questions.ended(turn.user_id, said)
        self._put(turn.user_id, _Heard(turn, said, self._said_around(turn.began_at), guess))

    def dismiss(self, user_id: int) -> None:
        """What a member began to say was no speech: nothing is added to what they said before."""
        self.resume(user_id)
        if user_id in self._waiting or self._questions.is_going_on(user_id):
            now = _now()
            self._put(user_id, _Heard(None, Said(began_at=now, ended_at=now, committed=now)))

    async def finish(self) -> None:
        """Return when nothing that was said waits any more."""
        await self._is_idle.wait()
        await self._questions.finish()

    async def run(self) -> None:
        """Recognize what is said until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            try:
                await asyncio.Event().wait()
            finally:
                self._tasks = None

    def _put(self, user_id: int, heard: _Heard) -> None:
        waiting = self._waiting.get(user_id)
        if waiting is not None:
            if len(waiting) >= _MOST_WAITING:
                waiting.popleft()
                self._tell_soon(wording.NOT_ALL_HEARD)
            waiting.append(heard)
        elif self._tasks is not None:
            self._waiting[user_id] = deque([heard])
            self._is_idle.clear()
            self._tasks.create_task(self._take_all(user_id), name=f"speech of {user_id}")

    def _take_guess(self, turn: SpokenTurn) -> asyncio.Task[Transcript | None] | None:
        """What is guessed of a turn; a guess at less of it is given up."""
        guess = self._guesses.get(turn.user_id)
        if guess is not None and guess.is_of(turn):
            del self._guesses[turn.user_id]
            return guess.text
        self._drop_guess(turn.user_id)
        return None

    def _drop_guess(self, user_id: int) -> None:
        self._guessed_at.pop(user_id, None)
        guess = self._guesses.pop(user_id, None)
        if guess is not None:
            guess.text.cancel()

    async def _guess_at(self, turn: SpokenTurn) -> Transcript | None:
        language = self._language_of(turn.user_id)
        try:
            guess = await self._recognizer.guess(turn.pcm, language, likely=self._likely_language)
            if guess is not None and self._is_wanted(turn.user_id):
                self._guessed_at[turn.user_id] = _now()
                self._speculate(turn, guess.text)
        except Exception:  # an error of ours: the turn is recognized when it is over
            _logger.exception("What somebody is saying could not be guessed")
            return None
        return guess

    def _speculate(self, turn: SpokenTurn, text: str) -> None:
        """Make what can be made of it while it is not certain that it is all."""
        if is_unfinished(text):
            self._wait_longer(turn.user_id, _UNFINISHED_SECONDS)
        if text and not is_echo(text, self._said_around(turn.began_at)):
            self._questions.guess(turn.user_id, text, began_at=turn.began_at)

    async def _take_all(self, user_id: int) -> None:
        waiting = self._waiting[user_id]
        try:
            while waiting:
                heard = waiting.popleft()
                try:
                    await self._take(user_id, heard)
                except Exception:
                    _logger.exception("What somebody said could not be taken")
        finally:
            del self._waiting[user_id]
            if not self._waiting:
                self._is_idle.set()

    async def _take(self, user_id: int, heard: _Heard) -> None:
        said = heard.said
        if heard.turn is not None:
            async with self._slots:
                text = await self._text_of(heard.turn, heard.guess)
            said.recognized = said.recognized or _now()
            if is_echo(text, heard.ours):
                _logger.debug("Our own words came back out of a member's loudspeaker")
                text = ""
            if self._is_question(user_id, text):
                said.text = text
        await self._questions.take(user_id, said)

    async def _text_of(self, turn: SpokenTurn, guess: asyncio.Task[Transcript | None] | None) -> str:
        """What was said; empty where nothing was, nobody understands it, or the speaker may not be heard any more."""
        if not self._is_wanted(turn.user_id):  # taken back while it waited: no service gets it
            return ""
        language = self._language_of(turn.user_id)
        try:
            transcript = await self._recognizer.transcribe(
                turn.pcm, language, likely=self._likely_language, guess=guess
            )
        except LanguageNotUnderstood as error:
            self._tell_soon(wording.not_understood(error.language), once=True)
            return ""
        except RecognitionUnavailable:
            self._tell_soon(wording.NOT_RECOGNIZED)
            return ""
        return transcript.text if self._is_wanted(turn.user_id) else ""

    def _language_of(self, user_id: int) -> str:
        return self._context.preferences.chosen_language(self._context.guild_id, user_id)

    @property
    def _likely_language(self) -> str:
        """What is spoken on this server where nobody chose anything: Discord's default for all servers is English."""
        return language_of_locale(self._context.voice.guild.preferred_locale)

    def _tell_soon(self, text: str, *, once: bool = False) -> None:
        """Post a notice, unless the same one was posted a moment ago, or at all with `once`."""
        now = asyncio.get_running_loop().time()
        if self._tasks is not None and now >= self._quiet_until.get(text, 0.0):
            self._quiet_until[text] = float("inf") if once else now + _QUIET_SECONDS
            self._tasks.create_task(_post(self._context, text))


def _now() -> float:
    """The time of the ear's clock, which is the event loop's."""
    return asyncio.get_running_loop().time()


async def _post(context: CallContext, text: str) -> None:
    for place in context.places:
        if await post(place, text):
            return
