"""What is typed in one call and what is answered: one turn after the other, and what the model remembers of them."""

import logging
from collections.abc import Callable
from pathlib import Path

from assistant import wording
from assistant.chat import ChatModel
from assistant.inbox import Inbox
from assistant.manner import Manner
from assistant.memory import Conversation
from assistant.posting import post
from assistant.settings import Settings
from assistant.speaker import Speaker
from assistant.speech.synthesizer import Synthesizer
from assistant.trace import Traces, TraceSummary
from assistant.turn import Question, Turn

_log = logging.getLogger(__name__)


class Dialogue:
    """Answers the messages of one call in order."""

    def __init__(
        self, settings: Settings, *, model: ChatModel, synthesizer: Synthesizer, manner: Callable[[], Manner]
    ) -> None:
        """Messages may be offered at once; they are answered while `run` runs.

        Args:
            settings: what the owner decided.
            model: who answers.
            synthesizer: who speaks.
            manner: how the next turn is answered; it is asked when that begins.
        """
        self._settings = settings
        self._model = model
        self._synthesizer = synthesizer
        self._manner = manner
        self._inbox: Inbox[Question] = Inbox(settings.inbox_size)
        self._conversation = Conversation(settings.system_prompt, turns=settings.ai_memory_turns)
        self._turn: Turn | None = None
        self._traces = Traces()

    @property
    def waiting(self) -> int:
        """How many messages wait for their turn."""
        return len(self._inbox)

    @property
    def traces(self) -> TraceSummary | None:
        """Where the time of the latest turns went; None before any was heard."""
        return self._traces.summary()

    def offer(self, question: Question) -> bool:
        """Take a message to be answered in its turn, which may stop the answer of the moment; False when too many wait.

        One that comes while the call is ending is taken too: the goodbye says that it stays unanswered.
        """
        is_taken = self._inbox.offer(question)
        if is_taken and self._turn is not None and self._turn.gives_way:
            self._turn.skip(question.author)
        return is_taken

    def skip(self, by: str) -> bool:
        """Stop the answer of the moment; False when there is none. See `Turn.skip`."""
        return self._turn is not None and self._turn.skip(by)

    async def run(self, speaker: Speaker, folder: Path, answered: Callable[[], None]) -> None:
        """Answer the messages, one after the other, until cancelled.

        Args:
            speaker: where the answers are heard.
            folder: the call's own; the turns make their audio inside it.
            answered: called after each turn.
        """
        while True:
            question = await self._inbox.take()
            self._turn = Turn(
                question,
                model=self._model,
                synthesizer=self._synthesizer,
                speaker=speaker,
                conversation=self._conversation,
                language_of=lambda _: self._settings.tts_language,
                manner=self._manner(),
                folder=folder,
            )
            try:
                await self._turn.run()
                self._traces.add(self._turn.trace)
            except Exception:  # noqa: BLE001 - one message that breaks us must not end the call for all
                _log.exception("A turn broke")
                await post(question.place, wording.TURN_BROKEN, answering=question.message)
            self._turn = None
            answered()

    def close(self) -> list[Question]:
        """Take no further message. Returns those that stay unanswered, so that their authors can be told."""
        waiting = self._inbox.close()
        if self._turn is not None and not self._turn.is_answered:
            waiting.insert(0, self._turn.question)
        return waiting
