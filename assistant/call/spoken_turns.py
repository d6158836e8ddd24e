"""Makes questions of what members say: recognized, written down in the chat, and taken like what is typed."""

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import discord

from assistant.call.addressing import Addressing
from assistant.call.context import CallContext
from assistant.call.echo import is_echo
from assistant.call.message_intake import MessageIntake
from assistant.discord_io import wording
from assistant.discord_io.posting import post, try_to_post
from assistant.discord_io.request_errors import READING_ERRORS
from assistant.domain.errors import LanguageNotUnderstood, RecognitionUnavailable
from assistant.domain.spoken_turn import SpokenTurn
from assistant.domain.transcript import Transcript
from assistant.stt.recognizer import Recognizer
from assistant.text.language_detection import language_of_locale

_logger = logging.getLogger(__name__)

_MOST_WAITING: Final = 5
"""Turns of one member that wait to be recognized; of more, the oldest is lost, and they are told."""
_AT_ONCE: Final = 4
"""Turns that are recognized at a time."""
_POST_TRIES: Final = 3
_QUIET_SECONDS: Final = 60.0
"""How long nothing more is said about turns that could not be understood."""


@dataclass(frozen=True, slots=True)
class _Guess:
    """What a member has said so far is recognized while they pause."""

    voiced_seconds: float
    ended_at: float
    text: asyncio.Task[Transcript | None]

    def is_of(self, turn: SpokenTurn) -> bool:
        """Whether they have not said a thing since."""
        return (self.voiced_seconds, self.ended_at) == (turn.voiced_seconds, turn.ended_at)


@dataclass(frozen=True, slots=True)
class _Heard:
    """A turn, and what we said ourselves meanwhile."""

    turn: SpokenTurn
    said: str
    guess: asyncio.Task[Transcript | None] | None


class SpokenTurns:
    """The turns of one call: each member's are recognized one after the other, those of several side by side."""

    def __init__(
        self,
        context: CallContext,
        intake: MessageIntake,
        recognizer: Recognizer,
        *,
        is_wanted: Callable[[int], bool],
        said_lately: Callable[[], str],
        addressing: Addressing,
    ) -> None:
        """Nothing is recognized before `run`.

        Args:
            context: the call.
            intake: takes what was said as a question.
            recognizer: makes text of sound.
            is_wanted: whether a member may be heard, by their id; asked again when the text is there.
            addressing: tells what is said to us from what people say to each other.
            said_lately: tells what we said ourselves a moment ago, which may come back out of a member's loudspeaker.
        """
        self._context = context
        self._intake = intake
        self._recognizer = recognizer
        self._is_wanted = is_wanted
        self._said_lately = said_lately
        self._addressing = addressing
        self._waiting: dict[int, deque[_Heard]] = {}
        self._tasks: asyncio.TaskGroup | None = None
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._is_idle = asyncio.Event()
        self._is_idle.set()
        self._quiet_until: dict[str, float] = {}
        self._guesses: dict[int, _Guess] = {}

    def warm(self, user_id: int) -> None:
        """A member begins to speak: prepare what will recognize it."""
        self._recognizer.warm(self._language_of(user_id), likely=self._likely_language)

    def guess(self, turn: SpokenTurn) -> None:
        """A member pauses: what they have said so far may be all, and can be recognized meanwhile."""
        self._take_guess(turn)
        if self._tasks is not None:
            text = self._tasks.create_task(self._guess_at(turn), name=f"guess at {turn.user_id}")
            self._guesses[turn.user_id] = _Guess(turn.voiced_seconds, turn.ended_at, text)

    def forget(self, user_id: int) -> None:
        """A member may not be heard any more: keep nothing that was guessed of what they were saying."""
        guess = self._guesses.pop(user_id, None)
        if guess is not None:
            guess.text.cancel()

    def put(self, turn: SpokenTurn) -> None:
        """A member has said something."""
        heard = _Heard(turn, self._said_lately(), self._take_guess(turn))
        waiting = self._waiting.get(turn.user_id)
        if waiting is not None:
            if len(waiting) >= _MOST_WAITING:
                waiting.popleft()
                self._tell_soon(wording.NOT_ALL_HEARD)
            waiting.append(heard)
        elif self._tasks is not None:
            self._waiting[turn.user_id] = deque([heard])
            self._is_idle.clear()
            self._tasks.create_task(self._take_all(turn.user_id), name=f"speech of {turn.user_id}")

    async def finish(self) -> None:
        """Return when nothing that was said waits any more."""
        await self._is_idle.wait()

    async def run(self) -> None:
        """Recognize what is said until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            try:
                await asyncio.Event().wait()
            finally:
                self._tasks = None

    def _take_guess(self, turn: SpokenTurn) -> asyncio.Task[Transcript | None] | None:
        """What is guessed of a turn; a guess at less of it is given up."""
        guess = self._guesses.pop(turn.user_id, None)
        if guess is None or guess.is_of(turn):
            return None if guess is None else guess.text
        guess.text.cancel()
        return None

    async def _guess_at(self, turn: SpokenTurn) -> Transcript | None:
        language = self._language_of(turn.user_id)
        try:
            return await self._recognizer.guess(turn.pcm, language, likely=self._likely_language)
        except Exception:  # an error of ours: the turn is recognized when it is over
            _logger.exception("What somebody is saying could not be guessed")
            return None

    async def _take_all(self, user_id: int) -> None:
        waiting = self._waiting[user_id]
        try:
            while waiting:
                heard = waiting.popleft()
                try:
                    async with self._slots:
                        text = await self._text_of(heard.turn, heard.guess)
                    if is_echo(text, heard.said):
                        _logger.debug("Our own words came back out of a member's loudspeaker")
                        continue
                    if text and self._addressing.is_meant(user_id, text):
                        await self._ask(user_id, text)
                except Exception:
                    _logger.exception("What somebody said could not be taken")
        finally:
            del self._waiting[user_id]
            if not self._waiting:
                self._is_idle.set()

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

    async def _ask(self, user_id: int, text: str) -> None:
        """Write down what somebody said, and take it as their question."""
        speaker = await self._member(user_id)
        if speaker is None:
            return
        written: list[discord.Message] = []
        shown = wording.heard(speaker.display_name, text)
        once = secrets.token_hex(8)  # Discord may take a post, and its answer be lost
        for place in self._context.places:
            await try_to_post(place, shown, once=once, tries=_POST_TRIES, on_sent=written.append)
            if written:
                await self._intake.accept_spoken(written[0], speaker)
                return
        _logger.warning("What %s said could not be written down, and is not answered", speaker)

    async def _member(self, user_id: int) -> discord.Member | None:
        guild = self._context.voice.guild
        try:
            return guild.get_member(user_id) or await guild.fetch_member(user_id)
        except (discord.NotFound, *READING_ERRORS) as error:
            _logger.warning("What member %d said is not answered: nothing is known of them: %s", user_id, error)
            return None

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


async def _post(context: CallContext, text: str) -> None:
    for place in context.places:
        if await post(place, text):
            return
