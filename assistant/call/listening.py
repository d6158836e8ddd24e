"""Hears the members of a call who may be heard, and sees to it that none of them goes unheard without a word."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from assistant.audio.player import Player
from assistant.call.addressing import Addressing
from assistant.call.context import CallContext
from assistant.call.heard_lines import HeardLines
from assistant.call.interruptions import Interruptions
from assistant.call.message_intake import MessageIntake
from assistant.call.services import Services
from assistant.call.spoken_questions import SpokenQuestions
from assistant.call.spoken_turns import SpokenTurns
from assistant.call.turn_loop import TurnLoop
from assistant.call.unheard_members import UnheardMembers
from assistant.domain.hearing_trouble import HearingTrouble
from assistant.domain.spoken_turn import SpokenTurn
from assistant.hearing.ear import TICK_SECONDS, Ear
from assistant.hearing.hearing_health import HearingHealth
from assistant.reply.question import Question

_logger = logging.getLogger(__name__)

_LOOK_SECONDS: Final = 0.5
_LAST_WORDS_SECONDS: Final = 3.0
"""How long a call that is about to stop waits for the end of what is being said: a host gives us some seconds only."""


class Listening:
    """What a call hears, and what is made of it."""

    def __init__(
        self,
        services: Services,
        context: CallContext,
        intake: MessageIntake,
        turn_loop: TurnLoop,
        *,
        on_change: Callable[[], None],
    ) -> None:
        """Nobody is heard before `begin`.

        Args:
            services: what all calls share.
            context: the call.
            intake: takes what was said.
            turn_loop: tells what we say ourselves.
            on_change: called when somebody becomes unheard, or is heard again.
        """
        self._services = services
        self._context = context
        self._addressing = Addressing(context, services.settings.assistant_name)
        self._interruptions = Interruptions(
            context,
            turn_loop,
            services.recognizer,
            self._addressing,
            services.metrics,
            name=services.settings.assistant_name,
            so_far=lambda user_id: None if self._ear is None else self._ear.so_far(user_id),
        )
        self._lines = HeardLines(context)
        self._turns = SpokenTurns(
            context,
            services.recognizer,
            SpokenQuestions(context, intake, turn_loop, self._addressing, self._lines, on_called=self._answer_call),
            is_wanted=self._may_hear,
            is_question=self._interruptions.is_question,
            said_around=turn_loop.said_around,
            has_asked=lambda: turn_loop.has_asked,
            wait_longer=self._wait_longer,
        )
        self._unheard = UnheardMembers(context.connection, services.metrics)
        self._on_change = on_change
        self._ear: Ear | None = None
        self._has_ear = asyncio.Event()
        self._tasks: asyncio.TaskGroup | None = None
        self._player: Player | None = None

    @property
    def unheard(self) -> Mapping[int, HearingTrouble]:
        """Who speaks and is not heard, by user id, and why."""
        return self._unheard.unheard

    def health_of(self, user_id: int) -> HearingHealth | None:
        """How well a member is heard; None if nothing of theirs came."""
        return None if self._ear is None else self._ear.health(user_id)

    def begin(self) -> None:
        """Hear whoever may be heard, once the call is joined; to be called when what that needs is loaded.

        Where nobody may ever be heard, packets are dropped as they come.
        """
        models = self._services.warm_up.hearing_models
        if models is None:
            self._services.consents.hear_nobody()  # nobody may be told that they are heard
        else:
            self._ear = Ear(
                models,
                wants=self._may_hear,
                on_speech=self._speech_begins,
                on_pause=self._turns.pause,
                on_resume=self._turns.resume,
                on_turn=self._speech_ends,
                on_dismissed=self._speech_is_dismissed,
            )
            self._context.connection.listener = self._ear
            self._has_ear.set()

    def consent_changed(self, user_id: int) -> None:
        """Somebody may be heard from now on, or may not any more: also in the middle of a word."""
        if self._ear is not None and not self._may_hear(user_id):
            self._ear.forget(user_id)
            self._turns.forget(user_id)

    def answered(self, question: Question) -> None:
        """Somebody was answered: what they say now is likely to be for us."""
        self._addressing.keep_up(question.asker.id)

    async def hear_out(self) -> None:
        """Return when those who speak now have ended, or speak on for long."""
        loop = asyncio.get_running_loop()
        until = loop.time() + _LAST_WORDS_SECONDS
        speaking = self._speaking()
        while speaking and loop.time() < until:
            await asyncio.sleep(TICK_SECONDS)
            speaking &= self._speaking()

    async def finish(self) -> None:
        """Return when all that was said is written down and waits for its answer."""
        await self._turns.finish()

    async def run(self, player: Player) -> None:
        """Listen until cancelled. `player` is where the sound is heard that answers to the name alone."""
        async with asyncio.TaskGroup() as tasks:
            self._player, self._tasks = player, tasks
            tasks.create_task(self._lines.run())
            tasks.create_task(self._turns.run())
            tasks.create_task(self._interruptions.run())
            tasks.create_task(self._listen())

    def _speech_begins(self, user_id: int) -> None:
        self._interruptions.begin(user_id)
        self._turns.begin(user_id)

    def _speech_ends(self, turn: SpokenTurn) -> None:
        self._interruptions.end(turn.user_id)
        self._turns.put(turn)

    def _speech_is_dismissed(self, user_id: int) -> None:
        self._interruptions.dismiss(user_id)
        self._turns.dismiss(user_id)

    def _answer_call(self) -> None:
        """Somebody has said the name only: let them hear that we listen."""
        cues = self._services.warm_up.cues
        if cues is not None and self._player is not None and self._tasks is not None:
            self._tasks.create_task(_play(self._player, cues.listening))

    def _wait_longer(self, user_id: int, seconds: float) -> None:
        if self._ear is not None:
            self._ear.wait_longer(user_id, seconds)

    def _speaking(self) -> AbstractSet[int]:
        return self._ear.speaking if self._ear is not None else frozenset()

    def _may_hear(self, user_id: int) -> bool:
        return self._services.consents.may_hear(self._context.guild_id, user_id)

    async def _listen(self) -> None:
        """Keep the ear going; without one, wait, and take nothing."""
        await self._has_ear.wait()
        assert self._ear is not None
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_tick(self._ear))
            tasks.create_task(self._watch(self._ear))

    async def _watch(self, ear: Ear) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                if self._unheard.look(ear.unheard(self._context.connection.arrived)):
                    self._on_change()
            except Exception:  # an error of ours here must not end the call
                _logger.exception("Looking for who is not heard failed")


async def _tick(ear: Ear) -> None:
    while True:
        await ear.wait_until_awake()
        await asyncio.sleep(TICK_SECONDS)
        ear.tick()


async def _play(player: Player, frames: Sequence[bytes]) -> None:
    try:
        await player.play_cue(frames)
    except Exception:  # an error of ours must not end the call
        _logger.exception("A sound could not be played")
