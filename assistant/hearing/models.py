"""What all ears of a process share."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Self

from assistant.domain.errors import HearingUnavailable
from assistant.hearing.libopus import Libopus, load_libopus

if TYPE_CHECKING:
    from assistant.hearing.voice_activity import VoiceActivityModel


def check_hearing() -> None:
    """Look for what hearing needs, without loading what takes time or memory.

    Raises:
        HearingUnavailable: something is not there.
    """
    load_libopus()
    if find_spec("onnxruntime") is None:
        raise HearingUnavailable(part="voice activity", detail="onnxruntime is not installed")


@dataclass(frozen=True, slots=True)
class HearingModels:
    """Loaded once; 35 MB. Nothing in them belongs to a call or a member."""

    libopus: Libopus
    """Decodes."""
    voice_activity: "VoiceActivityModel"
    """Tells voice from other sounds."""

    @classmethod
    def load(cls) -> Self:
        """Load them. Blocks for a third of a second, and the interpreter for a tenth: before anybody is spoken to.

        Raises:
            HearingUnavailable: one of them is not there.
        """
        from assistant.hearing.voice_activity import load_voice_activity_model  # noqa: PLC0415 - NumPy is 10 MB

        return cls(load_libopus(), load_voice_activity_model())
