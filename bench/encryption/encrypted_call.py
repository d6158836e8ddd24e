"""A call in the sandbox with members by libdave, and our connection in it."""

import itertools
import ssl
from collections.abc import Callable, Sequence, Set
from typing import Final

import aiohttp

import sandbox.voice
from bench.encryption.frame_ledger import FrameLedger
from bench.encryption.watched_member import WatchedMember
from bench.encryption.watched_session import WatchedSession
from sandbox.voice.call import Call
from sandbox.voice.voice_member import DeliveryService
from voicewire import VoiceConnection, VoicePacket, VoiceServer
from voicewire.dave.mls_session import MakeMlsSession, MlsSession

ADA: Final = 101
"""She is there from the beginning to the end, and speaks all the time."""
_GUILD: Final = 11
_CHANNEL: Final = 77
_US: Final = 900
_NEVER: Final = 60.0
_PATIENCE: Final = 0.8
"""Seconds that members leave to us to commit."""


class EncryptedCall:
    """What happens in a call, and what is noted of it."""

    def __init__(self, *, we_commit: bool, modes: Sequence[str]) -> None:
        """`we_commit`: members leave it to us, unless only they can. `modes` are the transport encryptions."""
        self.ledger = FrameLedger()
        """What we sent."""
        self.server = sandbox.voice.VoiceServer(
            commit_delay=_PATIENCE if we_commit else 0.0, modes=modes, make_member=self._make_member
        )
        """The voice server, which is to be entered."""
        self.strangers: set[int] = set()
        """Whom only we are not told of."""
        self.lags: dict[int, float] = {}
        """How many seconds late which member is told everything; 0 for others."""
        self._words = itertools.count()

    @property
    def channel_id(self) -> int:
        """The voice channel."""
        return _CHANNEL

    @property
    def call(self) -> Call:
        """The call as the voice server sees it."""
        return self.server.call(_CHANNEL)

    @property
    def is_heard(self) -> bool:
        """Whether there is a member who hears us."""
        return any(member.listening_since is not None for member in list(self.call.members.values()))

    def join(self, *users: int, lag: float = 0.0) -> None:
        """Members come, all at once."""
        for user in users:
            self.lags[user] = lag
            self.server.member_joined(_CHANNEL, user, lag=lag)

    def leave(self, *users: int) -> None:
        """Members go, all at once."""
        for user in users:
            self.server.member_left(_CHANNEL, user)

    def intrude(self, user_id: int) -> None:
        """A member comes whom no op 11 announces to us."""
        call = self.call
        member = self._make_member(
            user_id, _CHANNEL, user_id, call.group, commit_delay=_NEVER, known=lambda: {*call.members, _US}
        )
        call.members[user_id] = member
        call.group.join(member)

    async def speak(self, user_id: int, count: int) -> None:
        """A member says that many frames."""
        await self.call.speak(user_id, [b"\x78" + next(self._words).to_bytes(4, "big") * 8 for _ in range(count)])

    def wants(self, user_id: int) -> bool:  # noqa: ARG002 - everybody
        """See `VoiceListener`."""
        return True

    def hear(self, packet: VoicePacket) -> None:
        """See `VoiceListener`."""
        if packet.opus is not None:
            self.ledger.note_given(packet.user_id, packet.opus)

    def expect_us(self, make_session: MakeMlsSession) -> VoiceConnection:
        """Our connection, which is expected and not made yet; its sessions are watched."""
        token = self.server.expect(guild_id=_GUILD, channel_id=_CHANNEL, user_id=_US, session_id="session")
        place = VoiceServer(
            user_id=_US,
            server_id=_GUILD,
            channel_id=_CHANNEL,
            session_id="session",
            token=token,
            endpoint=self.server.endpoint,
        )
        tls = ssl.create_default_context(cafile=str(self.server.ca_file))

        def make_watched(user_id: int, channel_id: int, expected: Callable[[], Set[int]]) -> MlsSession:
            return WatchedSession(make_session(user_id, channel_id, expected), self.ledger)

        def make_http() -> aiohttp.ClientSession:
            return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls))

        return VoiceConnection(place, make_watched, listener=self, make_http=make_http)

    def _make_member(
        self,
        user_id: int,
        channel_id: int,
        ssrc: int,
        gateway: DeliveryService,
        *,
        commit_delay: float,
        known: Callable[[], Set[int]],
    ) -> WatchedMember:
        return WatchedMember(
            user_id,
            channel_id,
            ssrc,
            gateway,
            commit_delay=commit_delay,
            known=lambda: known() | self.strangers,
            ledger=self.ledger,
            lag=self.lags.get(user_id, 0.0),
        )
