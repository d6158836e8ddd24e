"""The voice half of a human member by libdave, Discord's own implementation, through dave.py."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any, Final

import dave

from sandbox.voice.mls import Proposal, append_body, revoke_body
from sandbox.voice.packet_writer import PacketWriter
from sandbox.voice.rtp import RtpPacket
from sandbox.voice.voice_member import JOIN_GRACE, DeliveryService

_logger = logging.getLogger(__name__)

_RETENTION_SECONDS: Final = 10.0
_CODE_DIGITS: Final = 30
_CODE_GROUP: Final = 5


class LibdaveClient:
    """One human in a voice channel. It does what Discord's client does: the new key is sealed with from op 22 on."""

    def __init__(
        self,
        user_id: int,
        channel_id: int,
        ssrc: int,
        gateway: DeliveryService,
        *,
        commit_delay: float,
        known: Callable[[], Set[int]],
    ) -> None:
        self.user_id = user_id
        """Who it is."""
        self.ssrc = ssrc
        """The number under which it speaks."""
        self.packets = PacketWriter(ssrc, seed=user_id)
        """Numbers its packets."""
        self.listening_since: float | None = None
        """When it became able to decrypt the call, in seconds of `time.monotonic()`; None before."""
        self._channel_id = channel_id
        self._gateway = gateway
        self._commit_delay = commit_delay
        self._known = known
        self._session = dave.Session()
        self._encryptor = dave.Encryptor()
        self._encryptor.assign_ssrc_to_codec(ssrc, dave.Codec.opus)
        self._decryptors: dict[int, Any] = {}
        self._members: set[int] = set()
        self._keys: dict[int, Any] = {}
        self._commit: asyncio.TimerHandle | None = None

    @property
    def privacy_code(self) -> str | None:
        """The code that two members compare to know that they are in the same group; None outside one."""
        authenticator = self._session.get_last_epoch_authenticator() if self._session.has_established_group() else None
        if authenticator is None:
            return None
        return str(dave.generate_displayable_code(authenticator, _CODE_DIGITS, _CODE_GROUP))

    def hear(self, sender: int, frame: bytes) -> bytes | None:
        """Decrypts an end-to-end encrypted frame; None when it cannot."""
        decryptor = self._decryptors.get(sender)
        opus: bytes | None = decryptor.decrypt(dave.MediaType.audio, frame) if decryptor is not None else None
        return opus

    def expects_to_hear(self, arrival: float) -> bool:
        """Whether a frame that arrived then has to be decryptable."""
        return self.listening_since is not None and arrival >= self.listening_since + JOIN_GRACE

    def speak(self, opus: bytes) -> RtpPacket:
        """The next packet of its speech, end-to-end encrypted when it is in a group."""
        sealed = self._encryptor.encrypt(dave.MediaType.audio, self.ssrc, opus)
        return self.packets.next(opus if sealed is None else sealed)

    def close(self) -> None:
        """Gives up a commit that has not been sent."""
        if self._commit is not None:
            self._commit.cancel()
            self._commit = None

    def take_external_sender(self, package: bytes) -> None:
        """Begins a session and asks to be added."""
        self._session.set_external_sender(package)
        self._begin(dave.get_max_supported_protocol_version())

    def take_proposals(self, proposals: Sequence[Proposal]) -> None:
        """Commits to all proposals that stand now."""
        self._hand_over(b"\0" + append_body(proposals))

    def revoke_proposals(self, proposals: Sequence[Proposal]) -> None:
        """Commits to what is left."""
        self._hand_over(b"\1" + revoke_body(proposals))

    def take_commit(self, transition_id: int, commit: bytes) -> None:
        """Moves to the next epoch."""
        self.close()
        changes = self._session.process_commit(commit)
        self._enter(transition_id, None if isinstance(changes, dave.RejectType) else changes)

    def take_welcome(self, transition_id: int, welcome: bytes) -> None:
        """Enters the group."""
        self.close()
        self._enter(transition_id, self._session.process_welcome(welcome, self._recognized()))

    def prepare_epoch(self, version: int, epoch: int) -> None:
        """Begins anew for epoch 1; other epochs keep the group."""
        if epoch == 1:
            self._begin(version)

    def prepare_transition(self, version: int, transition_id: int) -> None:
        """Is ready for any version."""
        for decryptor in self._decryptors.values():
            decryptor.transition_to_passthrough_mode(not version, _RETENTION_SECONDS)
        if transition_id:
            self._gateway.receive_ready(self.user_id, transition_id)

    def execute_transition(self, transition_id: int) -> None:
        """Seals with the new key, and hears the call from now on, if it did not before."""
        key = self._keys.pop(transition_id, None)
        if key is not None:
            self._encryptor.set_key_ratchet(key)
        if self.listening_since is None:
            self.listening_since = time.monotonic()

    def _recognized(self) -> set[str]:
        return {str(user) for user in (*self._known(), self.user_id)}

    def _hand_over(self, proposals: bytes) -> None:
        self.close()
        data = self._session.process_proposals(proposals, self._recognized())
        if data:
            loop = asyncio.get_running_loop()
            self._commit = loop.call_later(self._commit_delay, self._gateway.receive_commit, self.user_id, data)

    def _begin(self, version: int) -> None:
        self.close()
        self.listening_since = None
        self._session.reset()
        self._session.init(version, self._channel_id, str(self.user_id), None)
        key_package = self._session.get_marshalled_key_package()
        assert key_package is not None  # the session has just begun
        self._gateway.receive_key_package(self.user_id, key_package)

    def _enter(self, transition_id: int, changes: Mapping[int, Sequence[int]] | None) -> None:
        if changes is None:
            _logger.warning("User %s could not enter the epoch", self.user_id)
            self._gateway.receive_invalid(self.user_id, transition_id)
            self._begin(dave.get_max_supported_protocol_version())
            return
        for user, key in changes.items():
            (self._members.add if key else self._members.discard)(user)
        for user in self._members - {self.user_id}:
            decryptor = self._decryptors.setdefault(user, dave.Decryptor())
            decryptor.transition_to_key_ratchet(self._session.get_key_ratchet(str(user)), _RETENTION_SECONDS)
        self._keys[transition_id] = self._session.get_key_ratchet(str(self.user_id))
        self._gateway.receive_ready(self.user_id, transition_id)
