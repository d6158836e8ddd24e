"""An encrypted call of two, without a network: our side by one library, the other's by davey."""

from collections import deque
from collections.abc import Mapping
from typing import Any, Final

import davey

from sandbox.voice.mls import Commit, ExternalSender, KeyPackage, append_body, welcome_for
from voicewire.dave.mls_session import MakeMlsSession
from voicewire.dave.protocol import DaveProtocol
from voicewire.opcodes import VoiceOp

_US: Final = 900
_CHANNEL: Final = 77


class GroupOfTwo:
    """Ours and theirs, in one group."""

    their_id: Final = 101
    """The other one."""

    def __init__(self, make_session: MakeMlsSession) -> None:
        self._said: deque[bytes] = deque()
        self.ours = DaveProtocol(
            _US,
            _CHANNEL,
            make_session,
            send_text=_ignore,
            send_binary=self._say,
            on_keys=lambda: None,
            on_send_key=lambda: None,
        )
        """Our side."""
        self._theirs = davey.DaveSession(davey.DAVE_PROTOCOL_VERSION, self.their_id, _CHANNEL)
        self._add_theirs()

    def seal_theirs(self, frame: bytes) -> bytes:
        """A frame as the other one sends it."""
        return self._theirs.encrypt_opus(frame)

    def _add_theirs(self) -> None:
        gateway = ExternalSender(_CHANNEL)
        self.ours.group.clients_connect({self.their_id})
        self.ours.start(1)
        self.ours.take(VoiceOp.MLS_EXTERNAL_SENDER, gateway.package)
        self._theirs.set_external_sender(gateway.package)
        package = KeyPackage.parse(self._theirs.get_serialized_key_package())
        self._said.clear()
        self.ours.take(VoiceOp.MLS_PROPOSALS, b"\0" + append_body([gateway.propose_add(package, 0)]))
        commit = Commit.parse(self._said.pop())
        self.ours.take(VoiceOp.MLS_ANNOUNCE_COMMIT, b"\0\1" + commit.message)
        self.ours.take(VoiceOp.DAVE_EXECUTE_TRANSITION, {"transition_id": 1})
        self._theirs.process_welcome(welcome_for(commit.welcome or b"", package))

    def _say(self, op: VoiceOp, data: bytes) -> None:  # noqa: ARG002 - only the commit is looked at
        self._said.append(data)


def _ignore(op: VoiceOp, data: Mapping[str, Any]) -> None:
    """Nobody waits for readiness here."""
