"""CPU milliseconds for each second of a member's sound, in a hot loop."""

import time
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from assistant.hearing.libopus import OpusDecoder
from assistant.hearing.models import HearingModels
from assistant.hearing.voice_activity import CHUNK_SAMPLES, VoiceActivity
from tests.support.sent_packets import FRAME_SECONDS, encode_as_clients_do, packets_of
from tests.support.sounds import Samples
from tests.support.virtual_ear import VirtualEar

_ROUNDS: Final = 3
"""The quickest counts: what else the machine does only adds."""


def ear_costs(speech: Samples, models: HearingModels) -> list[tuple[str, float]]:
    """Of Opus alone, of the network alone, and of the whole ear while somebody speaks, while their room is quiet, and
    while they send nothing.
    """
    frames = encode_as_clients_do(speech)
    seconds = len(frames) * FRAME_SECONDS
    chunks = speech[: len(speech) // CHUNK_SAMPLES * CHUNK_SAMPLES].reshape(-1, CHUNK_SAMPLES)
    room = np.random.default_rng(3).normal(0, 1e-4, len(speech)).astype(np.float32)
    quiet = encode_as_clients_do(room)

    def decode() -> None:
        decoder = OpusDecoder(models.libopus)
        for frame in frames:
            decoder.decode(frame)

    def judge() -> None:
        activity = VoiceActivity(models.voice_activity)
        for chunk in chunks:
            activity.probability(chunk)

    def hear(sent: Sequence[bytes]) -> Callable[[], None]:
        return lambda: VirtualEar(models).hear(packets_of(sent))

    return [
        ("Opus", _cost(decode) / seconds),
        ("voice activity", _cost(judge) / seconds),
        ("the whole ear, speech", _cost(hear(frames)) / seconds),
        ("the whole ear, a quiet room", _cost(hear(quiet)) / seconds),
        ("the whole ear, nothing sent", _cost(lambda: VirtualEar(models).wait_until(seconds)) / seconds),
    ]


def _cost(work: Callable[[], None]) -> float:
    """CPU milliseconds."""
    best = float("inf")
    for _ in range(_ROUNDS):
        start = time.thread_time()
        work()
        best = min(best, time.thread_time() - start)
    return best * 1000
