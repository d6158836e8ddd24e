"""A voice of a speech engine."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One voice."""

    engine: str
    """The engine's name."""
    name: str
    """The engine's name for the voice."""
    label: str
    """The name that people see, in English."""
    languages: frozenset[str]
    """The languages it speaks, as gTTS codes such as en, de and zh-CN."""
    loudness: float | None = None
    """Its loudness in LUFS; None if it has not been measured."""

    @property
    def key(self) -> str:
        """How a choice of this voice is stored, such as gtts:co.uk."""
        return f"{self.engine}:{self.name}"
