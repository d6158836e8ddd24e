"""What members encode is what WebRTC's clients do."""

from collections.abc import Callable
from contextlib import closing

import numpy as np

from sandbox.voice.opus_codec import FRAME_SAMPLES, OpusDecoder, OpusEncoder
from tests.sandbox.voice.libopus import LibopusDecoder
from tests.support.recorded_speech import Samples, recording


def encoded(sound: Samples) -> list[bytes]:
    encoder = OpusEncoder()
    starts = range(0, len(sound) - FRAME_SAMPLES + 1, FRAME_SAMPLES)
    return [encoder.encode(sound[start : start + FRAME_SAMPLES]) for start in starts]


def distance(heard: list[Samples], wanted: list[Samples]) -> float:
    """How far off, as a part of what was wanted."""
    off = np.concatenate(heard).astype(float) - np.concatenate(wanted)
    return float(np.std(off) / np.std(np.concatenate(wanted)))


def test_an_ear_that_guesses_what_was_lost_is_further_off_than_one_that_takes_the_copy_in_the_next_packet() -> None:
    packets = encoded(recording("en-libri-237-134500-0006").at_48_khz())
    lost = range(5, len(packets) - 1, 5)

    def played(replace: Callable[[LibopusDecoder, bytes], Samples]) -> list[Samples]:
        """What is heard in place of what was lost."""
        with closing(LibopusDecoder()) as decoder:
            heard = [
                replace(decoder, packets[index + 1]) if index in lost else decoder.decode(opus)
                for index, opus in enumerate(packets)
            ]
        return [heard[index] for index in lost]

    with closing(LibopusDecoder()) as decoder:
        wanted = [decoder.decode(opus) for opus in packets]
    wanted = [wanted[index] for index in lost]
    guessed = played(lambda decoder, _: decoder.conceal())
    recovered = played(lambda decoder, following: decoder.recover(following))
    assert distance(recovered, wanted) < 0.7 * distance(guessed, wanted)


def test_speech_comes_out_as_it_went_in() -> None:
    sound = recording("en-libri-237-134500-0006").at_48_khz()
    decoder = OpusDecoder()
    heard = np.frombuffer(b"".join(decoder.decode(opus) for opus in encoded(sound)), np.int16)
    assert abs(len(heard) - len(sound)) <= FRAME_SAMPLES
    window = np.ones(480) / 480
    levels = [np.sqrt(np.convolve(np.square(each[: len(heard)], dtype=float), window)) for each in (sound, heard)]
    assert np.corrcoef(levels[0][: len(heard)], levels[1][: len(heard)])[0, 1] > 0.95
