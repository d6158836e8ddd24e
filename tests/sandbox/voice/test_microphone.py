"""When a microphone is open."""

import numpy as np
import pytest

from sandbox.voice import SILENCE, OpenMicrophone, PushToTalk, VoiceActivity
from sandbox.voice.microphone import Captured, Microphone, level_of
from sandbox.voice.opus_codec import FRAME_SAMPLES, FRAME_SECONDS

LOUD, QUIET = np.full(FRAME_SAMPLES, 8000, np.int16), np.full(FRAME_SAMPLES, 20, np.int16)


def sent(microphone: Microphone, captured: list[Captured]) -> str:
    """An x for each frame that is sent."""
    gate = microphone.begin()
    return "".join("x" if gate(frame, index * FRAME_SECONDS) else "." for index, frame in enumerate(captured))


def test_an_open_microphone_sends_everything() -> None:
    assert sent(OpenMicrophone(), [LOUD, QUIET, SILENCE, b"opus"]) == "xxxx"


def test_push_to_talk_sends_what_is_said_while_the_key_is_held() -> None:
    assert sent(PushToTalk(((0.02, 0.06), (0.08, 0.1))), [LOUD] * 6) == ".xx.x."
    assert sent(PushToTalk(), [QUIET] * 3) == "xxx"


def test_voice_activity_opens_at_once_and_closes_late() -> None:
    gate = VoiceActivity(hold=0.06)
    assert sent(gate, [QUIET, LOUD, QUIET, QUIET, QUIET, QUIET, LOUD, LOUD]) == ".xxxx.xx"
    assert sent(gate, [SILENCE, b"opus", SILENCE, SILENCE, SILENCE, SILENCE]) == ".xxxx."


def test_each_beginning_has_a_gate_of_its_own() -> None:
    microphone = VoiceActivity()
    assert sent(microphone, [LOUD]) == "x"
    assert sent(microphone, [QUIET]) == "."


@pytest.mark.parametrize(("amplitude", "level"), [(32768 // 2, -6.02), (328, -40.0)])
def test_a_level_is_in_db_of_full_scale(amplitude: int, level: float) -> None:
    assert level_of(np.full(FRAME_SAMPLES, -amplitude, np.int16)) == pytest.approx(level, abs=0.05)
    assert level_of(np.zeros(FRAME_SAMPLES, np.int16)) == float("-inf")
