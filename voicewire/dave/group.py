"""Our seat in a call's MLS group: what the binary operations 25, 27, 29 and 30 mean.

Source: the DAVE whitepaper (https://daveprotocol.com), whose sections are named where they are followed.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from voicewire.dave.mls_session import InvalidGroupMessage, MakeMlsSession, SendKey
from voicewire.dave.proposals import Proposal, ProposalsMessage, parse_proposals
from voicewire.messages import DAVE_VERSION
from voicewire.opcodes import VoiceOp

_logger = logging.getLogger(__name__)

_REMEMBERED: Final = 8
"""So many of our own commits, and of the commits and welcomes that were taken, are known again."""
_ANSWER_SECONDS: Final = 0.25
"""How long a commit of ours may take to the gateway and back. Until then we make no other one: the gateway may still
take this one, as when what was proposed after it is revoked, and the libraries keep the keys of the last one only."""
_ASK_SECONDS: Final = 1.0
"""How soon we ask again to be added: each time costs everybody two epochs, and what we cannot take may come again."""
_RETENTION_SECONDS: Final = 10.0
"""How long the key of a group that we have left may be sealed with. The others keep it as long ("Commit Handling"), and
whoever leaves them meanwhile could still open it."""


@dataclass(frozen=True, slots=True)
class NewEpoch:
    """A commit or a welcome was taken."""

    transition_id: int
    """The transition that is to be executed before anything is sealed with the key."""
    key: SendKey | None
    """What to seal with then."""


class Group:
    """One member of the group: us."""

    def __init__(
        self,
        user_id: int,
        channel_id: int,
        make_session: MakeMlsSession,
        *,
        send_text: Callable[[VoiceOp, Mapping[str, Any]], None],
        send_binary: Callable[[VoiceOp, bytes], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`now` is in seconds."""
        self._now = now
        self._asked_at = float("-inf")
        self._left_at = float("-inf")
        self._must_ask = False
        self._committed_at = float("-inf")
        self._waiting: list[ProposalsMessage] = []
        self._user_id = user_id
        self._expected = {user_id}
        self._send_text = send_text
        self._send_binary = send_binary
        self._own_commits: deque[bytes] = deque(maxlen=_REMEMBERED)
        self._left_out: dict[bytes, Proposal] = {}
        self._taken: deque[bytes] = deque(maxlen=_REMEMBERED)
        self.session = make_session(user_id, channel_id, lambda: self._expected)
        """The library's part."""
        self.version = DAVE_VERSION
        """The protocol version of the group that is being made."""
        self.refused = 0
        """How many proposals were refused."""

    def clients_connect(self, users: set[int]) -> None:
        """Op 11: these may be in the group. It may come after the proposal to add them."""
        self._expected |= users
        added = tuple(proposal for proposal in self._left_out.values() if proposal.adds in users)
        if added:
            self._waiting.append(ProposalsMessage(added, ()))
            self._commit_to_waiting()

    def client_disconnect(self, user_id: int) -> None:
        """Op 13: whoever has left must not be added to the group ("Member Add")."""
        if user_id != self._user_id:
            self._expected.discard(user_id)

    def begin(self) -> None:
        """Leave the group and ask to be added anew ("Key Packages")."""
        if self.session.is_established:
            self._left_at = self._now()
        self._must_ask = False
        self._forget_proposals()
        self._send_binary(VoiceOp.MLS_KEY_PACKAGE, self.session.begin(self.version))

    def ask_anew(self) -> None:
        """Have ourselves removed and added again, as after a commit that can't be taken. Speech does not pause."""
        if self.session.is_established:
            self._ask(int.from_bytes(self._taken[-1][:2], "big") if self._taken else 0)

    def tick(self) -> None:
        """Do what is due. To be called several times a second."""
        self._commit_to_waiting()
        if self._must_ask and self._now() - self._asked_at >= _ASK_SECONDS:
            self._asked_at = self._now()
            self.begin()
        has_left = self.session.has_key and not self.session.is_established
        if has_left and self._now() - self._left_at > _RETENTION_SECONDS:
            self.session.use_key(None)

    def take(self, op: int, data: bytes) -> NewEpoch | None:
        """A binary operation.

        Raises:
            MalformedMls: it is not as documented.
            InvalidGroupMessage: it cannot be taken; the voice gateway knows, where it has to.
        """
        match op:
            case VoiceOp.MLS_EXTERNAL_SENDER:
                self.session.set_external_sender(data)
            case VoiceOp.MLS_PROPOSALS:
                self._waiting.append(parse_proposals(data))
                self._commit_to_waiting()
            case VoiceOp.MLS_ANNOUNCE_COMMIT:
                return self._take_commit(data)
            case VoiceOp.MLS_WELCOME:
                return self._enter(data, self.session.take_welcome)
        return None

    def _commit_to_waiting(self) -> None:
        """Commit to all proposals that stand, unless a commit of ours is on its way."""
        if not self._waiting or self._now() - self._committed_at < _ANSWER_SECONDS:
            return
        commit = self._hand_over_waiting()
        # The gateway takes only a commit to all that it has proposed ("Voice Gateway Commit Validity").
        if commit and not self._left_out:
            self._committed_at = self._now()
            self._own_commits.append(commit)
            self._send_binary(VoiceOp.MLS_COMMIT_WELCOME, commit)

    def _hand_over_waiting(self) -> bytes | None:
        """Let the library know what was proposed; returns its commit to all that stands."""
        waiting, self._waiting = self._waiting, []
        commit = None
        for proposals in waiting:
            try:
                commit = self.session.take_proposals(self._without_unexpected(proposals))
            except InvalidGroupMessage as error:
                self.refused += 1
                _logger.warning("DAVE: proposals are refused: %s", error)
        return commit

    def _without_unexpected(self, proposals: ProposalsMessage) -> ProposalsMessage:
        unexpected = [proposal for proposal in proposals.added if proposal.adds not in {None, *self._expected}]
        for proposal in unexpected:
            self.refused += 1
            _logger.warning("DAVE: user %d is proposed, but not announced", proposal.adds)
        added = tuple(proposal for proposal in proposals.added if proposal not in unexpected)
        self._left_out.update({proposal.reference: proposal for proposal in unexpected})
        for reference in (*proposals.revoked, *(proposal.reference for proposal in added)):
            self._left_out.pop(reference, None)
        return ProposalsMessage(added, proposals.revoked)

    def _take_commit(self, data: bytes) -> NewEpoch | None:
        own = [commit for commit in self._own_commits if commit.startswith(data[2:])]
        if not self.session.is_established and not own:
            return None  # for those who are in the group; we shall be welcomed ("Client Commit Validity")
        if own and own[-1] is not self._own_commits[-1]:
            return self._enter(data, _refuse_former)
        if not own:
            self._hand_over_waiting()
        return self._enter(data, self.session.take_commit)

    def _enter(self, data: bytes, take: Callable[[bytes], SendKey | None]) -> NewEpoch | None:
        """Take a commit or a welcome; where that fails, ask to be added anew ("Recovery from Invalid Commit ...")."""
        if data in self._taken:
            return None
        transition_id = int.from_bytes(data[:2], "big")
        try:
            key = take(data[2:])
        except InvalidGroupMessage:
            self._ask(transition_id)
            raise
        self._taken.append(data)
        self._forget_proposals()
        return NewEpoch(transition_id, key)

    def _ask(self, transition_id: int) -> None:
        self._send_text(VoiceOp.MLS_INVALID_COMMIT_WELCOME, {"transition_id": transition_id})
        self._must_ask = True
        self.tick()

    def _forget_proposals(self) -> None:
        self._own_commits.clear()
        self._left_out.clear()
        self._waiting.clear()
        self._committed_at = float("-inf")


def _refuse_former(_: bytes) -> SendKey | None:
    """A commit of ours that was made before the last one: the library has kept the last one's keys only.

    Raises:
        InvalidGroupMessage: always.
    """
    raise InvalidGroupMessage("a former commit of ours was chosen")
