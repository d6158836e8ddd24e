"""A voice connection of voicewire to the sandbox's voice server, without a bot."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

import sandbox.voice
from tests.support.eventually import eventually
from voicewire import VoiceConnection, VoicePacket, VoiceServer
from voicewire.dave.davey_session import DaveySession
from voicewire.dave.mls_session import MakeMlsSession
from voicewire.rtp import SILENCE

GUILD, CHANNEL, BOT = 11, 77, 900
ADA, BEN, EVE = 101, 102, 103


class Ears:
    """Hears everybody, or some, but not the silence after their words."""

    def __init__(self, *wanted: int) -> None:
        self.wanted = set(wanted)
        self.packets: list[VoicePacket] = []

    def wants(self, user_id: int) -> bool:
        return not self.wanted or user_id in self.wanted

    def hear(self, packet: VoicePacket) -> None:
        if packet.opus != SILENCE:
            self.packets.append(packet)

    def of(self, user_id: int) -> list[bytes | None]:
        """What one member said, in the order of their packets."""
        packets = sorted(self.packets, key=lambda packet: packet.sequence)
        return [packet.opus for packet in packets if packet.user_id == user_id]


def frames(count: int, first: int = 0) -> list[bytes]:
    """Frames that can be told apart."""
    return [b"\x78" + (first + index).to_bytes(4, "big") * 8 for index in range(count)]


def make_connection(
    server: sandbox.voice.VoiceServer, make_session: MakeMlsSession = DaveySession, ears: Ears | None = None
) -> VoiceConnection:
    """A connection that is expected, and not made yet."""
    token = server.expect(guild_id=GUILD, channel_id=CHANNEL, user_id=BOT, session_id="session")
    return connection_to(server.endpoint, server.ca_file, token, make_session, ears)


def connection_to(
    endpoint: str, ca_file: Path, token: str, make_session: MakeMlsSession, ears: Ears | None
) -> VoiceConnection:
    """A connection to whatever speaks as a voice server there."""
    place = VoiceServer(
        user_id=BOT, server_id=GUILD, channel_id=CHANNEL, session_id="session", token=token, endpoint=endpoint
    )
    tls = ssl.create_default_context(cafile=str(ca_file))

    def make_http() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls))

    return VoiceConnection(place, make_session, listener=ears, make_http=make_http)


@asynccontextmanager
async def connected(
    server: sandbox.voice.VoiceServer, make_session: MakeMlsSession = DaveySession, ears: Ears | None = None
) -> AsyncIterator[VoiceConnection]:
    """A connection in the call; it may speak where somebody is there to hear it."""
    connection = make_connection(server, make_session, ears)
    await connection.connect()
    try:
        if server.call(CHANNEL).members:
            await until_it_may_speak(connection)
        yield connection
    finally:
        await connection.close()


async def until_it_may_speak(connection: VoiceConnection) -> None:
    """Waits for the encryption."""
    await eventually(lambda: connection.may_speak)


async def say(connection: VoiceConnection, words: list[bytes], pause: float = 0.002) -> int:
    """Sends frames; how often one had to be given again."""
    waits = 0
    for word in words:
        while not connection.send_frame(word):
            waits += 1
            assert waits < 2000, "no frame leaves"
            await asyncio.sleep(0.005)
        await asyncio.sleep(pause)
    return waits
