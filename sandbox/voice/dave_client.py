"""The voice half of a human member: a DAVE client of its own that listens, and speaks when told to."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence, Set

import davey

from sandbox.voice.mls import Proposal, append_body, revoke_body
from sandbox.voice.packet_writer import PacketWriter
from sandbox.voice.rtp import RtpPacket
from sandbox.voice.voice_member import JOIN_GRACE, DeliveryService

_logger = logging.getLogger(__name__)


class DaveClient:
    """One human in a voice channel, by davey."""

    def __init__(
        self,
        user_id: int,
        channel_id: int,
        ssrc: int,
        gateway: DeliveryService,
        *,
        commit_delay: float,
        known: Callable[[], Set[int]] = frozenset,  # noqa: ARG002 - davey lets everybody be added
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
        self._session: davey.DaveSession | None = None
        self._commit: asyncio.TimerHandle | None = None
        self._proposals: list[Proposal] = []
        self._external_sender = b""

    @property
    def privacy_code(self) -> str | None:
        """The code that two members compare to know that they are in the same group; None outside one."""
        return self._session.voice_privacy_code if self._session else None

    def hear(self, sender: int, frame: bytes) -> bytes | None:
        """Decrypts an end-to-end encrypted frame; None when it cannot."""
        if self._session is None:
            return None
        try:
            return self._session.decrypt(sender, davey.MediaType.audio, frame)
        except ValueError as error:
            _logger.debug("User %s cannot decrypt a frame of %s: %s", self.user_id, sender, error)
            return None

    def expects_to_hear(self, arrival: float) -> bool:
        """Whether a frame that arrived then has to be decryptable."""
        return self.listening_since is not None and arrival >= self.listening_since + JOIN_GRACE

    def speak(self, opus: bytes) -> RtpPacket:
        """The next packet of its speech, end-to-end encrypted when it is in a group."""
        ready = self._session is not None and self._session.ready
        payload = self._session.encrypt_opus(opus) if self._session and ready else opus
        return self.packets.next(payload)

    def close(self) -> None:
        """Gives up a commit that has not been sent."""
        if self._commit is not None:
            self._commit.cancel()
            self._commit = None

    def take_external_sender(self, package: bytes) -> None:
        """Begins a session and asks to be added."""
        self._external_sender = package
        self._begin(davey.DAVE_PROTOCOL_VERSION)

    def take_proposals(self, proposals: Sequence[Proposal]) -> None:
        """Commits to all proposals that stand now."""
        self._stand([*self._proposals, *proposals])

    def revoke_proposals(self, proposals: Sequence[Proposal]) -> None:
        """Commits to what is left."""
        self._stand([proposal for proposal in self._proposals if proposal not in proposals])

    def take_commit(self, transition_id: int, commit: bytes) -> None:
        """Moves to the next epoch."""
        if self._session is not None:
            self._enter(transition_id, self._session.process_commit, commit)

    def take_welcome(self, transition_id: int, welcome: bytes) -> None:
        """Enters the group."""
        if self._session is not None:
            self._enter(transition_id, self._session.process_welcome, welcome)

    def prepare_epoch(self, version: int, epoch: int) -> None:
        """Begins anew for epoch 1; other epochs keep the group."""
        if epoch == 1:
            self._begin(version)

    def prepare_transition(self, version: int, transition_id: int) -> None:
        """Is ready for any version."""
        if not version and self._session is not None:
            self._session.set_passthrough_mode(True)
        if transition_id:
            self._gateway.receive_ready(self.user_id, transition_id)

    def execute_transition(self, transition_id: int) -> None:  # noqa: ARG002 - ready means executable here
        """Hears the call from now on, if it did not before."""
        if self.listening_since is None:
            self.listening_since = time.monotonic()

    def _stand(self, proposals: list[Proposal]) -> None:
        """Hands davey all proposals at once: it makes a welcome only for those of the last hand-over."""
        self.close()
        if self._session is None:
            return
        kinds = davey.ProposalsOperationType
        if self._proposals:
            self._session.process_proposals(kinds.revoke, revoke_body(self._proposals))
        self._proposals = proposals
        if not proposals:
            return
        result = self._session.process_proposals(kinds.append, append_body(proposals))
        if result is not None:
            data = result.commit + (result.welcome or b"")
            loop = asyncio.get_running_loop()
            self._commit = loop.call_later(self._commit_delay, self._gateway.receive_commit, self.user_id, data)

    def _begin(self, version: int) -> None:
        self.close()
        self._proposals = []
        self.listening_since = None
        if self._session is None:
            self._session = davey.DaveSession(version, self.user_id, self._channel_id)
        else:
            self._session.reset()
            self._session.reinit(version, self.user_id, self._channel_id)
        self._session.set_external_sender(self._external_sender)
        self._gateway.receive_key_package(self.user_id, self._session.get_serialized_key_package())

    def _enter(self, transition_id: int, take: Callable[[bytes], None], data: bytes) -> None:
        self.close()
        self._proposals = []
        try:
            take(data)
        except ValueError as error:
            _logger.warning("User %s could not enter the epoch: %s", self.user_id, error)
            self._gateway.receive_invalid(self.user_id, transition_id)
            self._begin(davey.DAVE_PROTOCOL_VERSION)
        else:
            self._gateway.receive_ready(self.user_id, transition_id)
