"""Checks that members can be listened to: what that needs on this machine, and whom the owner wants heard."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from assistant.doctor.finding import Finding, failed, ok
from assistant.domain.consent import Listening
from assistant.domain.errors import HearingUnavailable
from assistant.hearing.libopus import OpusDecoder
from assistant.hearing.models import HearingModels
from assistant.hearing.voice_activity import CHUNK_SAMPLES, VoiceActivity

_NAME: Final = "hearing"
_WHO: Final[Mapping[Listening, str]] = {
    "ask": "members who agree are heard",
    "everyone": "everyone in a call is heard, without being asked",
    "off": "nobody is heard",
}
_ADVICE: Final[Mapping[str, str]] = {
    "libopus": "Install PyAV from its wheel (pip install --only-binary av av), or the system's libopus",
    "voice activity": "Install the packages of requirements.lock: pip install --require-hashes -r requirements.lock",
}
"""What to do, by the part that is missing."""


def hearing_finding(
    listening: Listening, *, is_recognized: bool, load: Callable[[], HearingModels] = HearingModels.load
) -> Finding:
    """Load what an ear needs, and try it. Blocks for a third of a second.

    Discord has no permission for listening, so none is looked at.

    Args:
        listening: whose speech the owner wants heard.
        is_recognized: whether any engine makes text of speech; if not, the bot listens to nobody.
        load: loads it.
    """
    who = f"{_WHO[listening]} (LISTENING={listening})"
    if listening == "off":
        return ok(_NAME, who)
    if not is_recognized:
        return ok(_NAME, "nobody is heard: no engine recognizes speech here")
    try:
        models = load()
        OpusDecoder(models.libopus).conceal(320)
        VoiceActivity(models.voice_activity).probability(np.zeros(CHUNK_SAMPLES, np.float32))
    except HearingUnavailable as error:
        advice = f"Nobody is heard without it. {_ADVICE.get(error.part, '')}".strip()
        return failed(_NAME, f"{error.part} can't be loaded: {error.detail}", advice)
    return ok(_NAME, f"libopus and voice activity are there; {who}")
