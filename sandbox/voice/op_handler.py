"""What the messages of a voice client mean, and what they are answered with."""

import asyncio
import json
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.voice.call import Call
from sandbox.voice.records import ConnectionRecord
from sandbox.voice.session_registry import SessionRegistry
from sandbox.voice.voice_errors import UnsupportedVoiceOperation, VoiceClose
from sandbox.voice.voice_faults import VoiceFaults
from sandbox.voice.voice_opcodes import VoiceCloseCode, VoiceOp
from sandbox.voice.voice_session import ClientSocket, VoiceSession


@dataclass(frozen=True, slots=True)
class ConnectionOptions:
    """What the server tells and demands of a client."""

    heartbeat_interval: float
    """Seconds between heartbeats."""
    missed_heartbeats: int | None
    """How many intervals may pass without a heartbeat before 4009; None for any number."""
    dave_version: int
    """The DAVE version of a new session."""
    udp_port: int
    """Where voice packets go."""
    modes: Sequence[str]
    """The transport encryptions that a client may choose from."""


class OpHandler:
    """The server's half of one websocket's conversation.

    Ops 1, 5, 23 and the MLS ops need a session first (4003). What is not implemented is refused by name.
    `start` runs what has to wait, and ends it with the websocket.
    """

    def __init__(
        self,
        connection: ClientSocket,
        *,
        options: ConnectionOptions,
        registry: SessionRegistry,
        call: Callable[[int], Call],
        faults: VoiceFaults,
        start: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self.session: VoiceSession | None = None
        """Whose websocket it is, once that is known."""
        self.record: ConnectionRecord | None = None
        """The record of the websocket, once it is known for which call it is."""
        self.heartbeats = 0
        """How many have come."""
        self._connection = connection
        self._options = options
        self._registry = registry
        self._call = call
        self._faults = faults
        self._start = start
        self._handlers: dict[int, Callable[[dict[str, Any]], None]] = {
            VoiceOp.IDENTIFY: self._identify,
            VoiceOp.SELECT_PROTOCOL: self._select_protocol,
            VoiceOp.HEARTBEAT: self._heartbeat,
            VoiceOp.SPEAKING: self._speaking,
            VoiceOp.RESUME: self._resume,
            VoiceOp.DAVE_TRANSITION_READY: self._transition_ready,
            VoiceOp.MLS_INVALID_COMMIT_WELCOME: self._invalid_commit,
        }

    def greet(self) -> None:
        """Op 8."""
        interval = round(self._options.heartbeat_interval * 1000)
        self._say(VoiceOp.HELLO, {"v": 8, "heartbeat_interval": interval})

    def take_text(self, text: str) -> None:
        """Takes a message of JSON.

        Raises:
            VoiceClose: it ends the conversation.
        """
        try:
            message = json.loads(text)
            op, data = message["op"], message["d"]
        except (ValueError, KeyError, TypeError) as error:
            raise VoiceClose(VoiceCloseCode.FAILED_TO_DECODE, "no JSON object with op and d") from error
        handler = self._handlers.get(op) if isinstance(op, int) else None
        if handler is None:
            raise UnsupportedVoiceOperation(f"op {op}")
        if not isinstance(data, dict):
            raise VoiceClose(VoiceCloseCode.FAILED_TO_DECODE, f"d of op {op} is no object")
        handler(data)

    def take_binary(self, message: bytes) -> None:
        """Takes a DAVE message.

        Raises:
            VoiceClose: it ends the conversation.
            MalformedMlsError: MLS forbids it.
        """
        session = self._require_session()
        op, body = message[:1], message[1:]
        if op == bytes([VoiceOp.MLS_KEY_PACKAGE]):
            self._call_of(session).group.receive_key_package(session.user_id, body)
        elif op == bytes([VoiceOp.MLS_COMMIT_WELCOME]):
            self._call_of(session).group.receive_commit(session.user_id, body)
        else:
            raise UnsupportedVoiceOperation(f"binary op {op.hex()}")

    def _identify(self, data: dict[str, Any]) -> None:
        if self.session is not None:
            raise VoiceClose(VoiceCloseCode.ALREADY_AUTHENTICATED, "Already authenticated.")
        admission = self._registry.check_identify(data)
        call = self._call(admission.channel_id)
        self.record = self._record(call, data, resumed=False)
        ordered = self._faults.take_identify_code()
        if ordered is not None:
            raise VoiceClose(ordered, "ordered by a test")
        if _number(data, "max_dave_protocol_version", default=0) < self._options.dave_version:
            raise VoiceClose(VoiceCloseCode.DAVE_REQUIRED, "E2EE/DAVE protocol required.")
        session = self._registry.open(admission)
        session.dave_version = self._options.dave_version
        self._take_up(session)
        self._start(self._make_ready(session))

    def _resume(self, data: dict[str, Any]) -> None:
        if self.session is not None:
            raise VoiceClose(VoiceCloseCode.ALREADY_AUTHENTICATED, "Already authenticated.")
        session = self._registry.resume(data)
        missed = session.missed_since(_number(data, "seq_ack", default=-1))
        if missed is None:
            self._registry.forget(session)
            raise VoiceClose(VoiceCloseCode.SESSION_NO_LONGER_VALID, "Missed messages are no longer kept.")
        self.record = self._record(self._call_of(session), data, resumed=True)
        self._take_up(session)
        if not self._faults.withhold_resumed:
            self._say(VoiceOp.RESUMED, None)
        for message in missed:
            self._connection.post(message)

    def _select_protocol(self, data: dict[str, Any]) -> None:
        session = self._require_session()
        if data.get("protocol") != "udp":
            raise VoiceClose(VoiceCloseCode.UNKNOWN_PROTOCOL, f"protocol {data.get('protocol')!r}")
        selected = data.get("data")
        mode = selected.get("mode") if isinstance(selected, dict) else None
        if mode not in self._options.modes:
            raise VoiceClose(VoiceCloseCode.UNKNOWN_ENCRYPTION_MODE, f"mode {mode!r}")
        session.cipher.mode = str(mode)
        if not self._faults.withhold_description:
            self._start(self._describe(session))

    def _heartbeat(self, data: dict[str, Any]) -> None:
        if "t" not in data:
            raise VoiceClose(VoiceCloseCode.BAD_REQUEST, "a heartbeat of version 8 carries t and seq_ack")
        self.heartbeats += 1
        if self.record is not None:
            self.record.heartbeats.append(time.monotonic())
        if not self._faults.silence_heartbeat_acks:
            self._say(VoiceOp.HEARTBEAT_ACK, {"t": data["t"]})

    def _speaking(self, data: dict[str, Any]) -> None:
        self._require_session()
        if self.record is not None:
            self.record.speaking.append((time.monotonic(), _number(data, "speaking")))

    def _transition_ready(self, data: dict[str, Any]) -> None:
        session = self._require_session()
        self._call_of(session).group.receive_ready(session.user_id, _number(data, "transition_id"))

    def _invalid_commit(self, data: dict[str, Any]) -> None:
        session = self._require_session()
        self._call_of(session).group.receive_invalid(session.user_id, _number(data, "transition_id"))

    async def _make_ready(self, session: VoiceSession) -> None:
        await asyncio.sleep(self._faults.ready_delay)
        self._say(
            VoiceOp.READY,
            {"ssrc": session.ssrc, "ip": "127.0.0.1", "port": self._options.udp_port, "modes": [*self._options.modes]},
        )

    async def _describe(self, session: VoiceSession) -> None:
        await asyncio.sleep(self._faults.description_delay)
        description = {
            "mode": session.cipher.mode,
            "secret_key": list(session.cipher.key),
            "dave_protocol_version": session.dave_version,
            "audio_codec": "opus",
            "video_codec": "H264",
            "media_session_id": session.admission.session_id,
        }
        self._say(VoiceOp.SESSION_DESCRIPTION, description)
        self._call_of(session).attach(session)

    def _record(self, call: Call, data: Mapping[str, Any], *, resumed: bool) -> ConnectionRecord:
        interval = self._options.heartbeat_interval
        return call.record_connection(data, resumed=resumed, heartbeat_interval=interval)

    def _call_of(self, session: VoiceSession) -> Call:
        return self._call(session.admission.channel_id)

    def _take_up(self, session: VoiceSession) -> None:
        self.session = session
        session.connection = self._connection
        session.record = self.record

    def _require_session(self) -> VoiceSession:
        if self.session is None:
            raise VoiceClose(VoiceCloseCode.NOT_AUTHENTICATED, "Not authenticated.")
        return self.session

    def _say(self, op: VoiceOp, data: Mapping[str, Any] | None) -> None:
        self._connection.post(json.dumps({"op": op, "d": data}))


def _number(data: Mapping[str, Any], name: str, default: int | None = None) -> int:
    value = data.get(name, default)
    if not isinstance(value, int):
        raise VoiceClose(VoiceCloseCode.FAILED_TO_DECODE, f"{name} is no number but {value!r}")
    return value
