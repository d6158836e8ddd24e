"""One member who speaks while an answer is heard."""

from dataclasses import dataclass

from assistant.call.partial_texts import PartialTexts
from assistant.domain.interruption_outcome import InterruptionOutcome
from assistant.reply.turn import Turn


@dataclass(slots=True, kw_only=True, eq=False)
class Overlap:
    """From when they begin to speak until it is known what came of it. Times are the event loop's, in seconds."""

    user_id: int
    """Who speaks."""
    began_at: float
    """When that was noticed."""
    texts: PartialTexts
    """What they have said so far, as text."""
    is_caller: bool = False
    """Whether they have said the name a moment ago, and nothing else: what they say next is for the assistant."""
    is_speaking: bool = True
    """Whether they still do,"""
    ended_at: float = 0.0
    """and else since when not."""
    undecided: int = 0
    """Their turns of speech of which the text is awaited."""
    turn: Turn | None = None
    """Over whose answer they speak, or did; None if over none."""
    is_addressed: bool = False
    """Whether it is they who are answered, or they have said the name or "stop"."""
    is_ducking: bool = False
    """Whether the answer is to be softer for them,"""
    is_holding: bool = False
    """or to wait."""
    words: int = 0
    """How many words that count were recognized so far,"""
    words_at: float = 0.0
    """and when the last of them came, or the answer."""
    outcome: InterruptionOutcome | None = None
    """The most that came of it so far; None where nothing did."""

    @property
    def is_asker(self) -> bool:
        """Whether it is they who are answered."""
        return self.turn is not None and self.turn.question.asker.id == self.user_id

    def meet(self, turn: Turn, now: float) -> None:
        """An answer is heard, not the same as before."""
        self.turn, self.words_at = turn, now
        self.is_addressed = self.is_ducking = self.is_asker or self.is_caller
        self.is_holding = False
        self.words = 0

    def begin_again(self, now: float) -> None:
        """They speak again before it is known what came of the last time."""
        self.is_speaking, self.began_at = True, now
        self.words = 0
        self.texts.restart()
        if self.is_addressed:
            self.is_ducking, self.words_at = True, now

    def hear_words(self, words: int, now: float, *, is_to_us: bool, is_enough: bool) -> None:
        """So many words that count were recognized so far; where they are for the assistant, the answer heeds new ones.

        `is_enough` says whether it is to wait for them.
        """
        is_news = words > self.words or (is_to_us and not self.is_addressed)
        self.is_addressed = self.is_addressed or is_to_us
        self.words = max(self.words, words)
        if self.is_addressed and is_news:
            self.words_at, self.is_ducking = now, True
            self.is_holding = self.is_holding or is_enough

    def let_go(self) -> None:
        """It was nothing: the answer need not heed it."""
        self.is_ducking = self.is_holding = False

    def note_effect(self) -> None:
        """Note what the answer does because of them."""
        if self.outcome is InterruptionOutcome.STOPPED:
            return
        if self.is_holding:
            self.outcome = InterruptionOutcome.TAKEN_BACK  # unless it is stopped yet
        elif self.is_ducking and self.outcome is None:
            self.outcome = InterruptionOutcome.DUCKED
