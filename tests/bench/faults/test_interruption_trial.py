"""What counts as right where a fault comes in the middle of an interruption."""

import io
import wave
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from bench.common.pitch_coded_audio import SECOND
from bench.faults.interruption_cases import INTERRUPTION_CASES, End, InterruptionCase, Moment
from bench.faults.interruption_table import interruption_json, interruption_table
from bench.faults.interruption_trial import Hears, InterruptionVerdict
from bench.faults.spoken_words import words
from sandbox.standins.recognition.recognition_log import HostedRecognitionRequest

ANSWERED = InterruptionVerdict(
    case=InterruptionCase(name="a | fault", may_lose=5),
    moment=Moment.HELD,
    end=End.QUESTION,
    is_in_time=True,
    is_in_call=True,
    lost=0,
    doubled=0,
    answers=1,
    others=0,
    is_cut=True,
)
GONE_ON = replace(ANSWERED, end=End.NOTHING, answers=0, is_cut=False)


def wav_of(samples: npt.NDArray[np.int16]) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 2, 16_000, len(samples), "NONE", ""))
        writer.writeframes(samples.tobytes())
    return file.getvalue()


@pytest.mark.parametrize(
    ("verdict", "changes", "is_right"),
    [
        (ANSWERED, {}, True),
        (ANSWERED, {"answers": 2}, False),
        (ANSWERED, {"answers": 0}, False),
        (ANSWERED, {"is_cut": False}, False),
        (ANSWERED, {"is_cut": False, "moment": Moment.DUCKED}, True),
        (ANSWERED, {"is_in_call": False}, False),
        (GONE_ON, {}, True),
        (GONE_ON, {"lost": 5}, True),
        (GONE_ON, {"lost": 6}, False),
        (GONE_ON, {"doubled": 1}, False),
        (GONE_ON, {"doubled": 1, "case": InterruptionCase(name="a fault", may_double=True)}, True),
        (GONE_ON, {"answers": 1}, False),
        (GONE_ON, {"answers": 1, "moment": Moment.DRAFTED}, True),
        (GONE_ON, {"is_in_time": False}, False),
    ],
)
def test_right_is_a_call_that_goes_on_with_nothing_lost_or_said_twice_and_one_answer_to_a_question(
    verdict: InterruptionVerdict, changes: dict[str, Any], is_right: bool
) -> None:
    assert replace(verdict, **changes).is_right == is_right


async def test_words_are_a_question_behind_their_last_one() -> None:
    spoken = words(3)
    hears = Hears(spoken, spoken[2])

    async def heard(count: int) -> str:
        samples = np.concatenate([word.samples for word in spoken[:count]])
        file = wav_of((samples * 32_767).astype("<i2"))
        return await hears(HostedRecognitionRequest({}, file, "speech.wav", {}, 0.0, 0))

    assert [await heard(2), await heard(3)] == [f"{spoken[0].text} {spoken[1].text}", SECOND.message]
    hears.text = "Mhm."
    assert await heard(3) == "Mhm."


def test_the_table_has_a_row_for_each_call_and_its_faults_have_names_of_their_own() -> None:
    assert len({case.name for case in INTERRUPTION_CASES}) == len(INTERRUPTION_CASES)
    *_, row = interruption_table([ANSWERED]).splitlines()
    assert "✓" in row
    assert interruption_json(ANSWERED)["moment"] == "the answer waits"
