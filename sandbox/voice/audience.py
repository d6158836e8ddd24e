"""The clients of one call that are not simulated, and what the server forwards to them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox.voice.rtp import RtpPacket
from sandbox.voice.udp import Address
from sandbox.voice.voice_opcodes import Speaking, VoiceOp
from sandbox.voice.voice_session import VoiceSession


class Audience:
    """Who hears the members of a call: the bot."""

    def __init__(self, send_datagram: Callable[[bytes, Address], None]) -> None:
        self.deafened: set[int] = set()
        """Whom a moderator has deafened: no packet reaches them."""
        self.silenced: set[int] = set()
        """Whom a moderator has muted, or who may not speak: no packet of theirs is forwarded."""
        self._send_datagram = send_datagram
        self._sessions: dict[int, VoiceSession] = {}
        self._late: set[asyncio.TimerHandle] = set()

    @property
    def sessions(self) -> Sequence[VoiceSession]:
        """Their sessions."""
        return tuple(self._sessions.values())

    def add(self, session: VoiceSession) -> None:
        """A client comes; a session that it had is replaced."""
        self._sessions[session.user_id] = session

    def remove(self, session: VoiceSession) -> bool:
        """A client goes; False if it was not there, or with another session."""
        if self._sessions.get(session.user_id) is not session:
            return False
        del self._sessions[session.user_id]
        return True

    def tell(self, op: VoiceOp, data: Mapping[str, Any], *, but: VoiceSession | None = None) -> None:
        """Tells everybody something over the websocket, but for one."""
        for session in self.sessions:
            if session is not but:
                session.send(op, data)

    def announce(self, user_id: int, ssrc: int, flags: Speaking, delay: float) -> None:
        """Tells those whom it is news whose packets an SSRC's are (op 5), `delay` seconds from now."""
        if not delay:
            self._announce(user_id, ssrc, flags)
            return
        loop = asyncio.get_running_loop()

        def announce() -> None:
            self._late.discard(handle)
            self._announce(user_id, ssrc, flags)

        handle = loop.call_later(delay, announce)
        self._late.add(handle)

    def forget(self, ssrc: int) -> None:
        """An SSRC is nobody's any more."""
        for session in self.sessions:
            session.announced.pop(ssrc, None)

    def forward(self, sender: int, packet: RtpPacket) -> None:
        """A member's packet goes to everybody who may hear it."""
        for datagram, address in self.seal(sender, packet):
            self._send_datagram(datagram, address)

    def seal(self, sender: int, packet: RtpPacket) -> list[tuple[bytes, Address]]:
        """The datagrams of a member's packet, and where they go: to everybody who may hear it."""
        if sender in self.silenced:
            return []
        return [(session.encrypt(packet), address) for session, address in self._hearing()]

    def forward_report(self, sender: int, report: bytes) -> None:
        """The same for an RTCP report."""
        if sender not in self.silenced:
            for session, address in self._hearing():
                self._send_datagram(session.cipher.encrypt_report(report), address)

    def close(self) -> None:
        """Gives up what is still to be announced."""
        for handle in self._late:
            handle.cancel()
        self._late.clear()

    def _announce(self, user_id: int, ssrc: int, flags: Speaking) -> None:
        news = user_id, flags
        for session in self.sessions:
            if session.announced.get(ssrc) != news:
                session.announced[ssrc] = news
                session.send(VoiceOp.SPEAKING, {"user_id": str(user_id), "ssrc": ssrc, "speaking": int(flags)})

    def _hearing(self) -> list[tuple[VoiceSession, Address]]:
        return [
            (session, session.address)
            for session in self.sessions
            if session.address is not None and session.user_id not in self.deafened
        ]
