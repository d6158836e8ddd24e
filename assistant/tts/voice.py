"""Who can speak: a voice of an engine."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One voice, as people choose it and as its engine knows it."""

    engine: str
    """The engine's name."""
    name: str
    """The engine's name for the voice."""
    label: str
    """What people are shown, in English."""
    languages: frozenset[str]
    """The languages it speaks, as gTTS codes such as en, de and zh-CN."""
    loudness: float | None = None
    """How loud it is in LUFS, where it has been measured."""

    @property
    def key(self) -> str:
        """What is stored for a choice of this voice, such as gtts:co.uk."""
        return f"{self.engine}:{self.name}"
