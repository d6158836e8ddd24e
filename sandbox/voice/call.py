"""One voice channel: who is in it, and everything that was heard there."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from sandbox.voice.audience import Audience
from sandbox.voice.camera import Camera
from sandbox.voice.captured_sound import Sound
from sandbox.voice.dave_group import DaveGroup
from sandbox.voice.echo import Loudspeakers
from sandbox.voice.header_log import HeaderLog
from sandbox.voice.lag import Lagging
from sandbox.voice.listening import Listening, Speech
from sandbox.voice.microphone import Microphone, OpenMicrophone
from sandbox.voice.network_conditions import NetworkConditions
from sandbox.voice.opus_codec import Samples
from sandbox.voice.opus_packet import is_opus
from sandbox.voice.packet_writer import PacketWriter
from sandbox.voice.records import ConnectionRecord, HeardFrame
from sandbox.voice.rtp import SILENCE, RtpPacket, TransportError
from sandbox.voice.talker import Talker
from sandbox.voice.udp import Address
from sandbox.voice.voice_member import MakeMember, Member
from sandbox.voice.voice_opcodes import Speaking, VoiceOp
from sandbox.voice.voice_session import VoiceSession
from sandbox.voice.wav import write_wav

_logger = logging.getLogger(__name__)
_DAVE_MARKER: Final = b"\xfa\xfa"
_DAVE_OVERHEAD: Final = 12
_ON_ITS_WAY: Final = 0.25
"""Seconds in which plain frames still arrive where a call gets its encryption: senders hear of it (op 22) later than
the voice server. Discord's clients take plain ones for ten seconds then (libdave, `TransitionToPassthroughMode`)."""
_FRAMES_KEPT: Final = 45_000
"""15 minutes of speech, some 20 MB."""
_PERFECT: Final = NetworkConditions()


