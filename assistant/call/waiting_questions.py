"""The questions of one call that are not answered yet: those that wait for their turn, and whose speakers go on."""

from collections.abc import Callable
from dataclasses import replace

from assistant.call.inbox import Inbox, Offer
from assistant.call.said import Said
from assistant.reply.question import Question


class WaitingQuestions:
    """Members take turns, and of each the oldest question is next."""

    def __init__(self, size: int) -> None:
        """`size` is how many may wait; half of them may be one member's."""
        self._inbox: Inbox[Question] = Inbox(size)
        self._held_back: dict[int, Question] = {}
        """By their ids."""

    def __len__(self) -> int:
        """How many wait for their turn."""
        return len(self._inbox)

    @property
    def share(self) -> int:
        """How many questions of one member may wait."""
        return self._inbox.share

    @property
    def items(self) -> list[Question]:
        """All of them, in no order."""
        return [*self._inbox.items, *self._held_back.values()]

    def is_next(self, asker_id: int) -> bool:
        """Whether a member's next question would be answered before all that wait."""
        return not len(self._inbox) and all(one.asker.id == asker_id for one in self._held_back.values())

    def offer(self, question: Question) -> Offer:
        """Let a question wait, unless there is no room for it."""
        return self._inbox.offer(question, question.asker.id)

    def put_back(self, question: Question) -> None:
        """Let a question wait that was accepted before, whether or not there is room."""
        self._inbox.put_back(question, question.asker.id)

    async def get(self) -> Question:
        """The next one, as soon as there is one.

        Raises:
            InboxClosed: `close` was called.
        """
        return await self._inbox.get()

    def hold_back(self, question: Question) -> None:
        """Keep a question that was taken out already until its speaker has ended."""
        self._held_back[question.id] = question

    def take_back(self, question_id: int) -> bool:
        """Hold a question back that waits; False where none does."""
        taken = self._inbox.replace(lambda question: None if question.id == question_id else question)
        self._held_back.update((question.id, question) for question in taken)
        return bool(taken)

    def put_first(self, question_id: int, said: Said) -> Question | None:
        """Let a question that was held back be the next one, as what its speaker has said by now; None if it is gone.

        Returns it if its text is another one.
        """
        question = self._held_back.pop(question_id, None)
        if question is None:
            return None
        whole = replace(
            question,
            text=said.text,
            received=said.ended_at,
            recognized=said.recognized,
            committed=said.committed,
        )
        self._inbox.put_first(whole, question.asker.id)
        return whole if whole.text != question.text else None

    def replace(self, change: Callable[[Question], Question | None]) -> list[Question]:
        """Put in the place of each question what `change` makes of it; None removes it. Returns those removed."""
        removed = self._inbox.replace(change)
        for question_id, question in list(self._held_back.items()):
            changed = change(question)
            if changed is None:
                removed.append(self._held_back.pop(question_id))
            else:
                self._held_back[question_id] = changed
        return removed

    def close(self) -> list[Question]:
        """Take no more. Returns all that waited, those held back first."""
        return [*self._held_back.values(), *self._inbox.close()]
