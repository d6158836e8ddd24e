"""A voice client made of a websocket, a UDP socket and davey: what py-cord's is, without py-cord."""

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import davey
import nacl.secret

from sandbox.voice import SILENCE, VoiceOp, VoiceServer
from sandbox.voice.rtp import XCHACHA, TransportCipher

GUILD = 11
CHANNEL = 77
BOT = 900
SESSION = "voice-session"
PATIENCE = 5.0


class ClosedError(Exception):
    """The server closed the websocket."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"closed with {code}")
        self.code = code


class RawClient:
    """Speaks the protocol step by step, so that a test can leave steps out."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws
        self.sequence_acknowledged = -1
        self.inbox: list[dict[str, Any]] = []
        self.session: davey.DaveSession | None = None
        self.refuses_next_commit = False
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.setblocking(False)
        self.ssrc = 0
        self.key = b""
        self.sequence = 0
        self.nonce = 0

    async def say(self, op: VoiceOp, data: Any) -> None:
        await self.ws.send_str(json.dumps({"op": op, "d": data}))

    async def say_bytes(self, op: VoiceOp, data: bytes) -> None:
        await self.ws.send_bytes(bytes([op]) + data)

    async def receive(self) -> dict[str, Any]:
        """The next message; DAVE's are acted on. Binary ones have their body as `d`."""
        async with asyncio.timeout(PATIENCE):
            message = await self.ws.receive()
        if message.type is aiohttp.WSMsgType.TEXT:
            parsed: dict[str, Any] = json.loads(message.data)
        elif message.type is aiohttp.WSMsgType.BINARY:
            number, op = struct.unpack_from(">HB", message.data)
            parsed = {"op": op, "seq": number, "d": message.data[3:]}
        else:
            raise ClosedError(message.data if message.type is aiohttp.WSMsgType.CLOSE else self.ws.close_code)
        self.sequence_acknowledged = parsed.get("seq", self.sequence_acknowledged)
        self.inbox.append(parsed)
        await self._act(parsed)
        return parsed

    async def receive_until(self, op: VoiceOp) -> Any:
        """Reads on to a message of that op; returns its data."""
        while True:
            message = await self.receive()
            if message["op"] == op:
                return message["d"]

    async def receive_close(self) -> int | None:
        """Reads on to the close; returns its code."""
        try:
            while True:
                await self.receive()
        except ClosedError as closed:
            return closed.code

    async def identify(self, token: str, *, session_id: str = SESSION, dave: int = 1) -> None:
        await self.say(
            VoiceOp.IDENTIFY,
            {
                "server_id": str(GUILD),
                "user_id": str(BOT),
                "session_id": session_id,
                "token": token,
                "max_dave_protocol_version": dave,
            },
        )

    async def discover(self, ready: Mapping[str, Any], timeout: float = PATIENCE) -> tuple[str, int]:
        loop = asyncio.get_running_loop()
        self.ssrc = ready["ssrc"]
        await loop.sock_connect(self.udp, (ready["ip"], ready["port"]))
        await loop.sock_sendall(self.udp, struct.pack(">HHI66x", 1, 70, self.ssrc))
        async with asyncio.timeout(timeout):
            answer = await loop.sock_recv(self.udp, 2048)
        kind, length, ssrc = struct.unpack_from(">HHI", answer)
        assert (kind, length, ssrc, len(answer)) == (2, 70, self.ssrc, 74)
        (port,) = struct.unpack_from(">H", answer, 72)
        return answer[8 : answer.index(0, 8)].decode(), port

    async def join(self, token: str, *, dave: int = 1) -> None:
        """The whole handshake, up to the session description."""
        await self.identify(token, dave=dave)
        await self.select(await self.receive_until(VoiceOp.READY))

    async def select(self, ready: Mapping[str, Any]) -> None:
        host, port = await self.discover(ready)
        assert XCHACHA in ready["modes"]
        data = {"address": host, "port": port, "mode": XCHACHA}
        await self.say(VoiceOp.SELECT_PROTOCOL, {"protocol": "udp", "data": data})
        await self.receive_until(VoiceOp.SESSION_DESCRIPTION)

    async def join_encrypted(self, token: str) -> None:
        """The handshake and the way into the DAVE group."""
        await self.join(token)
        await self.receive_until(VoiceOp.DAVE_EXECUTE_TRANSITION)

    def send_voice(self, opus: bytes) -> None:
        """Sends one frame as a client should: encrypted twice where DAVE is on."""
        payload = opus
        if self.session is not None and self.session.ready:
            payload = self.session.encrypt_opus(opus)
        self.send_payload(payload)

    def send_payload(self, payload: bytes, *, key: bytes | None = None) -> None:
        header = struct.pack(">BBHII", 0x80, 0x78, self.sequence, self.sequence * 960, self.ssrc)
        counter = struct.pack(">I", self.nonce)
        box = nacl.secret.Aead(key or self.key)
        sealed = box.encrypt(payload, header, counter.ljust(24, b"\0")).ciphertext
        self.sequence += 1
        self.nonce += 1
        self.udp.send(header + sealed + counter)

    async def receive_voice(self) -> tuple[int, bytes]:
        """The next packet of somebody else: SSRC and payload, without transport encryption."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(PATIENCE):
            packet = await loop.sock_recv(self.udp, 2048)
        opened = TransportCipher(self.key).decrypt(packet)
        return opened.ssrc, opened.payload

    def decrypt(self, sender: int, payload: bytes) -> bytes:
        """A payload without end-to-end encryption."""
        if self.session is None:
            return payload
        return self.session.decrypt(sender, davey.MediaType.audio, payload)

    def adopt(self, former: "RawClient") -> None:
        """Goes on with the session of a client whose websocket has gone."""
        self.session = former.session

    async def _act(self, message: dict[str, Any]) -> None:
        op, data = message["op"], message["d"]
        if op == VoiceOp.SESSION_DESCRIPTION:
            self.key = bytes(data["secret_key"])
            if data["dave_protocol_version"]:
                await self.begin_dave(data["dave_protocol_version"])
        elif self.session is None:
            return
        elif op == VoiceOp.MLS_EXTERNAL_SENDER:
            self.session.set_external_sender(data)
        elif op == VoiceOp.MLS_PROPOSALS:
            append, revoke = davey.ProposalsOperationType.append, davey.ProposalsOperationType.revoke
            result = self.session.process_proposals(revoke if data[0] else append, data[1:])
            if result is not None:
                await self.say_bytes(VoiceOp.MLS_COMMIT_WELCOME, result.commit + (result.welcome or b""))
        elif op == VoiceOp.MLS_ANNOUNCE_COMMIT:
            await self._enter(self.session.process_commit, data)
        elif op == VoiceOp.MLS_WELCOME:
            await self._enter(self.session.process_welcome, data)
        elif op == VoiceOp.DAVE_PREPARE_EPOCH and data["epoch"] == 1:
            await self.begin_dave(data["protocol_version"])
        elif op == VoiceOp.DAVE_PREPARE_TRANSITION and data["transition_id"]:
            await self._ready(data["transition_id"])

    async def begin_dave(self, version: int) -> None:
        if self.session is None:
            self.session = davey.DaveSession(version, BOT, CHANNEL)
        else:
            self.session.reinit(version, BOT, CHANNEL)
        await self.say_bytes(VoiceOp.MLS_KEY_PACKAGE, self.session.get_serialized_key_package())

    async def _enter(self, take: Callable[[bytes], None], data: bytes) -> None:
        transition_id = int.from_bytes(data[:2], "big")
        try:
            take(b"" if self.refuses_next_commit else data[2:])
        except ValueError:
            self.refuses_next_commit = False
            await self.say(VoiceOp.MLS_INVALID_COMMIT_WELCOME, {"transition_id": transition_id})
            await self.begin_dave(1)
        else:
            await self._ready(transition_id)

    async def _ready(self, transition_id: int) -> None:
        await self.say(VoiceOp.DAVE_TRANSITION_READY, {"transition_id": transition_id})


def expect(server: VoiceServer, session_id: str = SESSION) -> str:
    """What the main gateway does when the bot joins."""
    return server.expect(guild_id=GUILD, channel_id=CHANNEL, user_id=BOT, session_id=session_id)


@asynccontextmanager
async def connected(server: VoiceServer) -> AsyncIterator[RawClient]:
    """A client with an open websocket that has said nothing yet."""
    trust = ssl.create_default_context(cafile=str(server.ca_file))
    trust.verify_flags |= ssl.VERIFY_X509_STRICT  # what newer Pythons do by themselves
    url = f"wss://{server.endpoint}/?v=8"
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust)) as http,
        http.ws_connect(url, autoclose=False) as ws,
    ):
        client = RawClient(ws)
        try:
            yield client
        finally:
            client.udp.close()


def frames(count: int, first: int = 0) -> list[bytes]:
    """Frames that can be told apart; only their bytes matter."""
    return [b"\x78" + struct.pack(">I", first + index) * 8 for index in range(count)]


def is_speech(frame: bytes) -> bool:
    """Whether a frame says something."""
    return frame != SILENCE