class Call:
    """The call in one voice channel. It lasts as long as the server, over all connections."""

    def __init__(
        self,
        channel_id: int,
        *,
        dave_version: int,
        listening: Listening,
        commit_delay: float,
        make_member: MakeMember,
        new_ssrc: Callable[[], int],
        send_datagram: Callable[[bytes, Address], None],
    ) -> None:
        self.channel_id = channel_id
        """The voice channel."""
        self.frames: deque[HeardFrame] = deque(maxlen=_FRAMES_KEPT)
        """The last 15 minutes of what was heard, in order of arrival; nothing where only headers are noted."""
        self.headers = HeaderLog()
        """All packets, where only headers are noted; nothing else."""
        self.undecryptable_transport = 0
        """Datagrams under the SSRC of a session that its key did not open."""
        self.undecryptable_end_to_end = 0
        """Failures of a listening member to decrypt a frame, one a frame and member."""
        self.plaintext_with_dave = 0
        """Frames, silence apart, that came unencrypted while the call was end-to-end encrypted.

        A member's client refuses them: they are heard only where no member is there.
        """
        self.not_opus = 0
        """Packets that are no Opus, such as the OpusHead and OpusTags of an Ogg file. Nobody hears them."""
        self.unheard = 0
        """End-to-end encrypted frames that no member heard or had to: nobody was there, or not yet in the group."""
        self.connections: list[ConnectionRecord] = []
        """All voice websockets that identified for this call with a valid token, refused ones included."""
        self.group = DaveGroup(channel_id, dave_version)
        """The call's MLS group."""
        self.members: dict[int, Member] = {}
        """The simulated members in the channel, by user id: humans and other bots."""
        self.audience = Audience(send_datagram)
        """Who hears the members, and whom of them."""
        self.announces_speakers = True
        """Whether the bot is told whose packets are whose (op 5): once a member, as Discord does, or never."""
        self.announcement_delay = 0.0
        """Seconds by which that comes later than the first packet, as it does over a slower way."""
        self.hands_on_ssrcs = False
        """Whether who comes gets the SSRC of who left last, as Discord may do."""
        self._commit_delay = commit_delay
        self._make_member = make_member
        self._new_ssrc = new_ssrc
        self._talkers: dict[int, Talker] = {}
        self._free_ssrcs: list[int] = []
        self._loudspeakers = Loudspeakers()
        self._known: set[int] = set()
        self._listening = listening
        self._speech = Speech()

    @property
    def undecryptable(self) -> int:
        """What could not be decrypted, on either layer."""
        return self.undecryptable_transport + self.undecryptable_end_to_end

    @property
    def sessions(self) -> Sequence[VoiceSession]:
        """The clients in the call that are not simulated: the bot."""
        return self.audience.sessions

    def speech(self) -> list[HeardFrame]:
        """The frames that are not silence."""
        return [frame for frame in self.frames if not frame.is_silence]

    async def wait_for_frames(self, count: int, timeout: float = 10.0) -> None:
        """Waits until that many frames of speech were heard in all.

        Raises:
            TimeoutError: they were not in `timeout` seconds.
        """
        await self._speech.wait_for(count, timeout)

    async def wait_until_quiet(self, seconds: float, timeout: float = 30.0) -> None:
        """Waits until speech was heard and then none for that long.

        Raises:
            TimeoutError: that was not so in `timeout` seconds.
        """
        await self._speech.wait_until_quiet(seconds, timeout)

    def write_wav(self, path: Path) -> None:
        """Writes what was heard, silences kept: 48 kHz, mono, 16 bits."""
        write_wav([(frame.arrival, frame.opus) for frame in self.frames], path)

    async def speak(
        self,
        user_id: int,
        sound: Sound,
        *,
        microphone: Microphone = OpenMicrophone(),  # noqa: B008 - it is frozen
        network: NetworkConditions = _PERFECT,
        flags: Speaking = Speaking.VOICE,
        is_muted: Callable[[], bool] = lambda: False,
    ) -> None:
        """A member says something, in real time, as a Discord client does; five silence frames end it, then nothing.

        It ends early when the member leaves.

        Args:
            user_id: who.
            sound: samples, frames of Opus of 20 ms, or an iterator or asynchronous iterator of either.
            microphone: when it is open.
            network: what happens to the packets on their way to the server.
            flags: what op 5 says of them.
            is_muted: whether the member's own microphone is off at the moment.

        Raises:
            KeyError: the member is not in the call.
            RuntimeError: the member is speaking.
        """
        ssrc, announces, delay = self.members[user_id].ssrc, self.announces_speakers, self.announcement_delay

        def announce() -> None:
            if announces:
                self.audience.announce(user_id, ssrc, flags, delay)

        await self._talkers[user_id].talk(sound, microphone, network, announce=announce, is_muted=is_muted)

    def seal(
        self, user_id: int, frames: Sequence[bytes | None], *, pause: int = 0
    ) -> list[list[tuple[bytes, Address]]]:
        """What a member will say, as datagrams, for whoever sends them at their times: one after the other, each 20 ms.

        Their SSRC is announced now. No network and no fault is between.

        Args:
            user_id: who.
            frames: 20 ms of Opus each; None where nothing is sent.
            pause: how many frames were not sent before the first one.

        Returns:
            For each frame its datagrams, and where they go.

        Raises:
            KeyError: the member is not in the call.
        """
        member = self.members[user_id]
        if self.announces_speakers:
            self.audience.announce(user_id, member.ssrc, Speaking.VOICE, self.announcement_delay)
        member.packets.skip(pause)
        sealed: list[list[tuple[bytes, Address]]] = []
        for frame in frames:
            if frame is None:
                member.packets.skip(1)
                sealed.append([])
            else:
                sealed.append(self.audience.seal(user_id, member.speak(frame)))
        return sealed

    def listen(self, take: Callable[[HeardFrame], None]) -> Callable[[], None]:
        """Have every frame given to `take` as it is heard, until what is returned is called."""
        return self._loudspeakers.listen(take)

    def echo(self, *, delay: float = 0.1, gain: float = 0.3) -> AsyncGenerator[Samples, None]:
        """What is heard from now on, as it comes back through a microphone: later by `delay` seconds, and softer."""
        return self._loudspeakers.echo(delay, gain)

    @asynccontextmanager
    async def camera(self, user_id: int) -> AsyncIterator[None]:
        """A member's camera is on, until they leave: op 12, video packets on two further SSRCs, and RTCP.

        Raises:
            KeyError: the member is not in the call.
        """
        member = self.members[user_id]
        camera = Camera(user_id, member.ssrc, self._new_ssrc, self.audience, lambda: self._is_present(member))
        filming = asyncio.create_task(camera.run())
        try:
            yield
        finally:
            filming.cancel()
            (outcome,) = await asyncio.gather(filming, return_exceptions=True)
            if isinstance(outcome, Exception):
                raise outcome

    def member_joined(self, user_id: int, *, lag: float = 0.0, is_bot: bool = False) -> None:
        """A human, or another bot, enters, and is told everything `lag` seconds late. Who is there is left alone."""
        if user_id in self.members:
            return
        is_handed_on = self.hands_on_ssrcs and self._free_ssrcs
        member = self._make_member(
            user_id,
            self.channel_id,
            self._free_ssrcs.pop() if is_handed_on else self._new_ssrc(),
            self.group,
            commit_delay=self._commit_delay,
            known=lambda: self._known,
        )
        if is_bot:
            member.packets = PacketWriter(member.ssrc, seed=user_id, is_bot=True)

        self.members[user_id] = member
        self._talkers[user_id] = Talker(member, self.audience, lambda: self._is_present(member))
        self._known.add(user_id)
        self.audience.tell(VoiceOp.CLIENTS_CONNECT, {"user_ids": [str(user_id)]})
        self.group.join(Lagging(member, lag, lambda: self._is_present(member)) if lag else member)

    def member_left(self, user_id: int) -> None:
        """A human leaves; one who is not there is ignored."""
        member = self.members.pop(user_id, None)
        if member is None:
            return
        member.close()
        self._talkers.pop(user_id).close()
        self.audience.forget(member.ssrc)
        self._free_ssrcs.append(member.ssrc)
        self.audience.tell(VoiceOp.CLIENT_DISCONNECT, {"user_id": str(user_id)})
        self.group.leave(user_id)

    def record_connection(
        self, payload: Mapping[str, Any], *, resumed: bool, heartbeat_interval: float
    ) -> ConnectionRecord:
        """Notes a websocket that has identified or resumed with `payload`."""
        record = ConnectionRecord(
            number=len(self.connections),
            opened_at=time.monotonic(),
            identify={name: value for name, value in payload.items() if name != "token"},
            resumed=resumed,
            heartbeat_interval=heartbeat_interval,
        )
        self.connections.append(record)
        return record

    def change_dave_version(self, version: int) -> None:
        """Takes everyone in the call to DAVE version 0 or 1, as Discord does when a client without it comes."""
        self.group.change_version(version)

    def attach(self, session: VoiceSession) -> None:
        """A client that has its session description becomes a part of the call."""
        self.group.change_version(session.dave_version)
        self.audience.add(session)
        self._known.add(session.user_id)
        others = [each.user_id for each in self.sessions if each is not session]
        present = [*self.members, *others]
        if present:
            session.send(VoiceOp.CLIENTS_CONNECT, {"user_ids": [str(user) for user in present]})
        self.audience.tell(VoiceOp.CLIENTS_CONNECT, {"user_ids": [str(session.user_id)]}, but=session)
        self.group.join(session)

    def detach(self, session: VoiceSession) -> None:
        """A client has left for good."""
        if self.audience.remove(session):
            self.audience.tell(VoiceOp.CLIENT_DISCONNECT, {"user_id": str(session.user_id)})
            self.group.leave(session.user_id)

    def close(self) -> None:
        """Ends what the call still waits for."""
        self.group.close()
        self.audience.close()
        for talker in self._talkers.values():
            talker.close()
        for member in self.members.values():
            member.close()

    def receive(self, session: VoiceSession, datagram: bytes, arrival: float) -> None:
        """Takes a datagram of the bot, and lets every member hear it, or only notes it."""
        if session.record is None:
            return
        if self._listening is Listening.HEADERS:
            if self.headers.append(datagram, arrival):
                self._speech.came(arrival)
            return
        try:
            packet = session.cipher.decrypt(datagram)
        except TransportError as error:
            _logger.debug("%s", error)
            self.undecryptable_transport += 1
        else:
            self._hear(session.user_id, session.record, packet, arrival)

    def _is_present(self, member: Member) -> bool:
        return self.members.get(member.user_id) is member

    def _hear(self, sender: int, record: ConnectionRecord, packet: RtpPacket, arrival: float) -> None:
        payload = packet.payload
        if payload == b"":
            return
        encrypted = len(payload) > _DAVE_OVERHEAD and payload.endswith(_DAVE_MARKER)
        opus: bytes | None = payload
        if encrypted:
            opus = self._decrypt(sender, payload, arrival)
            if opus is None and not self.group.version:
                # Plain Opus may end like a DAVE frame by chance.
                encrypted, opus = False, payload
        elif payload != SILENCE and self.group.version and arrival - self.group.encrypted_since > _ON_ITS_WAY:
            self.plaintext_with_dave += 1
            opus = None if self.members else payload
        if opus is None:
            return
        if is_opus(opus):
            self._append(record, packet, opus, encrypted, arrival)
        else:
            self.not_opus += 1
            _logger.warning("a packet of %d bytes is no Opus: %r", len(opus), opus[:16])

    def _decrypt(self, sender: int, payload: bytes, arrival: float) -> bytes | None:
        heard, failures = None, 0
        for member in self.members.values():
            opus = member.hear(sender, payload)
            if opus is not None:
                heard = opus
            elif member.expects_to_hear(arrival):
                failures += 1
        self.undecryptable_end_to_end += failures
        if heard is None and not failures and self.group.version:
            self.unheard += 1
        return heard

    def _append(
        self, record: ConnectionRecord, packet: RtpPacket, opus: bytes, end_to_end: bool, arrival: float
    ) -> None:
        is_silence = opus == SILENCE
        frame = HeardFrame(
            arrival=arrival,
            sequence=packet.sequence,
            timestamp=packet.timestamp,
            ssrc=packet.ssrc,
            opus=opus,
            end_to_end=end_to_end,
            is_silence=is_silence,
            connection=record.number,
        )
        self.frames.append(frame)
        self._loudspeakers.play(frame)
        if not is_silence:
            self._speech.came(arrival)
