"""DAVE by davey, an implementation in Rust (https://github.com/Snazzah/davey), which py-cord uses too."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from typing import Final

import davey

from voicewire.dave.mls_session import InvalidGroupMessage, SendKey
from voicewire.dave.proposals import Proposal, ProposalsMessage, append_body, revoke_body

_logger = logging.getLogger(__name__)

_RETENTION_SECONDS: Final = 10.0
"""How long keys of former groups open what is still on its way (whitepaper, "Commit Handling")."""


class DaveySession:
    """See `MlsSession`.

    davey forgets all keys when a session begins anew. So each group is a session of its own: while we wait to be added
    to the next group, the former one still seals and opens.
    """

    seals_with_new_key_at_once = True

    def __init__(self, user_id: int, channel_id: int, expected: Callable[[], AbstractSet[int]]) -> None:
        """`expected` says who may be in the group."""
        self._user_id = user_id
        self._channel_id = channel_id
        self._expected = expected
        self._session = davey.DaveSession(davey.DAVE_PROTOCOL_VERSION, user_id, channel_id)
        self._sealing: davey.DaveSession | None = None
        self._former: davey.DaveSession | None = None
        self._left_former_at = 0.0
        # davey borrows its session for each call: a second thread in the middle of one is an error to it.
        self._lock = threading.Lock()
        self._external_sender = b""
        self._standing: list[Proposal] = []

    @property
    def is_established(self) -> bool:
        """See `MlsSession`."""
        return self._session.ready

    @property
    def has_key(self) -> bool:
        """See `MlsSession`."""
        return self._sealing is not None

    @property
    def members(self) -> AbstractSet[int]:
        """See `MlsSession`."""
        with self._lock:
            return {int(user) for user in self._session.get_user_ids()}

    @property
    def privacy_code(self) -> str | None:
        """See `MlsSession`."""
        return self._session.voice_privacy_code

    def begin(self, version: int) -> bytes:
        """See `MlsSession`."""
        with self._lock:
            self._standing = []
            if self._session.ready:
                self._former, self._left_former_at = self._session, time.monotonic()
            self._session = davey.DaveSession(version, self._user_id, self._channel_id)
            if self._external_sender:
                self._session.set_external_sender(self._external_sender)
            return self._session.get_serialized_key_package()

    def set_external_sender(self, package: bytes) -> None:
        """See `MlsSession`."""
        if package == self._external_sender or self.is_established:
            return
        with self._lock, _errors_of_davey():
            self._session.set_external_sender(package)
            self._external_sender = package
            self._standing = []

    def take_proposals(self, proposals: ProposalsMessage) -> bytes | None:
        """See `MlsSession`.

        davey is handed all that stand in one piece: its welcome is only for those whom the last piece adds.
        """
        former, self._standing = self._standing, []
        kept = [proposal for proposal in former if proposal.reference not in proposals.revoked]
        standing = kept + [proposal for proposal in proposals.added if proposal not in kept]
        with self._lock:
            self._withdraw(former)
            if not standing:
                return None
            append = davey.ProposalsOperationType.append
            try:
                with _errors_of_davey():
                    result = self._session.process_proposals(append, append_body(standing), list(self._expected()))
            except InvalidGroupMessage:
                self._withdraw(standing)  # those before the bad one stand now
                raise
        self._standing = standing
        return None if result is None else result.commit + (result.welcome or b"")

    def take_commit(self, commit: bytes) -> SendKey | None:
        """See `MlsSession`."""
        with self._lock, _errors_of_davey():
            self._session.process_commit(commit)
            self._standing = []
        return None

    def take_welcome(self, welcome: bytes) -> SendKey | None:
        """See `MlsSession`."""
        with self._lock, _errors_of_davey():
            self._session.process_welcome(welcome)
            self._standing = []
        return None

    def use_key(self, key: SendKey | None) -> None:  # noqa: ARG002 - davey has taken it already
        """See `MlsSession`."""
        with self._lock:
            self._sealing = self._session if self._session.ready else None

    def seal(self, frame: bytes) -> bytes | None:
        """See `MlsSession`."""
        with self._lock:
            if self._sealing is None:
                return None
            try:
                return self._sealing.encrypt_opus(frame)
            except (ValueError, RuntimeError) as error:
                _logger.warning("A frame could not be encrypted: %s", error)
                return None

    def open(self, user_id: int, frame: bytes) -> bytes | None:
        """See `MlsSession`."""
        with self._lock:
            opus = _decrypt(self._session, user_id, frame)
            if opus is None and self._former is not None:
                if time.monotonic() - self._left_former_at > _RETENTION_SECONDS:
                    self._former = None
                else:
                    opus = _decrypt(self._former, user_id, frame)
            return opus

    def _withdraw(self, proposals: list[Proposal]) -> None:
        revoke = davey.ProposalsOperationType.revoke
        for proposal in proposals:
            with suppress(ValueError, RuntimeError):  # davey does not know it, and that is what is wanted
                self._session.process_proposals(revoke, revoke_body([proposal]))


def _decrypt(session: davey.DaveSession, user_id: int, frame: bytes) -> bytes | None:
    try:
        return session.decrypt(user_id, davey.MediaType.audio, frame)
    except (ValueError, RuntimeError):
        return None


@contextmanager
def _errors_of_davey() -> Iterator[None]:
    try:
        yield
    except (ValueError, RuntimeError) as error:
        raise InvalidGroupMessage(str(error)) from error
