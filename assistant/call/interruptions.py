"""Lets people interrupt an answer as they interrupt each other.

Voice alone is no reason to stop, since it may be a cough, a laugh or "mhm": the answer only becomes softer. Words are:
then it waits, and goes on where it was if nothing comes of them. LiveKit's agents do the latter likewise
(https://docs.livekit.io/agents/build/turns/, "false interruptions").
"""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Final

from assistant.audio.fader import Fader
from assistant.call.addressing import FOLLOW_UP_SECONDS, Addressing
from assistant.call.answer_volume import AnswerVolume, FaderMaker
from assistant.call.context import CallContext
from assistant.call.echo import is_echo, may_become_echo
from assistant.call.overlap import Overlap
from assistant.call.partial_texts import PartialTexts
from assistant.call.turn_loop import TurnLoop
from assistant.discord_io import wording
from assistant.domain.interruption_outcome import InterruptionOutcome
from assistant.domain.spoken_turn import SpokenTurn
from assistant.domain.transcript import Transcript
from assistant.reply.turn import Turn
from assistant.stt.recognizer import Recognizer
from assistant.telemetry.metrics import Metrics
from assistant.text.asking import is_question
from assistant.text.backchannels import is_backchannel, is_stop, may_be_hum, word_count
from assistant.text.calling import is_called, is_only_name
from assistant.text.language_detection import language_of_locale
from assistant.voice.occupants import occupants_of

_logger = logging.getLogger(__name__)

_WORDS_TO_HOLD: Final = 2
"""One word may be misheard, or be said to somebody else."""
_NO_WORD_SECONDS: Final = 1.0
"""After so long without a word the answer is at full volume again,"""
_NOTHING_SECONDS: Final = 2.0
"""and after so long without anything more one that waits goes on."""
_LOOK_SECONDS: Final = 0.05
_LONGEST_SECONDS: Final = 60.0
"""After so long nobody will tell any more what came of it."""


