"""The sandbox: a Discord on 127.0.0.1 for one bot."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from sandbox.actions.backend import Backend
from sandbox.actions.guild_handle import GuildHandle
from sandbox.discord_faults import DiscordFaults
from sandbox.gateway.event_faults import EventFaults
from sandbox.gateway.gateway_server import GatewayServer
from sandbox.loopback_runner import close_runner
from sandbox.rest.rest_api import BASE, RestApi
from sandbox.rest.route_faults import RouteFaults
from sandbox.state.config import Config
from sandbox.state.intents import PRIVILEGED, Intent
from sandbox.state.refusals import Refusals
from sandbox.state.user import BotUser
from sandbox.voice import Listening, VoiceServer


class Sandbox:
    """A Discord with REST, gateway and voice, which runs inside the test's event loop.

    It listens on free ports of 127.0.0.1 while the `async with` lasts; guilds can be added before and
    after the bot connects. Leaving the `async with` closes every connection and ends every task.

        async with Sandbox() as sandbox:
            discord.http.Route.API_BASE_URL = sandbox.api_url
            guild = sandbox.add_guild("Reading club")
            text, lounge = guild.add_text_channel("general"), guild.add_voice_channel("Lounge")
            ada = guild.add_member("Ada")
            ...  # the bot logs in with sandbox.bot.token and trusts sandbox.ca_file
            await sandbox.wait_until_ready()
            await ada.join(lounge)
            reply = await ada.command("voice_chat", text)
            await ada.type("hello", lounge)
            answer = await lounge.wait_for_message(lambda message: message.author is sandbox.bot)
            await lounge.call.wait_for_frames(50)
            assert sandbox.refusals == []
    """

    def __init__(
        self,
        *,
        bot_name: str = "Bot",
        port: int = 0,
        dave_protocol_version: int = 1,
        listening: Listening = Listening.FRAMES,
        heartbeat_interval: float = 41.25,
        shards: int = 1,
        session_starts: int = 1000,
        max_concurrency: int = 1,
        rate_limits: bool = True,
        privileged_intents: Intent = PRIVILEGED,
        interaction_deadline: float = 3.0,
        interaction_lifetime: float = 900.0,
    ) -> None:
        """`dave_protocol_version` is the voice gateway's: 1, or 0 for calls without end-to-end encryption.

        `port` is that of REST and gateway, 0 any that is free. `listening` is how closely the calls are listened to.

        The other options are described at `Config`. All times are in seconds.
        """
        config = Config(
            bot_name=bot_name,
            heartbeat_interval=heartbeat_interval,
            shards=shards,
            session_starts=session_starts,
            max_concurrency=max_concurrency,
            rate_limits=rate_limits,
            privileged_intents=privileged_intents,
            interaction_deadline=interaction_deadline,
            interaction_lifetime=interaction_lifetime,
        )
        self.voice = VoiceServer(dave_protocol_version=dave_protocol_version, listening=listening)
        """The voice gateway and its UDP."""
        self.backend = Backend(config, self.voice)
        """What the servers and the humans work on, for tests of the sandbox itself."""
        self._event_faults = EventFaults(self.backend.bot)
        self._gateway = GatewayServer(self.backend, self._event_faults)
        rest_faults = RouteFaults()
        self._rest = RestApi(self.backend, rest_faults)
        self.faults = DiscordFaults(rest_faults, self._event_faults, self._gateway)
        """What can be broken; voice has its own, `voice.faults`."""
        self._port = port
        self._running = AsyncExitStack()

    @property
    def bot(self) -> BotUser:
        """The bot's account, with the token for it to log in."""
        return self.backend.bot

    @property
    def api_url(self) -> str:
        """Where the REST API is: for py-cord, `discord.http.Route.API_BASE_URL`."""
        return self.backend.addresses.http_url + BASE

    @property
    def gateway_url(self) -> str:
        """Where the gateway is, which the REST API tells too."""
        return self.backend.addresses.gateway_url

    @property
    def files_url(self) -> str:
        """Where the files are that members send."""
        return self.backend.addresses.attachments_url

    @property
    def ca_file(self) -> Path:
        """The certificate, as PEM, that a bot must trust to reach the voice gateway."""
        return self.voice.ca_file

    @property
    def refusals(self) -> Refusals:
        """What the bot asked for and the sandbox does not implement."""
        return self.backend.refusals

    @property
    def guilds(self) -> list[GuildHandle]:
        """The guilds that the bot is in."""
        return [GuildHandle(guild, self.backend) for guild in self.backend.store.guilds.values()]

    @property
    def connected(self) -> bool:
        """Whether the bot has a gateway connection with a session at this moment."""
        return self._gateway.connected

    @property
    def identifies(self) -> int:
        """How often a bot has identified, be it that it was let in or not."""
        return self.backend.application.session_starts.used

    @property
    def presence(self) -> dict[str, object]:
        """What the bot last said about its presence (gateway op 3)."""
        return self.backend.store.presence

    @property
    def secrets(self) -> list[str]:
        """What the bot was given and should print nowhere: its token, and those of interactions and of voice."""
        return [self.bot.token, *self.backend.store.interactions, *self.voice.secrets]

    @property
    def command_names(self) -> set[str]:
        """The names of the bot's global commands, as it registered them."""
        return {command.name for command in self.backend.store.commands.of(None)}

    def add_guild(self, name: str) -> GuildHandle:
        """Make a guild to which the bot is invited."""
        return GuildHandle(self.backend.guilds.add_guild(name), self.backend)

    async def wait_until_connected(self, timeout: float = 10.0) -> None:
        """Return once the bot has a session on the gateway.

        Raises:
            TimeoutError: it had none in `timeout` seconds.
        """
        await self.backend.store.changes.wait_for(
            lambda: True if self.connected else None, timeout, lambda: "the bot is not on the gateway"
        )

    async def wait_until_ready(self, timeout: float = 10.0) -> None:
        """Return once the bot has a session and has registered a command.

        Raises:
            TimeoutError: it had not in `timeout` seconds; the message says what is missing.
        """
        await self.backend.store.changes.wait_for(
            lambda: True if self.connected and self.backend.store.commands.any else None,
            timeout,
            lambda: (
                f"the bot is {'' if self.connected else 'not '}on the gateway, and has registered "
                f"{'commands' if self.backend.store.commands.any else 'no command'}"
            ),
        )

    async def until(self, condition: Callable[[], bool], timeout: float = 5.0) -> None:
        """Return once something is so, looking again after every change.

        Raises:
            TimeoutError: it was not in `timeout` seconds.
        """
        await self.backend.store.changes.wait_for(
            lambda: True if condition() else None, timeout, lambda: "what was waited for did not come"
        )

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.voice)
            app = web.Application(client_max_size=32 * 1024 * 1024)
            app.router.add_get("/gateway", self._gateway.serve)
            app.router.add_get("/gateway/", self._gateway.serve)
            self._rest.add_to(app)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            stack.push_async_callback(close_runner, runner)
            stack.push_async_callback(self._gateway.close)
            stack.callback(self._event_faults.close)
            site = web.TCPSite(runner, "127.0.0.1", self._port)
            await site.start()
            self.backend.addresses.http_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            self.backend.addresses.gateway_url = self._gateway.url
            self._running = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._running.__aexit__(kind, error, trace)
