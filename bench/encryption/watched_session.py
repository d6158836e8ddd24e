"""A library for DAVE that is watched: which frame is sealed in which epoch."""

import threading
from collections.abc import Set as AbstractSet

from bench.encryption.frame_ledger import Epoch, FrameLedger
from voicewire.dave.mls_session import MlsSession, SendKey
from voicewire.dave.proposals import ProposalsMessage


class WatchedSession:
    """Passes everything on to another `MlsSession`."""

    def __init__(self, session: MlsSession, ledger: FrameLedger) -> None:
        self.seals_with_new_key_at_once = session.seals_with_new_key_at_once
        """See `MlsSession`."""
        self._session = session
        self._ledger = ledger
        self._lock = threading.Lock()
        self._epoch: Epoch = None
        self._prepared: list[tuple[SendKey | None, Epoch]] = []

    @property
    def is_established(self) -> bool:
        """See `MlsSession`."""
        return self._session.is_established

    @property
    def has_key(self) -> bool:
        """See `MlsSession`."""
        return self._session.has_key

    @property
    def members(self) -> AbstractSet[int]:
        """See `MlsSession`."""
        return self._session.members

    @property
    def privacy_code(self) -> str | None:
        """See `MlsSession`."""
        return self._session.privacy_code

    def begin(self, version: int) -> bytes:
        """See `MlsSession`."""
        return self._session.begin(version)

    def set_external_sender(self, package: bytes) -> None:
        """See `MlsSession`."""
        self._session.set_external_sender(package)

    def take_proposals(self, proposals: ProposalsMessage) -> bytes | None:
        """See `MlsSession`."""
        return self._session.take_proposals(proposals)

    def take_commit(self, commit: bytes) -> SendKey | None:
        """See `MlsSession`."""
        return self._entered(self._session.take_commit(commit))

    def take_welcome(self, welcome: bytes) -> SendKey | None:
        """See `MlsSession`."""
        return self._entered(self._session.take_welcome(welcome))

    def use_key(self, key: SendKey | None) -> None:
        """See `MlsSession`."""
        with self._lock:
            self._session.use_key(key)
            for prepared, epoch in self._prepared:
                if prepared is key:
                    self._epoch = epoch

    def seal(self, frame: bytes) -> bytes | None:
        """See `MlsSession`."""
        with self._lock:
            sealed = self._session.seal(frame)
            if sealed is not None:
                self._ledger.note_sealed(sealed, self._epoch)
            return sealed

    def open(self, user_id: int, frame: bytes) -> bytes | None:
        """See `MlsSession`."""
        return self._session.open(user_id, frame)

    def _entered(self, key: SendKey | None) -> SendKey | None:
        epoch = self._session.privacy_code
        self._prepared.append((key, epoch))
        self._ledger.our_epochs.add(epoch)
        return key
