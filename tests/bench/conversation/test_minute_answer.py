"""Each 20 ms of a long answer is known by its pitch, and what disturbs it is seen."""

from itertools import pairwise

import numpy as np
import pytest

from bench.conversation.minute_answer import LONG_ANSWER, SECONDS, HeardPiece, long_voice, lost_and_doubled, pieces_of
from bench.conversation.spoken_over_trial import Interruption
from sandbox.voice import HeardFrame
from tests.support.sent_packets import FRAME_SECONDS, RATE, encode_as_clients_do
from tests.support.sounds import Samples

SENTENCES = [f"{sentence}." for sentence in LONG_ANSWER.rstrip(".").split(". ")]


def spoken(sentences: list[str]) -> Samples:
    """What the voice says, at RATE."""
    sounds = [long_voice(sentence, "en") for sentence in sentences]
    samples, rate = np.concatenate([samples for samples, _ in sounds]), sounds[0][1]
    resampled: Samples = np.interp(np.arange(0, len(samples) - 1, rate / RATE), np.arange(len(samples)), samples)
    return resampled.astype(np.float32)


@pytest.fixture(scope="module")
def frames() -> list[bytes]:
    return encode_as_clients_do(spoken(SENTENCES[:4]))


def heard(frames: list[bytes]) -> list[HeardPiece]:
    return pieces_of(
        [
            HeardFrame(number * FRAME_SECONDS, number, number * 960, 1, opus, True, False, 0)
            for number, opus in enumerate(frames)
        ]
    )


def test_neighbors_differ_and_the_length_is_known() -> None:
    assert len(spoken(SENTENCES)) / RATE == pytest.approx(SECONDS, abs=0.1)
    assert all(("left" in here) != ("left" in there) for here, there in pairwise(SENTENCES))
    assert len(set(SENTENCES)) == len(SENTENCES)


@pytest.mark.parametrize(
    ("before", "after", "lost_doubled"),
    [
        pytest.param(150, 150, (0, 0), id="nothing"),
        pytest.param(150, 151, (1, 0), id="one-lost"),
        pytest.param(150, 155, (5, 0), id="five-lost"),
        pytest.param(150, 149, (0, 1), id="one-doubled"),
        pytest.param(150, 146, (0, 4), id="four-doubled"),
        pytest.param(250, 230, (0, 20), id="many-doubled"),
    ],
)
def test_what_is_lost_or_doubled_is_counted(
    frames: list[bytes], before: int, after: int, lost_doubled: tuple[int, int]
) -> None:
    assert lost_and_doubled(heard([*frames[:before], *frames[after:]])) == lost_doubled


@pytest.mark.parametrize("frame_parts", [number / 20 for number in range(1, 20)])
def test_a_codec_may_delay_it_by_a_part_of_a_frame(frame_parts: float) -> None:
    delay = np.zeros(round(frame_parts * FRAME_SECONDS * RATE), np.float32)
    frames = encode_as_clients_do(np.concatenate([delay, spoken(SENTENCES[:4])]))
    assert lost_and_doubled(heard(frames)) == (0, 0)
    assert lost_and_doubled(heard([*frames[:150], *frames[155:]])) == (5, 0)


def test_it_may_be_heard_from_its_middle_on(frames: list[bytes]) -> None:
    assert lost_and_doubled(heard(frames[37:])) == (0, 0)
    assert lost_and_doubled([]) == (0, 0)


def piece(at: float, level: float = 0.2) -> HeardPiece:
    return HeardPiece(at, level, 2 * (20 + round(at / FRAME_SECONDS) % 50))


def steady(begin: float, end: float, level: float = 0.2) -> list[HeardPiece]:
    return [piece(float(at), level) for at in np.arange(begin, end, FRAME_SECONDS)]


def test_nothing_happens_to_an_answer_that_goes_on() -> None:
    interruption = Interruption(1.0, steady(0, 5), 5.0, [])
    assert (interruption.ducked_at, interruption.silent_at, interruption.is_stopped) == (None, None, False)


def test_a_ducked_answer_is_softer() -> None:
    interruption = Interruption(1.0, [*steady(0, 1.1), *steady(1.1, 2, 0.05), *steady(2, 5)], 5.0, [])
    assert interruption.ducked_at == pytest.approx(1.1, abs=0.03)
    assert (interruption.silent_at, interruption.is_stopped) == (None, False)


def test_a_held_answer_is_silent_and_goes_on() -> None:
    interruption = Interruption(1.0, [*steady(0, 1.3), *steady(3, 5)], 5.0, [])
    assert interruption.silent_at == pytest.approx(1.3, abs=0.03)
    assert not interruption.is_stopped


def test_a_stopped_answer_is_silent_to_the_end() -> None:
    interruption = Interruption(1.0, steady(0, 1.3), 5.0, [])
    assert interruption.silent_at == pytest.approx(1.3, abs=0.03)
    assert interruption.is_stopped


def test_an_answer_that_gives_way_to_another_is_stopped() -> None:
    assert Interruption(1.0, steady(0, 5), 5.0, ["Ha ha."]).is_stopped
