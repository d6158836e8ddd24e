"""The DAVE side of the voice gateway: who is in a call's MLS group, and how it gets from epoch to epoch.

Source: Discord's DAVE protocol whitepaper 1.1 (https://daveprotocol.com), "Group Key Exchange". The gateway
proposes members to be added and removed; the members answer with commits; the first valid commit of an
epoch is relayed, and once every member has taken it up, the transition is executed.

Nobody here knows a websocket: the bot and the listening members are participants alike.
"""

import logging
import time
from collections.abc import Callable

from sandbox.voice.mls import Commit, ExternalSender, KeyPackage, Proposal, welcome_for
from sandbox.voice.participant import Participant
from sandbox.voice.transitions import Transitions
from sandbox.voice.voice_errors import MalformedMlsError

_logger = logging.getLogger(__name__)


class DaveGroup:
    """The MLS group of one call, as its delivery service sees it. Made in a running event loop."""

    def __init__(self, channel_id: int, version: int) -> None:
        self.version = version
        """The protocol version in force: 0 is transport encryption alone."""
        self.epoch = 0
        """The group's epoch; 0 as long as no commit has established it."""
        self.members: set[int] = set()
        """Who is in the established group."""
        self.encrypted_since = float("-inf")
        """When a call that had no encryption got it, by `time.monotonic()`; else long ago."""
        self._steps_up = False
        self._channel_id = channel_id
        self._upcoming_version = version
        self._external_sender = ExternalSender(channel_id)
        self._introduced: set[int] = set()
        self._participants: dict[int, Participant] = {}
        self._pending: dict[int, KeyPackage] = {}
        self._held: dict[int, KeyPackage] = {}
        self._is_announcing = False
        self._put_off: list[Callable[[], None]] = []
        self._leaves: dict[int, int] = {}
        self._proposals: list[Proposal] = []
        self._transitions = Transitions(self._execute)

    def join(self, participant: Participant) -> None:
        """A client has connected. It is proposed once its key package arrives."""
        self._participants[participant.user_id] = participant
        if self._upcoming_version:
            self._introduce(participant)

    def leave(self, user_id: int) -> None:
        """A client has gone; whoever is left moves to an epoch without it. Unknown users are ignored."""
        if self._participants.pop(user_id, None) is None:
            return
        self._introduced.discard(user_id)
        self._pending.pop(user_id, None)
        self._held.pop(user_id, None)
        self._revoke_additions_of(user_id)
        self._drop_member(user_id)
        self._transitions.forget_user(user_id)

    def close(self) -> None:
        """Ends everything that is still being waited for."""
        self._transitions.close()

    @property
    def external_sender_package(self) -> bytes:
        """What op 25 carries."""
        return self._external_sender.package

    def change_version(self, version: int) -> None:
        """Takes the whole call to a protocol version, 0 or 1; nothing happens when it is already going there.

        A step down is executed once all clients are ready. A step up makes a new group and is in force when
        its first commit is executed; a client alone has nobody to make one with, so there it is in force at
        once.
        """
        if version == self._upcoming_version:
            return
        self._upcoming_version = version
        self._transitions.close()
        if version:
            self._upgrade()
        else:
            self._downgrade()

    def _downgrade(self) -> None:
        self._steps_up = False
        if not self._participants:
            self._execute(0, 0, frozenset())
            return
        transition = self._transitions.open(self._participants, version=0)
        for participant in list(self._participants.values()):
            participant.prepare_transition(0, transition)

    def _upgrade(self) -> None:
        self._steps_up = True
        self._forget_group()
        self._pending.clear()
        participants = list(self._participants.values())
        for participant in participants:
            if participant.user_id not in self._introduced:
                self._introduce(participant)
            participant.prepare_epoch(self._upcoming_version, 1)
        if len(participants) <= 1:
            self.version = self._upcoming_version
            for participant in participants:
                participant.prepare_transition(self.version, 0)

    def _introduce(self, participant: Participant) -> None:
        self._introduced.add(participant.user_id)
        participant.take_external_sender(self._external_sender.package)

    def receive_key_package(self, user_id: int, data: bytes) -> None:
        """Op 26.

        Raises:
            MalformedMlsError: Discord would not take it either.
        """
        package = KeyPackage.parse(data)
        if package.user_id != user_id:
            raise MalformedMlsError(f"user {user_id} sent the key package of {package.user_id}")
        if user_id not in self._participants:
            raise MalformedMlsError(f"user {user_id} is not in the call")
        if not self._upcoming_version:
            raise MalformedMlsError("the call is not end-to-end encrypted")
        self._held[user_id] = package
        self._take_held(user_id)

    def _take_held(self, user_id: int) -> None:
        """Proposes a key package, unless its owner has yet to answer a welcome that may not fit it any more."""
        if self._is_announcing:
            self._put_off.append(lambda: self._take_held(user_id))
            return
        if user_id not in self._held or self._transitions.awaits(user_id):
            return
        package = self._held.pop(user_id)
        self._revoke_additions_of(user_id)
        self._drop_member(user_id)
        in_flight = [*self._proposals] if not self.epoch else []
        self._pending[user_id] = package
        if in_flight:
            self._participants[user_id].take_proposals(in_flight)
        self._propose([self._external_sender.propose_add(package, self.epoch)])

    def receive_commit(self, user_id: int, data: bytes) -> None:
        """Op 28. A commit that comes late or leaves proposals out is dropped.

        Raises:
            MalformedMlsError: it is none, or for another group.
        """
        commit = Commit.parse(data)
        if commit.group_id != self._channel_id:
            raise MalformedMlsError(f"a commit for group {commit.group_id} in {self._channel_id}")
        committers = self.members if self.epoch else self._pending
        wanted = {p.reference: p for p in self._proposals if self.epoch or p.user_id != user_id}
        complete = bool(wanted) and sorted(commit.references) == sorted(wanted)
        if user_id not in committers or commit.epoch != self.epoch or not complete:
            _logger.debug("A commit of %s for epoch %s is not the one to take", user_id, commit.epoch)
            return
        taken = [wanted[reference] for reference in commit.references]
        added = [self._pending[p.user_id] for p in taken if p.removes_leaf is None]
        try:
            welcomes = {package.user_id: welcome_for(commit.welcome or b"", package) for package in added}
        except MalformedMlsError as error:
            # davey up to 0.1.7 forgets the welcome when a removal or revocation follows an addition.
            _logger.warning("A commit of user %s is dropped: %s", user_id, error)
            return
        self._advance(user_id, taken)
        self._announce(commit, welcomes)

    def receive_ready(self, user_id: int, transition_id: int) -> None:
        """Op 23: a client has prepared a transition."""
        self._transitions.ready(user_id, transition_id)
        self._take_held(user_id)

    def receive_invalid(self, user_id: int, transition_id: int) -> None:
        """Op 31: a client could not take a commit or welcome; it is removed until its next key package.

        A complaint about a transition that is over changes nothing: the key package that follows it does.
        """
        if self._is_announcing:
            self._put_off.append(lambda: self.receive_invalid(user_id, transition_id))
            return
        _logger.warning("User %s could not take the commit of transition %s", user_id, transition_id)
        self._held.pop(user_id, None)
        if self._transitions.awaits(user_id, transition_id):
            self._drop_member(user_id)
            self._transitions.ready(user_id, transition_id)

    def _advance(self, committer: int, taken: list[Proposal]) -> None:
        """Does to the gateway's view of the tree what the commit does to the members' (RFC 9420, 12.4.2)."""
        if not self.epoch:
            self._leaves = {0: committer}
            self.members = {committer}
            self._pending.pop(committer)
        for proposal in taken:
            if proposal.removes_leaf is not None:
                del self._leaves[proposal.removes_leaf]
        for proposal in taken:
            if proposal.removes_leaf is None:
                free = next(leaf for leaf in range(len(self._leaves) + 1) if leaf not in self._leaves)
                self._leaves[free] = proposal.user_id
                self._pending.pop(proposal.user_id)
        self._proposals.clear()
        self.epoch += 1

    def _announce(self, commit: Commit, welcomes: dict[int, bytes]) -> None:
        stayed = [user for user in self.members if user not in welcomes]
        self.members |= set(welcomes)
        transition = self._transitions.open(self.members, version=self._upcoming_version)
        self._is_announcing = True  # nobody hears of the next epoch before they were told of this one
        for user in stayed:
            self._participants[user].take_commit(transition, commit.message)
        for user, welcome in welcomes.items():
            self._participants[user].take_welcome(transition, welcome)
        self._is_announcing = False
        put_off, self._put_off = self._put_off, []
        for each in put_off:
            each()

    def _propose(self, proposals: list[Proposal]) -> None:
        self._proposals.extend(proposals)
        for participant in self._receivers(besides={proposal.user_id for proposal in proposals}):
            participant.take_proposals(proposals)

    def _revoke_additions_of(self, user_id: int) -> None:
        revoked = [p for p in self._proposals if p.user_id == user_id and p.removes_leaf is None]
        if revoked:
            self._proposals = [p for p in self._proposals if p not in revoked]
            for participant in self._receivers(besides={user_id}):
                participant.revoke_proposals(revoked)

    def _receivers(self, besides: set[int]) -> list[Participant]:
        """The group; before there is one, all who wait for it."""
        users = self.members if self.epoch else self._pending
        return [self._participants[user] for user in users if user not in besides]

    def _drop_member(self, user_id: int) -> None:
        if user_id not in self.members:
            return
        self.members.discard(user_id)
        if len(self.members) <= 1:
            self._reset()
            return
        removed = {p.removes_leaf for p in self._proposals}
        leaf = next(leaf for leaf, user in self._leaves.items() if user == user_id and leaf not in removed)
        self._propose([self._external_sender.propose_remove(user_id, leaf, self.epoch)])

    def _reset(self) -> None:
        """A member alone keeps no group (whitepaper, "Sole member reset")."""
        sole = [self._participants[user] for user in self.members]
        waiting = list(self._pending.values())
        self._transitions.close()
        self._forget_group()
        self.version = self._upcoming_version
        for package in waiting:
            self._propose([self._external_sender.propose_add(package, 0)])
        for participant in sole:
            participant.prepare_epoch(self._upcoming_version, 1)
            participant.prepare_transition(self._upcoming_version, 0)

    def _forget_group(self) -> None:
        self.epoch = 0
        self.members = set()
        self._leaves = {}
        self._proposals = []
        self._held.clear()

    def _execute(self, transition_id: int, version: int, users: frozenset[int]) -> None:
        self.version = version
        if version and self._steps_up:
            self._steps_up, self.encrypted_since = False, time.monotonic()
        present = users & (self.members if version else self._participants.keys())
        if not version:
            self._forget_group()
            self._pending.clear()
        for user in present:
            self._participants[user].execute_transition(transition_id)
            self._take_held(user)
