"""How many of the frames that members send come out of the ear as sound, over a real connection."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

import aiohttp

import sandbox.voice
from assistant.hearing.ear import TICK_SECONDS, Ear
from assistant.hearing.models import HearingModels
from bench.hearing.figure import Figure
from sandbox.voice.dave_client import DaveClient
from sandbox.voice.libdave_client import LibdaveClient
from sandbox.voice.voice_member import MakeMember
from tests.support.sent_packets import SILENCE_FRAMES, encode_as_clients_do
from tests.support.spoken_words import spoken_words
from voicewire import VoiceConnection, VoiceServer
from voicewire.dave import available_sessions

_GUILD: Final = 11
_CHANNEL: Final = 77
_US: Final = 900
_ADA, _BEN, _EVE, _GUEST = 101, 102, 103, 104
_SETTLED_SECONDS: Final = 20.0
_ON_THE_WAY_SECONDS: Final = 0.3
_EPOCHS: Final = 6


@dataclass(frozen=True, slots=True)
class CallForm:
    """How a call is."""

    name: str
    """For the table."""
    speakers: Sequence[int] = (_ADA,)
    """Who speaks."""
    dave_version: int = 1
    """0: no end-to-end encryption."""
    make_member: MakeMember = DaveClient
    """The library of the members."""
    epochs: int = 0
    """How many times the keys change meanwhile."""


FORMS: Final = (
    CallForm("without end-to-end encryption", dave_version=0),
    CallForm("encrypted, header extensions and padding"),
    CallForm("through six epochs", epochs=_EPOCHS),
    CallForm("three at once", speakers=(_ADA, _BEN, _EVE)),
    CallForm("members by libdave, six epochs", speakers=(_ADA, _BEN), make_member=LibdaveClient, epochs=_EPOCHS),
)


async def decoded_figure(form: CallForm, models: HearingModels, seconds: float) -> Figure:
    """Let them speak so long."""
    call = _HeardCall(form, models)
    sentence = encode_as_clients_do(spoken_words())
    frames = (sentence * (1 + round(seconds * 50) // len(sentence)))[: round(seconds * 50)]
    async with call.open():
        async with asyncio.TaskGroup() as tasks:
            for user_id in form.speakers:
                tasks.create_task(call.speak(user_id, frames))
            await call.change_epochs(form.epochs, seconds)
        await asyncio.sleep(_ON_THE_WAY_SECONDS)
    sent = len(form.speakers) * (len(frames) + SILENCE_FRAMES)
    return Figure(f"frames decoded, {form.name}", f"{call.decoded} of {sent}", "all", call.decoded == sent)


class _HeardCall:
    """A voice server, its members, and our connection, with an ear behind it."""

    def __init__(self, form: CallForm, models: HearingModels) -> None:
        self._form = form
        self._server = sandbox.voice.VoiceServer(dave_protocol_version=form.dave_version, make_member=form.make_member)
        self._ear = Ear(
            models,
            wants=lambda _: True,
            on_speech=lambda _: None,
            on_pause=lambda _: None,
            on_resume=lambda _: None,
            on_turn=lambda _: None,
            on_dismissed=lambda _: None,
        )

    @property
    def decoded(self) -> int:
        """Frames of all members that gave sound."""
        healths = [self._ear.health(user_id) for user_id in self._form.speakers]
        return sum(0 if health is None else health.counters.decoded for health in healths)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await self._enter(stack)
            yield

    async def speak(self, user_id: int, frames: Sequence[bytes]) -> None:
        await self._server.call(_CHANNEL).speak(user_id, frames)

    async def change_epochs(self, count: int, seconds: float) -> None:
        """A guest comes and goes."""
        for number in range(count):
            await asyncio.sleep(seconds / (count + 1))
            if number % 2:
                self._server.member_left(_CHANNEL, _GUEST)
            else:
                self._server.member_joined(_CHANNEL, _GUEST)

    async def _enter(self, stack: AsyncExitStack) -> None:
        await stack.enter_async_context(self._server)
        for user_id in self._form.speakers:
            self._server.member_joined(_CHANNEL, user_id)
        token = self._server.expect(guild_id=_GUILD, channel_id=_CHANNEL, user_id=_US, session_id="session")
        place = VoiceServer(
            user_id=_US,
            server_id=_GUILD,
            channel_id=_CHANNEL,
            session_id="session",
            token=token,
            endpoint=self._server.endpoint,
        )
        tls = ssl.create_default_context(cafile=str(self._server.ca_file))
        make_session = next(iter(available_sessions().values()))
        connection = VoiceConnection(
            place,
            make_session,
            listener=self._ear,
            make_http=lambda: aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls)),
        )
        stack.push_async_callback(connection.close)
        await connection.connect()
        ticking = asyncio.create_task(self._tick())
        stack.callback(ticking.cancel)
        limit = time.monotonic() + _SETTLED_SECONDS
        while not self._is_settled(connection) and time.monotonic() < limit:  # noqa: ASYNC110 - the group tells nobody
            await asyncio.sleep(TICK_SECONDS)

    def _is_settled(self, connection: VoiceConnection) -> bool:
        members = self._server.call(_CHANNEL).members.values()
        return not self._form.dave_version or (
            connection.may_speak and all(member.listening_since for member in members)
        )

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self._ear.tick()
