"""An ear whose time is that of the packets."""

from collections.abc import Iterable
from typing import Final

from assistant.domain.spoken_turn import SpokenTurn
from assistant.hearing.ear import TICK_SECONDS, Ear
from assistant.hearing.models import HearingModels
from tests.support.sent_packets import SentPacket

AFTER_SECONDS: Final = 1.5
"""Time for the last turn to end."""


class VirtualEar:
    """Hears everybody, but those in `unwanted`. Time passes only while it is given packets."""

    def __init__(self, models: HearingModels) -> None:
        self.time = 0.0
        self._next_tick = 0.0
        self.unwanted: set[int] = set()
        self.turns: list[SpokenTurn] = []
        """What was handed over."""
        self.ended: list[float] = []
        """When each was."""
        self.paused: list[SpokenTurn] = []
        """What was told at pauses."""
        self.begun: list[tuple[int, float]] = []
        """Who began to speak, and when;"""
        self.resumed: list[tuple[int, float]] = []
        """who went on behind a pause,"""
        self.dismissed: list[tuple[int, float]] = []
        """and whose turn was none."""
        self.ear = Ear(
            models,
            wants=lambda user_id: user_id not in self.unwanted,
            on_speech=lambda user_id: self.begun.append((user_id, self.time)),
            on_pause=self.paused.append,
            on_resume=lambda user_id: self.resumed.append((user_id, self.time)),
            on_turn=self._on_turn,
            on_dismissed=lambda user_id: self.dismissed.append((user_id, self.time)),
            now=lambda: self.time,
        )

    def hear(self, sent: Iterable[SentPacket]) -> None:
        """Let each packet come at its time."""
        for each in sorted(sent, key=lambda packet: packet.at):
            self.wait_until(each.at)
            self.ear.hear(each.packet)

    def wait_until(self, at: float) -> None:
        """Let time pass, and tick as the ear's owner does."""
        while self._next_tick < at:
            self.time = self._next_tick
            if self.ear.is_awake:
                self.ear.tick()
            self._next_tick += TICK_SECONDS
        self.time = max(self.time, at)

    def stand_still(self, seconds: float) -> None:
        """Let time pass without a tick, as when the event loop is blocked."""
        self.time += seconds
        self._next_tick = self.time

    def end(self) -> list[SpokenTurn]:
        """Wait until nothing more can come; returns all turns."""
        self.wait_until(self.time + AFTER_SECONDS)
        return self.turns

    def _on_turn(self, turn: SpokenTurn) -> None:
        self.turns.append(turn)
        self.ended.append(self.time)
