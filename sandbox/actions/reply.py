"""What a human sees of a bot's answer to a command or a click."""

from __future__ import annotations

from sandbox.state.change_signal import ChangeSignal
from sandbox.state.interaction import DEFERRED_MESSAGE, Interaction
from sandbox.state.json_types import Json
from sandbox.state.message import Message


class Reply:
    """A live view of an answer: what is edited or added later shows up here."""

    def __init__(self, interaction: Interaction, changes: ChangeSignal) -> None:
        self._interaction = interaction
        self._changes = changes

    def __repr__(self) -> str:
        if self.failed:
            return "<Reply: The application did not respond>"
        return f"<Reply {self.content!r}, {len(self.embeds)} embeds, {len(self.followups)} followups>"

    @property
    def failed(self) -> bool:
        """Whether Discord told the human "The application did not respond"."""
        return self._interaction.given_up

    @property
    def answered_after(self) -> float | None:
        """Seconds from the click to the bot's first answer; None if there was none."""
        answer = self._interaction.answer
        return answer.time - self._interaction.time if answer else None

    @property
    def deferred(self) -> bool:
        """Whether the first answer was "thinking" (also where the text has come since)."""
        answer = self._interaction.answer
        return answer is not None and answer.kind == DEFERRED_MESSAGE

    @property
    def kind(self) -> int | None:
        """Discord's callback type of the first answer: 4, 5, 6, 7 or 9; None if there was none."""
        answer = self._interaction.answer
        return answer.kind if answer else None

    @property
    def message(self) -> Message | None:
        """The message that was put up, or that was changed by the click; None for a deferred update or a modal."""
        answer = self._interaction.answer
        return answer.message if answer else None

    @property
    def modal(self) -> Json | None:
        """The window with fields that was opened; `ada.submit(reply, ...)` fills it in."""
        answer = self._interaction.answer
        return answer.modal if answer else None

    @property
    def interaction(self) -> Interaction:
        """What was asked, and all that came of it."""
        return self._interaction

    @property
    def followups(self) -> list[Message]:
        """What the bot added later, ephemeral messages included."""
        return self._interaction.followups

    @property
    def content(self) -> str:
        """The answer's text; empty while it is deferred."""
        return self.message.content if self.message else ""

    @property
    def embeds(self) -> list[Json]:
        """The answer's embeds."""
        return self.message.embeds if self.message else []

    @property
    def components(self) -> list[Json]:
        """The answer's rows of buttons and menus."""
        return self.message.components if self.message else []

    @property
    def ephemeral(self) -> bool:
        """Whether only the one who asked sees the answer."""
        return self.message is not None and self.message.ephemeral

    async def wait_for_content(self, timeout: float = 5.0) -> str:
        """The answer's text as soon as there is one: an answer's own, a deferred one's, or a follow-up's.

        Raises:
            TimeoutError: there was none in `timeout` seconds; the message says what there was instead.
        """

        def find() -> str | None:
            shown = [message for message in (self.message, *self.followups) if message]
            return next((each.content for each in shown if each.content and not each.loading), None)

        return await self._changes.wait_for(find, timeout, lambda: f"no text in {self!r}")
