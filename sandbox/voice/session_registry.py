"""Who may come to the voice server, and which sessions are alive."""

import asyncio
import itertools
import secrets
from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox.voice.call import Call
from sandbox.voice.udp import VoiceSocket
from sandbox.voice.voice_errors import VoiceClose
from sandbox.voice.voice_opcodes import VoiceCloseCode
from sandbox.voice.voice_session import Admission, VoiceSession

RESUME_SECONDS: Final = 30.0
"""How long a session waits for its client to resume. Discord does not say how long it does."""
_ON_THE_WAY_SECONDS: Final = 0.25
"""How long a session that is over is still heard, unless its client comes anew: what was sent before the client could
know has not arrived yet."""


class SessionRegistry:
    """Admissions by token, and the sessions that came of them."""

    def __init__(self, udp: VoiceSocket, call: Callable[[int], Call]) -> None:
        self._udp = udp
        self._call = call
        self._admissions: dict[str, Admission] = {}
        self._current: dict[tuple[int, int], Admission] = {}
        self._sessions: dict[str, VoiceSession] = {}
        self._limits: dict[VoiceSession, asyncio.TimerHandle] = {}
        self._ssrcs = itertools.count(1)
        self.secrets: list[str] = []
        """What was handed out and should appear in no log: voice tokens, and keys as their lists of numbers."""

    def new_ssrc(self) -> int:
        """A number that no other voice in this server has."""
        return next(self._ssrcs)

    def admit(self, *, guild_id: int, channel_id: int, user_id: int, session_id: str) -> Admission:
        """Expects a client, with a fresh token; its former token is worth nothing from now on."""
        admission = Admission(guild_id, channel_id, user_id, session_id, secrets.token_hex(8))
        self._admissions[admission.token] = admission
        self.secrets.append(admission.token)
        self._current[guild_id, user_id] = admission
        return admission

    def expected(self, guild_id: int, user_id: int) -> Admission | None:
        """With what a client may come at present."""
        return self._current.get((guild_id, user_id))

    def find(self, guild_id: int, user_id: int) -> VoiceSession | None:
        """The session of a client, where it has one."""
        sessions = self._sessions.values()
        return next((s for s in sessions if (s.admission.guild_id, s.user_id) == (guild_id, user_id)), None)

    def check_identify(self, data: Mapping[str, Any]) -> Admission:
        """The admission that an identify belongs to.

        Raises:
            VoiceClose: it is not expected; with the code that Discord would give.
        """
        admission = self._admissions.get(str(data.get("token")))
        if admission is None or str(data.get("user_id")) != str(admission.user_id):
            raise VoiceClose(VoiceCloseCode.AUTHENTICATION_FAILED, "Authentication failed.")
        if str(data.get("server_id")) != str(admission.guild_id):
            raise VoiceClose(VoiceCloseCode.SERVER_NOT_FOUND, "Server not found.")
        current = self._current.get((admission.guild_id, admission.user_id))
        if current is not admission or str(data.get("session_id")) != admission.session_id:
            raise VoiceClose(VoiceCloseCode.SESSION_NO_LONGER_VALID, "Session is no longer valid.")
        return admission

    def open(self, admission: Admission) -> VoiceSession:
        """Begins a session; the client's former one ends."""
        former = self.find(admission.guild_id, admission.user_id)
        if former is not None:
            self._replace(former)
        session = VoiceSession(admission, self.new_ssrc(), self._call(admission.channel_id).receive)
        self._sessions[admission.token] = session
        self.secrets.append(str(list(session.cipher.key)))
        self._udp.sinks[session.ssrc] = session
        return session

    def resume(self, data: Mapping[str, Any]) -> VoiceSession:
        """The session that a client takes up again.

        Raises:
            VoiceClose: it is not known any more.
        """
        session = self._sessions.get(str(data.get("token")))
        known = session is not None and (
            session.is_resumable
            and str(data.get("session_id")) == session.admission.session_id
            and str(data.get("server_id")) == str(session.admission.guild_id)
        )
        if session is None or not known:
            raise VoiceClose(VoiceCloseCode.SESSION_NO_LONGER_VALID, "Session is no longer valid.")
        self._keep(session)
        if session.connection is not None:
            session.connection.order_close(VoiceCloseCode.SESSION_NO_LONGER_VALID, "resumed elsewhere")
        return session

    def lose_connection(self, session: VoiceSession, *, resumable: bool) -> None:
        """A session's websocket is closed: it waits for a resume, or ends once what is on its way has come."""
        self._keep(session)  # a session that waited for a resume may be ended meanwhile
        session.connection = None
        session.is_resumable = resumable
        if self._sessions.get(session.admission.token) is session:
            seconds = RESUME_SECONDS if resumable else _ON_THE_WAY_SECONDS
            self._limits[session] = asyncio.get_running_loop().call_later(seconds, self.forget, session)
        else:
            self.forget(session)

    def forget(self, session: VoiceSession) -> None:
        """Ends a session; its token is worth nothing from now on."""
        admission = session.admission
        self._keep(session)
        self._udp.sinks.pop(session.ssrc, None)
        if self._sessions.get(admission.token) is session:
            del self._sessions[admission.token]
        self._call(admission.channel_id).detach(session)

    def revoke(self, guild_id: int, user_id: int) -> None:
        """A client is not expected any more."""
        self._current.pop((guild_id, user_id), None)

    def close(self) -> None:
        """Waits for no resume any more."""
        for limit in self._limits.values():
            limit.cancel()
        self._limits.clear()

    def _keep(self, session: VoiceSession) -> None:
        limit = self._limits.pop(session, None)
        if limit is not None:
            limit.cancel()

    def _replace(self, former: VoiceSession) -> None:
        connection = former.connection
        former.connection = None
        if connection is not None:
            connection.order_close(VoiceCloseCode.SESSION_NO_LONGER_VALID, "the client identified anew")
        self.forget(former)
