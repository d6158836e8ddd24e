"""What people and the model wrote, on its way to the log."""

from dataclasses import dataclass

from assistant.util.plurals import counted


@dataclass(frozen=True, slots=True)
class PrivateText:
    """A text, or the name of somebody, that a log line shows unless LOG_TEXTS is off."""

    text: str
    """What it is."""

    def __str__(self) -> str:
        return self.text

    def without_texts(self) -> str:
        """What stands in its place."""
        return f"[{counted(len(self.text), 'character')}]"
