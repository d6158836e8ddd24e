"""What the model is reminded of."""

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from assistant.domain.exchange import Exchange
from assistant.domain.message_context import NO_CONTEXT, MessageContext
from assistant.domain.token_count import estimated_tokens
from assistant.llm.chat_message import ChatMessage
from assistant.util.text_boundaries import character_boundary

NOTHING_SAID: Final = "(interrupted before anything was said)"
"""Stands for an empty reply: several models refuse an empty answer, or two questions in a row."""
_SHORTENED: Final = " … (shortened)"


def interrupted_reply(heard: str) -> str:
    """The answer of which only `heard` was heard, as the model is reminded of it.

    Who interrupted it is told beside the question: a name that stood here would be words of the model itself.
    """
    return f"{heard} … (interrupted)" if heard else NOTHING_SAID


class Conversation:
    """One call's memory: the latest turns, within bounds. Old turns leave whole, the oldest first.

    Of a turn that is larger than the memory, the beginning of the answer is kept: the model would not know what the
    next question is about, and one long story would cost all that was said before it.
    """

    def __init__(self, system_prompt: str, *, turns: int = 20, tokens: int = 6_000) -> None:
        """Keeps at most so many turns, and of those at most so many tokens, as `estimated_tokens` counts them."""
        self._system_prompt = system_prompt
        self._most_turns = turns
        self._most_tokens = tokens
        self._turns: deque[Exchange] = deque()
        self._tokens = 0

    @property
    def turns(self) -> tuple[Exchange, ...]:
        """What is remembered, the oldest turn first."""
        return tuple(self._turns)

    def messages_for(
        self, author: str, text: str, context: MessageContext = NO_CONTEXT, pictures: tuple[str, ...] = ()
    ) -> list[ChatMessage]:
        """What to send so that the model answers `text`: the system prompt, the memory, the message itself."""
        messages = [ChatMessage("system", self._system_prompt)]
        for turn in self._turns:
            question = ChatMessage("user", turn.text, turn.author, interrupted_by=turn.interrupted_by)
            messages += [question, ChatMessage("assistant", turn.reply)]
        return [*messages, ChatMessage("user", text, author, context=context, pictures=pictures)]

    def restore(self, turns: Iterable[Exchange]) -> None:
        """Keep the turns of an earlier process, as `turns` gave them there."""
        for turn in turns:
            self.remember(turn.author, turn.text, turn.reply, turn.interrupted_by)

    def remembers(self, author: str, text: str, reply: str) -> bool:
        """Whether a turn like this, which was not interrupted, is kept."""
        return self._fitting(Exchange(author, text, reply, None)) in self._turns

    def remember(self, author: str, text: str, reply: str, interrupted_by: str | None = None) -> None:
        """Keep a turn. One whose question alone is larger than the memory is not kept, nor is any before it."""
        turn = self._fitting(Exchange(author, text, reply if reply.strip() else NOTHING_SAID, interrupted_by))
        self._turns.append(turn)
        self._tokens += turn.tokens
        while len(self._turns) > self._most_turns or self._tokens > self._most_tokens:
            self._tokens -= self._turns.popleft().tokens

    def _fitting(self, turn: Exchange) -> Exchange:
        """The turn, shortened to half of the memory if it is larger than all of it."""
        if turn.tokens <= self._most_tokens:
            return turn
        room = self._most_tokens // 2 - replace(turn, reply=_SHORTENED).tokens
        if room <= 0:
            return turn
        characters = len(turn.reply) * room // estimated_tokens(turn.reply)
        while characters and estimated_tokens(turn.reply[:characters]) > room:  # its beginning takes more than the rest
            characters = characters * 9 // 10
        beginning = turn.reply[: character_boundary(turn.reply, characters)]
        return replace(turn, reply=f"{beginning.rstrip()}{_SHORTENED}")
