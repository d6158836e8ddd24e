"""A member by Discord's own library who notes what it could open."""

import time
from collections.abc import Callable, Set

from bench.encryption.frame_ledger import Epoch, FrameLedger
from sandbox.voice.libdave_client import LibdaveClient
from sandbox.voice.rtp import RtpPacket
from sandbox.voice.voice_member import DeliveryService


class WatchedMember(LibdaveClient):
    """One human in a voice channel."""

    def __init__(
        self,
        user_id: int,
        channel_id: int,
        ssrc: int,
        gateway: DeliveryService,
        *,
        commit_delay: float,
        known: Callable[[], Set[int]],
        ledger: FrameLedger,
        lag: float,
    ) -> None:
        """`lag` is how many seconds late it is told everything."""
        super().__init__(user_id, channel_id, ssrc, gateway, commit_delay=commit_delay, known=known)
        self._ledger = ledger
        self._lag = lag
        self._epochs: set[Epoch] = set()
        self._prepared: dict[int, Epoch] = {}
        self._sealing: Epoch = None

    def take_commit(self, transition_id: int, commit: bytes) -> None:
        """See `LibdaveClient`."""
        super().take_commit(transition_id, commit)
        self._epoch_of(transition_id)

    def take_welcome(self, transition_id: int, welcome: bytes) -> None:
        """See `LibdaveClient`."""
        super().take_welcome(transition_id, welcome)
        self._epoch_of(transition_id)

    def execute_transition(self, transition_id: int) -> None:
        """See `LibdaveClient`."""
        super().execute_transition(transition_id)
        self._sealing = self._epoch_of(transition_id)
        self._ledger.welcomed_at.setdefault(self.user_id, time.monotonic() - self._lag)

    def hear(self, sender: int, frame: bytes) -> bytes | None:
        """See `LibdaveClient`."""
        opus = super().hear(sender, frame)
        self._ledger.note_heard(self.user_id, frame, self._epochs, is_open=opus is not None)
        return opus

    def speak(self, opus: bytes) -> RtpPacket:
        """See `LibdaveClient`."""
        self._ledger.note_said(self.user_id, opus, self._sealing)
        return super().speak(opus)

    def _epoch_of(self, transition_id: int) -> Epoch:
        """Whoever is ready last executes the transition before it has left `take_commit`."""
        epoch = self._prepared.setdefault(transition_id, self.privacy_code)
        self._epochs.add(epoch)
        return epoch
