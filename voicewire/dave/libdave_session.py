"""DAVE by libdave, Discord's own implementation in C++, through dave.py (https://github.com/DisnakeDev/dave.py)."""

import logging
import threading
import time
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Final

import dave

from voicewire.dave.mls_reader import vector
from voicewire.dave.mls_session import InvalidGroupMessage, SendKey
from voicewire.dave.proposals import ProposalsMessage, append_body

if logging.getLogger("dave").level == logging.NOTSET:
    # dave.py logs each key that does not open a frame as an error: three to eight lines and 50 µs for every frame that
    # comes before its key, or was made up. What fails is known here without it.
    logging.getLogger("dave").setLevel(logging.CRITICAL)

_RETENTION_SECONDS: Final = 10.0
"""How long keys of former epochs open what is still on its way (whitepaper, "Commit Handling")."""
_SSRC: Final = 1
"""libdave keeps a codec for each SSRC that it seals for; here there is only one, so its number does not matter."""
_CODE_DIGITS: Final = 30
_CODE_GROUP: Final = 5


class LibdaveSession:
    """See `MlsSession`."""

    seals_with_new_key_at_once = False

    def __init__(self, user_id: int, channel_id: int, expected: Callable[[], AbstractSet[int]]) -> None:
        """`expected` says who may be in the group."""
        self._user_id = user_id
        self._channel_id = channel_id
        self._expected = expected
        self._failures: list[str] = []
        self._session = dave.Session(lambda where, why: self._failures.append(f"{where}: {why}"))
        self._encryptor = dave.Encryptor()
        self._encryptor.assign_ssrc_to_codec(_SSRC, dave.Codec.opus)
        self._lock = threading.Lock()
        self._has_key = False
        self._external_sender = b""
        self._standing: set[bytes] = set()
        self._commit: bytes | None = None
        self._members: set[int] = set()
        self._decryptors: dict[int, dave.Decryptor] = {}
        self._left: dict[int, float] = {}

    @property
    def is_established(self) -> bool:
        """See `MlsSession`."""
        return bool(self._session.has_established_group())

    @property
    def has_key(self) -> bool:
        """See `MlsSession`."""
        return self._has_key

    @property
    def members(self) -> AbstractSet[int]:
        """See `MlsSession`."""
        return self._members

    @property
    def privacy_code(self) -> str | None:
        """See `MlsSession`."""
        if not self.is_established:
            return None
        authenticator = self._session.get_last_epoch_authenticator()
        return dave.generate_displayable_code(authenticator, _CODE_DIGITS, _CODE_GROUP) if authenticator else None

    def begin(self, version: int) -> bytes:
        """See `MlsSession`."""
        self._standing.clear()
        self._session.reset()
        self._session.init(version, self._channel_id, str(self._user_id), None)
        return self._session.get_marshalled_key_package() or b""

    def set_external_sender(self, package: bytes) -> None:
        """See `MlsSession`."""
        if package == self._external_sender or self.is_established:
            return
        self._failures.clear()
        self._session.set_external_sender(package)
        if self._failures:
            raise InvalidGroupMessage(self._failures[-1])
        self._external_sender = package
        self._standing.clear()

    def take_proposals(self, proposals: ProposalsMessage) -> bytes | None:
        """See `MlsSession`."""
        added = [proposal for proposal in proposals.added if proposal.reference not in self._standing]
        revoked = [reference for reference in proposals.revoked if reference in self._standing]
        if added:
            self._commit = self._hand_over(b"\0" + append_body(added))
            self._standing.update(proposal.reference for proposal in added)
        if revoked:
            self._commit = self._hand_over(b"\1" + vector(b"".join(map(vector, revoked))))
            self._standing.difference_update(revoked)
        return self._commit if self._standing else None

    def take_commit(self, commit: bytes) -> SendKey | None:
        """See `MlsSession`."""
        self._failures.clear()
        changes = self._session.process_commit(commit)
        if isinstance(changes, dave.RejectType):
            raise InvalidGroupMessage(self._failures[-1] if self._failures else f"a commit is {changes.name}")
        return self._enter(changes)

    def take_welcome(self, welcome: bytes) -> SendKey | None:
        """See `MlsSession`."""
        self._failures.clear()
        changes = self._session.process_welcome(welcome, {str(user) for user in self._expected()})
        if changes is None:
            raise InvalidGroupMessage(self._failures[-1] if self._failures else "a welcome is refused")
        return self._enter(changes)

    def use_key(self, key: SendKey | None) -> None:
        """See `MlsSession`."""
        with self._lock:
            self._has_key = isinstance(key, dave.IKeyRatchet)
            self._encryptor.set_key_ratchet(key if isinstance(key, dave.IKeyRatchet) else None)

    def seal(self, frame: bytes) -> bytes | None:
        """See `MlsSession`."""
        with self._lock:
            return self._encryptor.encrypt(dave.MediaType.audio, _SSRC, frame) if self._has_key else None

    def open(self, user_id: int, frame: bytes) -> bytes | None:
        """See `MlsSession`."""
        decryptor = self._decryptors.get(user_id)
        return None if decryptor is None else decryptor.decrypt(dave.MediaType.audio, frame)

    def _hand_over(self, proposals: bytes) -> bytes:
        self._failures.clear()
        result: bytes | None = self._session.process_proposals(proposals, {str(user) for user in self._expected()})
        if result is None:
            raise InvalidGroupMessage(self._failures[-1] if self._failures else "proposals are refused")
        return result

    def _enter(self, changes: dict[int, list[int]]) -> SendKey | None:
        """Be in a new epoch, in which the members have `changes`: their new signature keys, none for who has left."""
        self._standing.clear()
        now = time.monotonic()
        for user, signature_key in changes.items():
            if signature_key:
                self._members.add(user)
                self._left.pop(user, None)
            elif user in self._members:
                self._members.discard(user)
                self._left[user] = now
        for user in self._members - {self._user_id}:
            ratchet = self._session.get_key_ratchet(str(user))
            if ratchet is not None:
                decryptor = self._decryptors.setdefault(user, dave.Decryptor())
                decryptor.transition_to_key_ratchet(ratchet, _RETENTION_SECONDS)
        for user in [user for user, since in self._left.items() if now - since > _RETENTION_SECONDS]:
            del self._left[user]
            self._decryptors.pop(user, None)
        key: SendKey | None = self._session.get_key_ratchet(str(self._user_id))
        return key