class Interruptions:
    """Decides for one call: it is told when members begin to speak, and what came of it.

    It does something where `during_speech` is "polite" only.
    """

    def __init__(
        self,
        context: CallContext,
        turn_loop: TurnLoop,
        recognizer: Recognizer,
        addressing: Addressing,
        metrics: Metrics,
        *,
        name: str,
        so_far: Callable[[int], SpokenTurn | None],
        fader_of: FaderMaker = Fader,
    ) -> None:
        """Nothing happens before `run`.

        Args:
            context: the call.
            turn_loop: tells what is being said.
            recognizer: makes text of what members have said so far.
            addressing: is told who talks with the assistant.
            metrics: counts what came of it.
            name: the assistant's.
            so_far: returns what a member has said so far in the turn of speech that goes on.
            fader_of: makes what turns an answer down.
        """
        self._context = context
        self._turn_loop = turn_loop
        self._recognizer = recognizer
        self._addressing = addressing
        self._metrics = metrics
        self._name = name
        self._so_far = so_far
        self._volume = AnswerVolume(fader_of)
        self._overlaps: dict[int, Overlap] = {}
        self._called: dict[int, float] = {}
        """Who has said the name over an answer and nothing behind it, and when."""
        self._tasks: asyncio.TaskGroup | None = None

    async def run(self) -> None:
        """Attend to who speaks until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            try:
                await asyncio.Event().wait()
            finally:
                self._tasks = None

    def begin(self, user_id: int) -> None:
        """A member begins to speak."""
        if self._tasks is None or not self._is_polite or not self._may_interrupt(user_id):
            return
        overlap = self._overlaps.get(user_id)
        if overlap is not None:  # it is not known yet what came of the last time
            overlap.begin_again(_now())
            self._look(overlap)
            return
        heard_by = self._recognizer.heard_by
        texts = PartialTexts(
            self._guess, partial(self._weigh, user_id), is_hosted=heard_by is not None and bool(heard_by.hosts)
        )
        is_caller = _now() - self._called.get(user_id, float("-inf")) < FOLLOW_UP_SECONDS
        overlap = Overlap(user_id=user_id, began_at=_now(), texts=texts, is_caller=is_caller)
        self._overlaps[user_id] = overlap
        self._look(overlap)
        self._tasks.create_task(self._follow(overlap), name=f"interruption by {user_id}")

    def end(self, user_id: int) -> None:
        """A member has ended: it was speech, of which `is_question` is told the text."""
        overlap = self._overlaps.get(user_id)
        if overlap is not None:
            overlap.is_speaking, overlap.ended_at = False, _now()
            overlap.undecided += 1

    def dismiss(self, user_id: int) -> None:
        """A member has ended: it was no speech, or they may not be heard any more."""
        overlap = self._overlaps.get(user_id)
        if overlap is not None:
            overlap.is_speaking, overlap.ended_at = False, _now()
            overlap.let_go()
            self._heed()

    def is_question(self, user_id: int, text: str) -> bool:
        """Whether what a member said may be for the assistant to answer; what is heard makes way for it, or goes on.

        `text` is what was recognized; "" where that was nothing, or our own words.
        """
        overlap = self._overlaps.get(user_id)
        if overlap is None:
            return bool(text) and not (self._is_listening(text) and self._heard_turn is not None)
        overlap.undecided = max(0, overlap.undecided - 1)
        overlap.let_go()
        try:
            return bool(text) and self._decide(overlap, text)
        finally:
            self._heed()

    def _decide(self, overlap: Overlap, text: str) -> bool:
        turn, by = overlap.turn, self._display_name(overlap.user_id)
        if turn is None:
            return not self._gives_up_waiting(overlap.user_id, text)
        is_heard = turn is self._heard_turn
        if is_stop(text, self._name):  # also where the answer has ended meanwhile
            if is_heard and turn.skip(by):
                overlap.outcome = InterruptionOutcome.STOPPED
            return False
        if not is_heard:
            return is_question(turn.heard_text) or not is_backchannel(text)
        if self._is_listening(text):
            return False
        if is_only_name(self._name, text):  # what they want comes next
            overlap.is_caller, self._called[overlap.user_id] = True, _now()
            return True
        if overlap.is_asker:
            self._addressing.keep_up(overlap.user_id)  # who is answered need not say the name
        is_to_us = overlap.is_asker or overlap.is_caller or is_called(self._name, text)
        self._called.pop(overlap.user_id, None)
        if is_to_us and turn.interrupt(by):
            overlap.outcome = InterruptionOutcome.STOPPED
        return True

    def _is_listening(self, text: str) -> bool:
        """Whether this, said over an answer, only shows that somebody listens."""
        return is_backchannel(text) or (may_be_hum(text) and not is_called(self._name, text))

    def _gives_up_waiting(self, user_id: int, text: str) -> bool:
        """Whether somebody says "stop" to an answer that is not heard yet, and stops it."""
        turn = self._turn_loop.turn
        if turn is None or turn.is_heard or not is_stop(text, self._name):
            return False
        is_to_us = turn.question.asker.id == user_id or is_called(self._name, text)
        return is_to_us and turn.skip(self._display_name(user_id))

    async def _follow(self, overlap: Overlap) -> None:
        """Attend to a member until it is known what came of it."""
        try:
            while (overlap.is_speaking or overlap.undecided) and _now() - overlap.began_at < _LONGEST_SECONDS:
                await asyncio.sleep(_LOOK_SECONDS)
                self._look(overlap)
        except Exception:  # an error of ours: it must neither end the call nor silence the answer
            _logger.exception("Somebody who speaks over an answer could not be attended to")
        finally:
            del self._overlaps[overlap.user_id]
            overlap.texts.cancel()
            if overlap.outcome is not None:
                self._metrics.interruption_ended(overlap.outcome)
            self._heed()

    def _look(self, overlap: Overlap) -> None:
        now, heard = _now(), self._heard_turn
        if overlap.is_speaking and heard is not None and self._tasks is not None:
            if overlap.turn is not heard:
                overlap.meet(heard, now)
            is_more = overlap.texts.look(self._so_far(overlap.user_id), now, self._tasks)
            if is_more and overlap.is_holding and now - overlap.words_at < _NO_WORD_SECONDS:
                overlap.words_at = now  # where words came until now, a voice that goes on is taken for more of them
        if overlap.is_holding:
            if now - max(overlap.words_at, overlap.ended_at) >= _NOTHING_SECONDS:
                overlap.let_go()
        elif overlap.is_ducking and now - overlap.words_at >= _NO_WORD_SECONDS:
            overlap.let_go()
        self._heed()

    async def _guess(self, said: SpokenTurn) -> Transcript | None:
        language = self._context.preferences.chosen_language(self._context.guild_id, said.user_id)
        likely = language_of_locale(self._context.voice.guild.preferred_locale)
        return await self._recognizer.guess(said.pcm, language, likely=likely)

    def _weigh(self, user_id: int, text: str) -> None:
        """See what a member's words so far mean for the answer."""
        overlap = self._overlaps.get(user_id)
        if overlap is None or overlap.turn is not self._heard_turn or not overlap.is_speaking:
            return
        ours = self._turn_loop.said_around(overlap.began_at)
        is_end = is_stop(text, self._name)
        if is_echo(text, ours):
            overlap.let_go()
        elif is_end or not may_become_echo(text, ours):
            words = word_count(text)
            overlap.hear_words(
                words,
                _now(),
                is_to_us=is_end or is_called(self._name, text),
                is_enough=is_end or words >= _WORDS_TO_HOLD,
            )
        self._heed()

    def _heed(self) -> None:
        """Let the answer be as loud as those who speak want it, or wait for them."""
        turn = self._heard_turn
        concerned = [overlap for overlap in self._overlaps.values() if turn is not None and overlap.turn is turn]
        for overlap in concerned:
            overlap.note_effect()
        if self._tasks is not None:
            self._volume.set(
                None if turn is None else turn.track,
                self._tasks,
                is_ducking=any(overlap.is_ducking for overlap in concerned),
                is_holding=any(overlap.is_holding for overlap in concerned),
            )

    @property
    def _heard_turn(self) -> Turn | None:
        """The turn whose answer is heard now."""
        turn = self._turn_loop.turn
        return turn if turn is not None and turn.is_heard else None

    @property
    def _is_polite(self) -> bool:
        return self._context.preferences.options_for(self._context.guild_id).during_speech == "polite"

    def _may_interrupt(self, user_id: int) -> bool:
        member = self._context.voice.guild.get_member(user_id)
        if member is None:  # in the call, and not known by name
            return user_id in occupants_of(self._context.voice)
        return self._context.may_control(member)

    def _display_name(self, user_id: int) -> str:
        member = self._context.voice.guild.get_member(user_id)
        return wording.SOMEBODY if member is None else member.display_name


def _now() -> float:
    return asyncio.get_running_loop().time()
