"""A call of DAVE without sockets: the sandbox's group and members, and our side of the protocol among them."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from sandbox.voice.dave_client import DaveClient
from sandbox.voice.dave_group import DaveGroup
from sandbox.voice.mls import Proposal, append_body, revoke_body
from voicewire.dave.mls_session import MakeMlsSession
from voicewire.dave.protocol import DaveProtocol
from voicewire.opcodes import VoiceOp

US, CHANNEL = 900, 77
_NEVER = 60.0
"""Seconds until a member commits: only we do, unless only they can."""
_NOW = 1000.0
"""What our clock says, which stands still: on a busy machine, a test that takes a moment may take a quarter second."""
Message = tuple[int, Any]


class Seat:
    """Our seat: what the group says becomes messages of the gateway, and what we say goes to the group.

    Messages go through `deliver`, which may drop, double, delay or change them.
    """

    def __init__(self, group: DaveGroup, make_session: MakeMlsSession) -> None:
        self.user_id = US
        self.send_keys = 0
        self.said: list[Message] = []
        self.heard: list[Message] = []
        self.unheard: deque[Message] = deque()
        self.deliver: Callable[[Message], None] = self.take
        self._group = group
        self.protocol = DaveProtocol(
            US,
            CHANNEL,
            make_session,
            send_text=self._say,
            send_binary=self._say,
            on_keys=lambda: None,
            on_send_key=self._note_send_key,
            now=lambda: _NOW,
        )

    def _note_send_key(self) -> None:
        self.send_keys += 1

    def take(self, message: Message) -> None:
        """A message reaches our side."""
        op, data = message
        self.heard.append(message)
        if op == VoiceOp.CLIENTS_CONNECT:
            self.protocol.group.clients_connect(data)
        elif op == VoiceOp.CLIENT_DISCONNECT:
            self.protocol.group.client_disconnect(data)
        else:
            self.protocol.take(op, data)

    def take_external_sender(self, package: bytes) -> None:
        self.deliver((25, package))

    def take_proposals(self, proposals: Sequence[Proposal]) -> None:
        self.deliver((27, b"\0" + append_body(proposals)))

    def revoke_proposals(self, proposals: Sequence[Proposal]) -> None:
        self.deliver((27, b"\1" + revoke_body(proposals)))

    def take_commit(self, transition_id: int, commit: bytes) -> None:
        self.deliver((29, transition_id.to_bytes(2, "big") + commit))

    def take_welcome(self, transition_id: int, welcome: bytes) -> None:
        self.deliver((30, transition_id.to_bytes(2, "big") + welcome))

    def prepare_epoch(self, version: int, epoch: int) -> None:
        self.deliver((24, {"protocol_version": version, "epoch": epoch}))

    def prepare_transition(self, version: int, transition_id: int) -> None:
        self.deliver((21, {"protocol_version": version, "transition_id": transition_id}))

    def execute_transition(self, transition_id: int) -> None:
        self.deliver((22, {"transition_id": transition_id}))

    def answer(self) -> None:
        """The group hears what we have said."""
        while self.unheard:
            op, data = self.unheard.popleft()
            if op == VoiceOp.DAVE_TRANSITION_READY:
                self._group.receive_ready(US, data["transition_id"])
            elif op == VoiceOp.MLS_INVALID_COMMIT_WELCOME:
                self._group.receive_invalid(US, data["transition_id"])
            elif op == VoiceOp.MLS_KEY_PACKAGE:
                self._group.receive_key_package(US, data)
            elif op == VoiceOp.MLS_COMMIT_WELCOME:
                self._group.receive_commit(US, data)

    def _say(self, op: VoiceOp, data: Any) -> None:
        self.said.append((op, data))
        self.unheard.append((op, data))


class DaveCall:
    """Humans and us in one group. Made in a running event loop."""

    def __init__(self, make_session: MakeMlsSession) -> None:
        self.group = DaveGroup(CHANNEL, 1)
        self.members: dict[int, DaveClient] = {}
        self.seat = Seat(self.group, make_session)

    @property
    def protocol(self) -> DaveProtocol:
        return self.seat.protocol

    def enter(self) -> None:
        """We come into the call."""
        self.seat.deliver((VoiceOp.CLIENTS_CONNECT, set(self.members)))
        self.protocol.start(1)
        self.group.join(self.seat)
        self.seat.answer()

    def join(self, user_id: int, *, is_announced: bool = True) -> DaveClient:
        """A human comes."""
        member = DaveClient(user_id, CHANNEL, user_id, self.group, commit_delay=_NEVER)
        self.members[user_id] = member
        if is_announced:
            self.seat.deliver((VoiceOp.CLIENTS_CONNECT, {user_id}))
        self.group.join(member)
        self.seat.answer()
        return member

    def leave(self, user_id: int) -> None:
        """A human leaves."""
        self.members.pop(user_id).close()
        self.seat.deliver((VoiceOp.CLIENT_DISCONNECT, user_id))
        self.group.leave(user_id)
        self.seat.answer()

    def close(self) -> None:
        """Everybody gives up."""
        self.group.close()
        for member in self.members.values():
            member.close()

    def hears(self, frame: bytes) -> list[bool]:
        """We say something; whether each member hears it."""
        sealed = self.protocol.seal(frame)
        assert sealed is not None
        assert frame not in sealed
        return [member.hear(US, sealed) == frame for member in self.members.values()]
