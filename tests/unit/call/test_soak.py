"""A simulated hour of speech with a fault every few seconds."""

import asyncio
import random

import pytest

from assistant.audio.frame_clock import FrameClock
from assistant.audio.opus import FRAME_SECONDS, SILENCE
from assistant.audio.player import Player
from assistant.audio.track import Track
from assistant.domain.voice_loss import LossCause, VoiceLoss, remedy_for
from assistant.voice.timing import VoiceTiming
from tests.support.fake_pacing import FakePacing
from tests.support.fake_voice import connection_to, lose
from tests.support.virtual_time import run_in_virtual_time

HOUR = 3600.0
LOSSES = [
    loss
    for loss in (
        *(VoiceLoss(cause=cause) for cause in LossCause),
        *(VoiceLoss(cause=LossCause.CLOSED, close_code=code) for code in (1000, 1006, 4006, 4009, 4015)),
    )
    if not remedy_for(loss).ends
]


class TickingClock(FrameClock):
    """Ticks in the loop's time, for as long as it has a player."""

    def __init__(self) -> None:
        super().__init__(FakePacing())
        self._player: object | None = None

    def add(self, player: object) -> None:
        self._player = player

    def wake(self, player: object) -> None:
        if isinstance(self._player, Player):
            self._player.tick(is_due=False)

    def remove(self, player: object) -> None:
        self._player = None

    async def run(self) -> None:
        while True:
            await asyncio.sleep(FRAME_SECONDS)
            if isinstance(self._player, Player) and not self._player.tick(is_due=True):
                self._player = None


@pytest.mark.parametrize("seed", [1, 2])
def test_in_an_hour_of_faults_every_frame_of_every_turn_is_heard_once_and_in_order(seed: int) -> None:
    async def main() -> None:
        loop, chance = asyncio.get_running_loop(), random.Random(seed)
        outcomes = [chance.choice(["joined"] * 8 + ["refused", "not connected"]) for _ in range(3000)]
        timing = VoiceTiming(mute_after=HOUR, give_up_after=HOUR)  # whatever happens, speech waits
        watched = connection_to(["joined", *outcomes], timing)
        connection = watched.connection
        await connection.join()
        clock = TickingClock()
        player = Player(clock, connection)

        async def faults() -> None:
            while True:
                await asyncio.sleep(chance.uniform(1, 8))
                lose(watched, chance.choice(LOSSES))

        running = [asyncio.ensure_future(part) for part in (connection.supervise(), clock.run(), faults())]
        said: list[bytes] = []
        turns = 0
        while loop.time() < HOUR:
            turns += 1
            track = Track()
            utterance = track.begin()
            for number in range(chance.randrange(1, 400)):
                utterance.append(f"{turns}:{number}".encode())
            utterance.finish()
            track.finish()
            said += [f"{turns}:{number}".encode() for number in range(track.waiting)]
            await player.play(track)
            await asyncio.sleep(chance.uniform(0, 2))
        for part in running:
            part.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await connection.leave()

        assert [frame for frame in watched.channel.heard if frame != SILENCE] == said
        assert connection.recoveries.total() > 300
        assert turns > 300
        assert watched.channel.clients == []

    run_in_virtual_time(main())
