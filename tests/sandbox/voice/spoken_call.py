"""A call without sockets, in virtual time, whose members speak to ears that are tried side by side."""

import asyncio
import itertools
import json
from collections import Counter
from typing import Any

from sandbox.voice import Call, DaveClient, Listening
from sandbox.voice.rtp import SILENCE, XCHACHA, RtpPacket
from sandbox.voice.udp import Address
from sandbox.voice.voice_opcodes import VoiceOp
from sandbox.voice.voice_session import Admission, VoiceSession
from tests.sandbox.voice.naive_ear import Mistake, NaiveEar
from voicewire.ciphers import CIPHERS
from voicewire.dave.davey_session import DaveySession
from voicewire.dave.protocol import DaveProtocol
from voicewire.listener import VoicePacket
from voicewire.receiver import Receiver

CHANNEL, BOT = 77, 900
ADA, BEN, DJ = 101, 102, 103


class GoodEar:
    """voicewire's receiver, and a listener that collects."""

    def __init__(self, receiver: Receiver, *bots: int) -> None:
        self.packets: list[VoicePacket] = []
        self.receiver = receiver
        self._bots = bots
        receiver.listener = self

    def wants(self, user_id: int) -> bool:
        """Whoever is no bot."""
        return user_id not in self._bots

    def hear(self, packet: VoicePacket) -> None:
        """Keep a packet."""
        self.packets.append(packet)

    def of(self, user_id: int) -> list[bytes | None]:
        """What one member said, in order, without silence."""
        mine = [each for each in self.packets if each.user_id == user_id and each.opus != SILENCE]
        return [each.opus for each in sorted(mine, key=lambda each: (each.sequence - mine[0].sequence + 100) & 0xFFFF)]


class SpokenCall:
    """A call with one bot that has two ears, a good and a naive one. Made in a running loop."""

    def __init__(
        self, mistake: Mistake | None = None, *, dave_version: int = 0, bots: tuple[int, ...] = (), mode: str = XCHACHA
    ) -> None:
        self.said: list[tuple[int, Any]] = []
        """What the bot was told over its websocket: ops of JSON and their data."""
        self.arrivals: list[tuple[float, RtpPacket]] = []
        """Voice packets that reached the bot, and when."""
        self.kinds: Counter[int] = Counter()
        """Datagrams by their second byte."""
        self.call = Call(
            CHANNEL,
            dave_version=dave_version,
            listening=Listening.FRAMES,
            commit_delay=0.0,
            make_member=DaveClient,
            new_ssrc=itertools.count(2).__next__,
            send_datagram=self._arrive,
        )
        self.session = VoiceSession(Admission(1, CHANNEL, BOT, "session", "token"), 1, self.call.receive)
        self.session.cipher.mode = mode
        self.session.dave_version = dave_version
        self.session.address = "127.0.0.1", 1
        self.session.connection = self
        self._dave = DaveProtocol(
            BOT,
            CHANNEL,
            DaveySession,
            send_text=self._answer,
            send_binary=self._answer,
            on_keys=self._keys_changed,
            on_send_key=lambda: None,
        )
        receiver = Receiver(self._dave, asyncio.get_running_loop().time)
        receiver.cipher = CIPHERS[mode](self.session.cipher.key)
        self.good = GoodEar(receiver, *bots)
        self.naive = NaiveEar(self.session.cipher, mistake)
        self._dave.start(dave_version)
        self.call.attach(self.session)

    async def join(self, user_id: int, *, is_bot: bool = False) -> None:
        """A member comes, and whatever is agreed on with it."""
        self.call.member_joined(user_id, is_bot=is_bot)
        await asyncio.sleep(1)

    def hear_the_bot(self, sequence: int, opus: bytes) -> None:
        """The bot says a frame."""
        packet = RtpPacket(sequence, sequence * 960, self.session.ssrc, opus)
        self.session.record = self.session.record or self.call.record_connection(
            {}, resumed=False, heartbeat_interval=1.0
        )
        self.call.receive(self.session, self.session.cipher.encrypt(packet), asyncio.get_running_loop().time())

    def post(self, message: str | bytes) -> None:
        """The bot's websocket."""
        if isinstance(message, bytes):
            self._dave.take(message[2], message[3:])
            return
        parsed = json.loads(message)
        op, data = parsed["op"], parsed["d"]
        self.said.append((op, data))
        match op:
            case VoiceOp.SPEAKING:
                for ear in (self.good.receiver, self.naive):
                    ear.assign(data["ssrc"], int(data["user_id"]))
            case VoiceOp.CLIENT_DISCONNECT:
                self._dave.group.client_disconnect(int(data["user_id"]))
                for ear in (self.good.receiver, self.naive):
                    ear.forget(int(data["user_id"]))
            case VoiceOp.CLIENTS_CONNECT:
                self._dave.group.clients_connect({int(user) for user in data["user_ids"]})
            case VoiceOp.VIDEO:
                pass
            case _:
                self._dave.take(op, data)

    def note_packet(self, datagram: bytes, *, is_from_server: bool) -> None:
        """Nothing is recorded."""

    def order_close(self, code: int, reason: str) -> None:
        """Nobody does."""

    async def close(self, code: int, reason: str) -> None:
        """Nobody does."""

    def _arrive(self, datagram: bytes, _: Address) -> None:
        self.kinds[datagram[1]] += 1
        if datagram[1] == 0x78:
            opened = self.session.cipher.decrypt(datagram)
            self.arrivals.append((asyncio.get_running_loop().time(), opened))
        self.good.receiver.take(datagram)
        self.naive.take(datagram)

    def _answer(self, op: int, data: Any) -> None:
        asyncio.get_running_loop().call_soon(self._tell_group, op, data)

    def _tell_group(self, op: int, data: Any) -> None:
        group = self.call.group
        match op:
            case VoiceOp.DAVE_TRANSITION_READY:
                group.receive_ready(BOT, data["transition_id"])
            case VoiceOp.MLS_KEY_PACKAGE:
                group.receive_key_package(BOT, data)
            case VoiceOp.MLS_COMMIT_WELCOME:
                group.receive_commit(BOT, data)

    def _keys_changed(self) -> None:
        self.good.receiver.keys_changed()
