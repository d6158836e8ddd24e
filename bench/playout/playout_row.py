"""One row of the playout table: one player with some number of calls."""

from dataclasses import dataclass

from bench.common.frame_pacing import Pacing
from bench.playout.player_kind import PlayerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayoutRow:
    """What was measured while some number of calls spoke at once."""

    player: PlayerKind
    """Which player it was."""
    calls: int
    """How many calls spoke at once."""
    pacing: Pacing
    """How the frames arrived."""
    cores: float
    """How many cores the bot's process kept busy while all calls spoke."""
    listener_cores: float
    """How many cores the listening process kept busy."""

    @property
    def cores_per_call(self) -> float:
        """The part of a core that one speaking call took."""
        return self.cores / self.calls
