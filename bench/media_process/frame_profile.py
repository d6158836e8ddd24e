"""What one frame of fresh speech costs, step by step: microseconds of CPU, which a busy machine hardly changes."""

import asyncio
import gc
import json
import statistics
import time
from collections.abc import Callable, Iterable
from typing import Final

from assistant.audio.decoders import Mp3Decoder
from assistant.audio.frame_clock import FrameClock
from assistant.audio.loudness import Amplifier, VoiceLevel
from assistant.audio.opus import OpusEncoder
from assistant.audio.player import Player
from assistant.audio.speech_encoder import SpeechEncoder
from assistant.audio.track import Track
from bench.common.markdown_table import markdown_table
from bench.media_process.fresh_speech import TYPICAL_LUFS, sentence
from bench.media_process.talking_bot import TOKEN_WORK
from bench.subjects.answers_without_call import GoneFrame
from bench.wire.group_of_two import GroupOfTwo
from bench.wire.packet_costs import FRAME, KEY, send_cost
from voicewire import Pacer
from voicewire.ciphers import CIPHERS
from voicewire.dave.davey_session import DaveySession
from voicewire.rtp import build_header

_ROUNDS: Final = 5
_MODE: Final = "aead_aes256_gcm_rtpsize"
_FRAMES: Final = 5000


class _Nowhere:
    """A line that takes every frame."""

    is_connected = True
    is_mute = False

    def queue_frame(self, frame: bytes) -> GoneFrame:  # noqa: ARG002 - it goes nowhere
        return GoneFrame()

    async def announce_speaking(self, speaking: bool) -> None:
        """Nobody is told."""


def frame_profile() -> str:
    """The table."""
    mp3 = sentence()
    count = len(_encoded(mp3))
    decoded = [*Mp3Decoder().decode(mp3)]
    gain = VoiceLevel(TYPICAL_LUFS).gain
    decoding = _cost(lambda: _use(Mp3Decoder().decode(mp3)), count)
    louder = _cost(
        lambda: _use(piece for amplifier in (Amplifier(gain),) for pcm in decoded for piece in amplifier.amplify(pcm)),
        count,
    )
    opus = _cost(
        lambda: _use(frame for encoder in (OpusEncoder(),) for pcm in decoded for frame in encoder.encode(pcm)), count
    )
    whole = _cost(lambda: _encoded(mp3), count)
    ours, cipher = GroupOfTwo(DaveySession).ours, CIPHERS[_MODE](KEY)
    dave = _cost(lambda: _repeat(lambda: ours.seal(FRAME)), _FRAMES)
    transport = _cost(lambda: _repeat(lambda: cipher.seal(b"\x80" * 12, FRAME)), _FRAMES)
    header = _cost(lambda: _repeat(lambda: build_header(1, 2, 3)), _FRAMES)
    sent = send_cost(_MODE, DaveySession)
    played = asyncio.run(_playing_cost())
    token = _cost(lambda: _repeat(lambda: json.dumps(json.loads(TOKEN_WORK))), _FRAMES)
    steps = (
        ("MP3 to samples", decoding),
        ("louder", louder),
        ("Opus", opus),
        ("encoding, all of it", whole),
        ("track and player", played),
        ("end-to-end encryption", dave),
        ("transport encryption", transport),
        ("header", header),
        ("sending, all of it, with the system call", sent),
        ("beside: one piece of JSON, read and written", token),
    )
    return markdown_table(("step", "CPU a frame, µs"), ((name, f"{seconds:.1f}") for name, seconds in steps))


def _encoded(mp3: bytes) -> list[bytes]:
    encoder = SpeechEncoder(Mp3Decoder, VoiceLevel(TYPICAL_LUFS))
    return [*encoder.encode(mp3), *encoder.finish()]


async def _playing_cost() -> float:
    track = Track()
    utterance = track.begin()
    player = Player(FrameClock(Pacer()), _Nowhere())
    playing = asyncio.create_task(player.play(track))
    await asyncio.sleep(0)

    def play() -> None:
        for _ in range(_FRAMES):
            utterance.append(FRAME)
        for _ in range(_FRAMES):
            player.tick(is_due=True)

    cost = _cost(play, _FRAMES)
    playing.cancel()
    await asyncio.wait({playing})
    return cost


def _repeat(work: Callable[[], object]) -> None:
    for _ in range(_FRAMES):
        work()


def _use(pieces: Iterable[object]) -> None:
    for _ in pieces:
        pass


def _cost(work: Callable[[], object], frames: int) -> float:
    """Microseconds of this thread's CPU for a frame: the median of several rounds."""
    rounds = []
    for _ in range(_ROUNDS):
        gc.collect()
        start = time.thread_time()
        work()
        rounds.append((time.thread_time() - start) / frames)
    return statistics.median(rounds) * 1e6
