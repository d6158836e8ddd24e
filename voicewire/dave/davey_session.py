"""DAVE by davey, an implementation in Rust (https://github.com/Snazzah/davey), which py-cord uses too."""

import logging
import threading
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress

import davey

from voicewire.dave.mls_session import InvalidGroupMessage, SendKey
from voicewire.dave.proposals import Proposal, ProposalsMessage, append_body, revoke_body

_logger = logging.getLogger(__name__)


class DaveySession:
    """See `MlsSession`."""

    seals_with_new_key_at_once = True

    def __init__(self, user_id: int, channel_id: int, expected: Callable[[], AbstractSet[int]]) -> None:
        """`expected` says who may be in the group."""
        self._user_id = user_id
        self._channel_id = channel_id
        self._expected = expected
        self._session = davey.DaveSession(davey.DAVE_PROTOCOL_VERSION, user_id, channel_id)
        # davey borrows its session for each call: a second thread in the middle of one is an error to it.
        self._lock = threading.Lock()
        self._external_sender = b""
        self._standing: list[Proposal] = []
        self._is_sealing = False

    @property
    def is_established(self) -> bool:
        """See `MlsSession`."""
        return self._session.ready

    @property
    def has_key(self) -> bool:
        """See `MlsSession`."""
        return self._is_sealing

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
            self._is_sealing = False
            self._standing = []
            self._session.reinit(version, self._user_id, self._channel_id)
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
        self._is_sealing = self._session.ready

    def seal(self, frame: bytes) -> bytes | None:
        """See `MlsSession`."""
        with self._lock:
            if not self._is_sealing:
                return None
            try:
                return self._session.encrypt_opus(frame)
            except (ValueError, RuntimeError) as error:
                _logger.warning("A frame could not be encrypted: %s", error)
                return None

    def open(self, user_id: int, frame: bytes) -> bytes | None:
        """See `MlsSession`."""
        try:
            with self._lock:
                return self._session.decrypt(user_id, davey.MediaType.audio, frame)
        except (ValueError, RuntimeError):
            return None

    def _withdraw(self, proposals: list[Proposal]) -> None:
        revoke = davey.ProposalsOperationType.revoke
        for proposal in proposals:
            with suppress(ValueError, RuntimeError):  # davey does not know it, and that is what is wanted
                self._session.process_proposals(revoke, revoke_body([proposal]))


@contextmanager
def _errors_of_davey() -> Iterator[None]:
    try:
        yield
    except (ValueError, RuntimeError) as error:
        raise InvalidGroupMessage(str(error)) from error
