"""What was learned of one endpoint and its model, from what they refused."""

from __future__ import annotations

import copy
import logging
import time
from collections.abc import Callable, Sequence
from typing import Final

from assistant.domain.errors import ModelContextExceeded, ModelError, ModelFailed, ModelSystemRoleRefused
from assistant.llm.chat_message import ChatMessage
from assistant.llm.context_window import ContextWindow
from assistant.llm.request_options import RequestOptions

_logger = logging.getLogger(__name__)

_LEAST_MESSAGES: Final = 2
"""The instructions and the question."""
_KEPT_SECONDS: Final = 1800.0
"""How long a lesson is kept. What is always refused is learned again, which costs one request; what a proxy or one of
several servers refused for a moment is not given up for the process's life."""


class EndpointLessons:
    """How one endpoint wants its requests, as far as is known."""

    def __init__(self, options: RequestOptions, now: Callable[[], float] = time.monotonic) -> None:
        """Nothing is known yet.

        Args:
            options: what an endpoint is sent of which nothing is known.
            now: the time, in seconds.
        """
        self._first = options
        self._now = now
        self._due: float | None = None
        self._forget()

    def _forget(self) -> None:
        self.options = copy.deepcopy(self._first)
        """What is sent, and in which form."""
        self.window = ContextWindow()
        """How much is sent of a conversation."""
        self._due = None

    def begin(self) -> LessonTrial:
        """A reply begins. What was learned long ago is tried anew."""
        if self._due is not None and self._now() >= self._due:
            _logger.info("The model's endpoint is asked as at first: what it refused is long ago")
            self._forget()
        return LessonTrial(self)

    def learned(self) -> None:
        """A lesson was learned; it is kept for its time."""
        self._due = self._due or self._now() + _KEPT_SECONDS

    def go_back_to(self, options: RequestOptions, window: ContextWindow) -> None:
        """Know no more than this."""
        self.options, self.window = options, window


class LessonTrial:
    """What is learned for one reply. It is kept where it helps: any words may stand in a refusal."""

    def __init__(self, lessons: EndpointLessons) -> None:
        """The reply begins; see `EndpointLessons.begin`."""
        self._lessons = lessons
        self._before = copy.deepcopy(lessons.options), copy.deepcopy(lessons.window)
        self._has_learned = False
        self._was_shortened = False
        self._sent = 0  # how many messages the request had that was refused last

    def learn(self, error: ModelError, body: dict[str, object], sent: Sequence[ChatMessage]) -> bool:
        """Learn from a refusal of `body`, with the messages `sent`; whether to ask again at once, in another way."""
        self._sent = len(sent)
        is_new = self._learn(error, body, sent)
        if is_new:
            self._has_learned = True
            self._lessons.learned()
        return is_new

    def failed(self, error: ModelError) -> None:
        """There is no reply: where its last request was refused too, what was learned for it is taken back.

        Not where it was still too long: less is sent the next time then, unless it was the question alone.
        """
        if isinstance(error, ModelContextExceeded) and self._sent <= _LEAST_MESSAGES:
            self._lessons.window = ContextWindow()
        if self._has_learned and isinstance(error, ModelFailed | ModelSystemRoleRefused):
            _logger.info("That was not why the model's endpoint refused, so it is asked as before")
            self._lessons.go_back_to(*self._before)

    def _learn(self, error: ModelError, body: dict[str, object], sent: Sequence[ChatMessage]) -> bool:
        options, window = self._lessons.options, self._lessons.window
        match error:
            case ModelFailed():
                return options.learn(error.refused_field, body)
            case ModelSystemRoleRefused():
                return options.learn_to_fold(body)
            case ModelContextExceeded():
                is_answer = error.refused_field is not None
                has_less = is_answer and options.drop_limit(body)
                if is_answer and error.has_room_for_messages and has_less:
                    return True
                is_new = (window.learn(sent, error) or has_less) and not self._was_shortened
                self._was_shortened = self._was_shortened or is_new
                return is_new
            case _:
                return False
