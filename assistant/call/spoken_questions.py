"""What members said, as questions: written down in the chat and asked, once it is clear that they have ended."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import discord

from assistant.call.addressing import Addressing, Meant
from assistant.call.context import CallContext
from assistant.call.heard_lines import HeardLines
from assistant.call.message_intake import MessageIntake
from assistant.call.said import Said
from assistant.call.turn_loop import TurnLoop
from assistant.discord_io.request_errors import READING_ERRORS

_logger = logging.getLogger(__name__)

_GOES_ON_SECONDS: Final = 1.6
"""Who speaks again so soon after their last voice goes on with what they said: 1.5 s, and a tenth to notice a voice."""
_MOST_SPECULATIONS: Final = 3
"""How often an answer is begun in one turn of speech: each that is withdrawn costs a request to the model."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a member has said, and the id of the question; None, if they went on before it was asked."""

    said: Said
    question_id: int | None = None


class SpokenQuestions:
    """Those of one call. What is taken of one member is taken one after the other."""

    def __init__(
        self,
        context: CallContext,
        intake: MessageIntake,
        turn_loop: TurnLoop,
        addressing: Addressing,
        lines: HeardLines,
        *,
        on_called: Callable[[], None],
    ) -> None:
        """Nothing is asked yet.

        Args:
            context: the call.
            intake: takes a question.
            turn_loop: who answers them.
            addressing: tells what is said to us from what people say to each other.
            lines: writes down what was said.
            on_called: called when somebody has said our name and nothing else.
        """
        self._context = context
        self._intake = intake
        self._turn_loop = turn_loop
        self._addressing = addressing
        self._lines = lines
        self._on_called = on_called
        self._latest: dict[int, Said] = {}
        """What each member said last, whether or not it is recognized by now."""
        self._asked: dict[int, _Asked] = {}
        """What each member asked last."""
        self._speculated: Counter[int] = Counter()
        """How often an answer was begun in the turn of speech of each member."""
        self._going_on: dict[int, _Asked] = {}
        """What the members who speak now have said just before."""

    def guess(self, user_id: int, text: str, *, began_at: float) -> None:
        """A member who pauses has said this, which may be all: begin to answer it, unheard."""
        before = self._going_on.get(user_id)
        text, began_at = self._whole(user_id, before, text, began_at)
        speaker = self._context.voice.guild.get_member(user_id)
        is_allowed = self._speculated[user_id] < _MOST_SPECULATIONS
        if speaker is not None and is_allowed and self._addressing.meant_by(user_id, text, began_at) is Meant.YES:
            self._speculated[user_id] += 1
            self._turn_loop.speculate(speaker, text)

    def withdraw(self, user_id: int) -> None:
        """It was not all: give up what was begun."""
        self._turn_loop.withdraw(user_id)

    def began(self, user_id: int) -> None:
        """A member begins to speak: what they said just before was not all, unless its answer is heard by now."""
        self._speculated[user_id] = 0
        self._addressing.begin(user_id)
        self._turn_loop.withdraw(user_id)  # what was begun for something else, and never asked
        latest = self._latest.get(user_id)
        if latest is None or asyncio.get_running_loop().time() - latest.ended_at > _GOES_ON_SECONDS:
            return
        latest.is_continued = True
        asked = self._asked.get(user_id)
        if asked is not None and asked.said is latest:
            self._hold_back(user_id, asked)

    def ended(self, user_id: int, said: Said) -> None:
        """A member has said something, which is recognized next."""
        self._latest[user_id] = said

    def forget(self, user_id: int) -> None:
        """A member may not be heard any more: only what is written down already is answered."""
        self._turn_loop.withdraw(user_id)
        self._latest.pop(user_id, None)
        self._asked.pop(user_id, None)
        before = self._going_on.pop(user_id, None)
        if before is not None and before.question_id is not None:
            self._turn_loop.put_first(before.question_id, before.said)

    def is_going_on(self, user_id: int) -> bool:
        """Whether what a member said before waits for what they say now."""
        return user_id in self._going_on

    async def take(self, user_id: int, said: Said) -> None:
        """Ask what a member has said, together with what they said just before; an empty text adds nothing to it."""
        before = self._going_on.pop(user_id, None)
        question_id = before.question_id if before is not None else None
        said.text, said.began_at = self._whole(user_id, before, said.text, said.began_at)
        if said.is_continued and said.text:
            self._going_on[user_id] = _Asked(said, question_id)
            return
        if question_id is not None:
            self._turn_loop.put_first(question_id, said)
        elif said.text and self._is_question(user_id, said):
            question_id = await self._ask(user_id, said)
        if question_id is None:
            said.text = ""  # nothing is kept of what was not for us
            self._turn_loop.withdraw(user_id)
        else:
            asked = self._asked[user_id] = _Asked(said, question_id)
            if said.is_continued:  # while it was written down
                self._hold_back(user_id, asked)

    async def finish(self) -> None:
        """Nobody says more: ask what is left."""
        for user_id, before in list(self._going_on.items()):
            await self.take(user_id, replace(before.said, text="", is_continued=False))

    def _hold_back(self, user_id: int, asked: _Asked) -> None:
        if asked.question_id is not None and self._turn_loop.hold_back(asked.question_id):
            self._going_on[user_id] = asked

    def _whole(self, user_id: int, before: _Asked | None, text: str, began_at: float) -> tuple[str, float]:
        """What a member said before and what they went on with, and when they began.

        Who turned from somebody else to us has begun then: "Ben, I don't know. Molly, what time is it?".
        """
        if before is None:
            return text, began_at
        joined = _joined(before.said.text, text)
        if (
            before.question_id is None
            and self._addressing.meant_by(user_id, joined, before.said.began_at) is Meant.NO
            and self._addressing.meant_by(user_id, text, began_at) is not Meant.NO
        ):
            return text, began_at
        return joined, before.said.began_at

    def _is_question(self, user_id: int, said: Said) -> bool:
        meant = self._addressing.meant_by(user_id, said.text, said.began_at)
        if meant is not Meant.NO:
            self._addressing.keep_up(user_id)
        if meant is Meant.CALLED:
            self._on_called()
        return meant is Meant.YES

    async def _ask(self, user_id: int, said: Said) -> int | None:
        """Write down what somebody said, if that is wanted, and take it as their question.

        Returns the question's id; None where nothing is known of them.
        """
        speaker = await self._member(user_id)
        if speaker is None:
            return None
        message = await self._lines.write(speaker, said.text) if self._context.shows_speech else None
        return await self._intake.accept_spoken(speaker, said, message)

    async def _member(self, user_id: int) -> discord.Member | None:
        guild = self._context.voice.guild
        try:
            return guild.get_member(user_id) or await guild.fetch_member(user_id)
        except (discord.NotFound, *READING_ERRORS) as error:
            _logger.warning("What member %d said is not answered: nothing is known of them: %s", user_id, error)
            return None


def _joined(*texts: str) -> str:
    return " ".join(" ".join(texts).split())
