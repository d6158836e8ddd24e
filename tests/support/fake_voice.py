"""A voice channel and its clients without a wire, for logic in virtual time."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import discord
from prometheus_client import CollectorRegistry

from assistant.audio.player import QueuedFrame
from assistant.domain.call_state import CallState
from assistant.domain.channels import VocalChannel
from assistant.domain.voice_loss import LossCause, VoiceLoss, VoiceLost
from assistant.telemetry.metrics import Metrics
from assistant.voice.connection import CallConnection
from assistant.voice.timing import VoiceTiming
from tests.support.fake_line import FakeLine


class FakeClient:
    """A voice client of which the test says how it fares."""

    def __init__(self, channel: "FakeChannel") -> None:
        self.channel = channel
        self._line = FakeLine(asyncio.get_running_loop().time, channel.heard)
        self.lost = self._new_loss()
        self.open = False
        self.may_speak = True
        self.heartbeats_answered = 0
        self.probes_answered = 0
        self.latency = 0.02

    def is_connected(self) -> bool:
        return self.open

    def queue_frame(self, frame: bytes) -> QueuedFrame | None:
        return self._line.queue_frame(frame) if self.open and not self.lost.done() else None

    def _new_loss(self) -> asyncio.Future[VoiceLoss]:
        lost: asyncio.Future[VoiceLoss] = asyncio.get_running_loop().create_future()
        lost.add_done_callback(lambda _: self._line.drop_all())
        return lost

    def announce_speaking(self, is_speaking: bool) -> None:
        """Nobody listens to that here."""

    @property
    def may_resume(self) -> bool:
        """Its server remembers it where the test says so."""
        return self.channel.resumes

    async def resume(self, timeout: float) -> None:
        """Its websocket broke, and is opened again."""
        await asyncio.sleep(0.02)
        outcome = self.channel.outcomes.pop(0)
        if outcome != "resumed":
            raise VoiceLost(loss=VoiceLoss(cause=LossCause.REMOVED if outcome == "removed" else LossCause.NOT_JOINED))
        self.lost = self._new_loss()

    async def gateway_returned(self) -> None:
        """No try of this client waits for the main gateway."""

    async def keep_registered(self) -> None:
        self.heartbeats_answered += 1

    def probe(self) -> None: ...

    async def disconnect(self, *, force: bool) -> None:
        self._line.drop_all()
        await asyncio.sleep(0.01)
        self.open = False
        self.channel.clients.remove(self)


@dataclass
class Rights:
    view_channel: bool = True
    connect: bool = True
    speak: bool = True


class FakeChannel(discord.VoiceChannel):
    """A voice channel whose voice server does as it is told, join after join."""

    def __init__(self, outcomes: list[str]) -> None:  # nothing of py-cord's is made
        self.outcomes = outcomes
        self.resumes = False
        self.clients: list[FakeClient] = []
        self.most_clients = 0
        self.heard: list[bytes] = []
        self.rights = Rights()
        self.name = "Lounge"
        self.id = 7
        self.guild = cast(Any, FakeGuild(self))

    @property
    def voice_states(self) -> dict[int, Any]:
        return {}

    def permissions_for(self, obj: Any, /) -> Any:
        return self.rights

    async def connect(self, *, timeout: float = 60, reconnect: bool = True, cls: Any = None) -> Any:
        client = cls(None, self)
        outcome = self.outcomes.pop(0) if self.outcomes else "joined"
        async with asyncio.timeout(timeout):
            await asyncio.sleep(0.05 if outcome != "hangs" else 1000)
        if outcome.isdigit():
            raise VoiceLost(loss=VoiceLoss(cause=LossCause.CLOSED, close_code=int(outcome)))
        if outcome == "refused":
            raise ConnectionRefusedError
        if outcome == "removed":
            raise VoiceLost(loss=VoiceLoss(cause=LossCause.REMOVED))
        client.open = True
        return client


@dataclass
class FakeGuild:
    channel: FakeChannel
    id: int = 5
    unavailable: bool = False
    afk_channel: None = None
    me: Any = field(default_factory=lambda: SimpleNamespace(id=1, voice=None))

    def get_channel(self, _: int) -> Any:
        return self.channel


@dataclass
class Watched:
    """A connection under test."""

    connection: CallConnection
    channel: FakeChannel
    states: list[CallState] = field(default_factory=list)
    is_taken_over: bool = False
    """Whether another process holds the call."""


class FakedConnection(CallConnection):
    """The connection that ships, with the fake client."""

    def _new_client(self, bot: discord.Client, channel: discord.abc.Connectable) -> Any:
        fake = cast(FakeChannel, channel)
        client = FakeClient(fake)
        fake.clients.append(client)
        fake.most_clients = max(fake.most_clients, len(fake.clients))
        self._client = cast(Any, client)
        return client


def connection_to(outcomes: list[str], timing: VoiceTiming = VoiceTiming()) -> Watched:  # noqa: B008 - a frozen value
    channel = FakeChannel(outcomes)
    watched: Watched

    async def is_held() -> bool:
        await asyncio.sleep(0.001)
        return not watched.is_taken_over

    connection = FakedConnection(
        cast(VocalChannel, channel),
        timing,
        lambda: watched.states.append(connection.state),
        lambda _: cast(Any, channel.guild),
        Metrics(CollectorRegistry()),
        pacer=cast(Any, None),
        is_held=is_held,
    )
    watched = Watched(connection, channel)
    return watched


def lose(watched: Watched, loss: VoiceLoss) -> None:
    """End the connection that is live, if there is one."""
    for client in watched.channel.clients:
        if client.open and not client.lost.done():
            client.lost.set_result(loss)
