"""The client's side of DAVE: protocol versions and transitions, and when a frame may leave.

Sources: the whitepaper (https://daveprotocol.com), whose sections are named where they are followed, and
https://discord.com/developers/docs/topics/voice-connections#endtoend-encryption-dave-protocol.
"""

import logging
import time
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

from voicewire.dave import operations
from voicewire.dave.deferred import DeferredMessages
from voicewire.dave.group import Group, NewEpoch
from voicewire.dave.mls_reader import MalformedMls
from voicewire.dave.mls_session import InvalidGroupMessage, MakeMlsSession
from voicewire.dave.transitions import Transition, Transitions
from voicewire.messages import DAVE_VERSION, MalformedMessage
from voicewire.opcodes import VoiceOp
from voicewire.rtp import SILENCE

_logger = logging.getLogger(__name__)

_MAGIC_MARKER: Final = b"\xfa\xfa"


class DaveProtocol:
    """The end-to-end encryption of one call. No message makes it raise: what is wrong is counted and logged.

    While the call is encrypted, a frame that is not silence is sealed or it stays here, and a frame that is received
    is opened or it is dropped.
    """

    def __init__(
        self,
        user_id: int,
        channel_id: int,
        make_session: MakeMlsSession,
        *,
        send_text: Callable[[VoiceOp, Mapping[str, Any]], None],
        send_binary: Callable[[VoiceOp, bytes], None],
        on_keys: Callable[[], None],
        on_send_key: Callable[[], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`on_keys` is called when frames may open that did not before, `on_send_key` when frames are sealed otherwise.

        `now` is in seconds."""
        self.group = Group(user_id, channel_id, make_session, send_text=send_text, send_binary=send_binary, now=now)
        """Our seat in the group."""
        self.version = DAVE_VERSION
        """The protocol version in force; 0 is transport encryption alone, and only the gateway says so."""
        self.refused = 0
        """How many messages could not be taken."""
        self._session = self.group.session
        self._send_text = send_text
        self._on_keys = on_keys
        self._on_send_key = on_send_key
        self._transitions = Transitions()
        self._deferred = DeferredMessages(now)

    @property
    def may_seal(self) -> bool:
        """Whether a frame of speech may leave."""
        return not self.version or self._session.has_key

    @property
    def members(self) -> AbstractSet[int]:
        """Who is in the group, ourselves included; nobody without one."""
        return self._session.members

    @property
    def privacy_code(self) -> str | None:
        """The 30 digits that members compare to know that they are in the same group; None outside one."""
        return self._session.privacy_code

    def seal(self, frame: bytes) -> bytes | None:
        """The frame as it may leave; None while none may. Any thread may call it.

        Silence stays plain: every receiver takes it ("Silence Packets").
        """
        if not self.version or frame == SILENCE:
            return frame
        return self._session.seal(frame)

    def open(self, user_id: int, payload: bytes) -> bytes | None:
        """A frame of Opus; None if none of that member's keys opens it, or if it is plain in an encrypted call.

        Frames may be sealed before the call is: by members who have executed a transition before us.
        """
        if payload == SILENCE:
            return payload
        if self.version or payload.endswith(_MAGIC_MARKER):
            opened = self._session.open(user_id, payload)
            if opened is not None or self.version:
                return opened
        return payload

    def start(self, version: int) -> None:
        """Op 4 has named the protocol version of the call."""
        self._transitions.clear()
        self._deferred.take_all()
        self.version = version
        if version:
            self.group.version = version
            self.group.begin()
            self._session.use_key(None)
        self._on_send_key()

    def take(self, op: int, data: Any) -> None:
        """One of the operations 21, 22, 24, 25, 27, 29 and 30; others are ignored."""
        try:
            match op:
                case VoiceOp.DAVE_PREPARE_TRANSITION:
                    self._prepare_transition(data)
                case VoiceOp.DAVE_EXECUTE_TRANSITION:
                    self._execute_transition(operations.transition_id(data))
                case VoiceOp.DAVE_PREPARE_EPOCH:
                    self._prepare_epoch(data)
                case _:
                    self._take_binary(op, operations.binary(op, data))
        except (MalformedMessage, MalformedMls, InvalidGroupMessage) as error:
            self.refused += 1
            _logger.warning("DAVE: op %d is refused: %s", op, error)

    def tick(self) -> None:
        """Do what is due, such as a transition that the gateway has forgotten. To be called several times a second."""
        overdue = self._deferred.overdue
        if overdue is not None:
            _logger.warning("DAVE: transition %d was not executed in time", overdue)
            self._execute_transition(overdue)
        self.group.tick()

    def _prepare_transition(self, data: Any) -> None:
        version = operations.protocol_version(data)
        self._prepare(operations.transition_id(data), Transition(version, None))

    def _prepare(self, transition_id: int, transition: Transition) -> None:
        """A transition may be executed from now on; number 0 is executed at once ("Sole member reset")."""
        if not transition_id:
            self._execute(transition)
            return
        self._transitions.prepare(transition_id, transition)
        self._say_ready(transition_id)

    def _say_ready(self, transition_id: int) -> None:
        self._send_text(VoiceOp.DAVE_TRANSITION_READY, {"transition_id": transition_id})

    def _execute_transition(self, transition_id: int) -> None:
        while self._deferred.awaits(transition_id):
            self._take_deferred()
        transition = self._transitions.execute(transition_id)
        if transition is not None:
            self._execute(transition)

    def _execute(self, transition: Transition) -> None:
        if transition.epoch is not None:
            self._session.use_key(transition.epoch.key)
        elif transition.version and not self._session.is_established:
            self._session.use_key(None)
        self.version = transition.version
        self._on_send_key()
        self._on_keys()

    def _prepare_epoch(self, data: Any) -> None:
        version, epoch = operations.protocol_version(data), operations.epoch(data)
        if not version:
            raise MalformedMessage("an epoch without a protocol version")
        self.group.version = version
        if epoch == 1:
            self._transitions.clear()
            self._deferred.take_all()
            self.group.begin()

    def _take_binary(self, op: int, data: bytes) -> None:
        if not self._must_defer(op, data):
            self._entered(self.group.take(op, data), self._prepare)
            return
        if self._deferred.is_full:
            self._take_deferred()
        transition_id = self._deferred.append(op, data).transition_id
        if transition_id:
            # Said before it is taken: everybody has to be ready before anybody may seal with the new key.
            self._say_ready(transition_id)

    def _must_defer(self, op: int, data: bytes) -> bool:
        """Whether a message waits for a transition to be executed.

        A library that seals with the new key as soon as it has taken a commit is given it only then; whatever follows
        is for the group after it.
        """
        if self._deferred:
            return True
        is_commit = op == VoiceOp.MLS_ANNOUNCE_COMMIT and data[:2] != b"\0\0"
        return is_commit and self._session.seals_with_new_key_at_once and self._session.has_key

    def _take_deferred(self) -> None:
        """Take the first message that waits, which is a commit, and what follows up to the next commit."""
        commit, *rest = self._deferred.take_all()
        try:
            self._entered(self.group.take(commit.op, commit.data), self._transitions.prepare)
        except (MalformedMls, InvalidGroupMessage) as error:
            self.refused += 1
            _logger.warning("DAVE: a commit is refused: %s", error)
        for message in rest:
            self.take(message.op, message.data)

    def _entered(self, epoch: NewEpoch | None, prepare: Callable[[int, Transition], None]) -> None:
        if epoch is not None:
            self._on_keys()
            prepare(epoch.transition_id, Transition(self.group.version, epoch))
