"""The voice client of a call."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import discord

from assistant.domain.voice_loss import LossCause, VoiceLoss, VoiceLost
from assistant.pycord.private_parts import gateway_of
from voicewire import DISCONNECTED, ConnectionEnded, EndCause, Ending, Pacer, VoiceListener
from voicewire.adapters.voice_protocol import WireVoiceClient

_CAUSES: Final = {
    EndCause.CLOSED: LossCause.CLOSED,
    EndCause.HEARTBEATS_UNANSWERED: LossCause.UNANSWERED_HEARTBEATS,
    EndCause.FAILED: LossCause.POLLER_FAILED,
    EndCause.REMOVED: LossCause.REMOVED,
}
"""What a call makes of each way to end; the others mean that it was not joined."""


class CallVoiceClient(WireVoiceClient):
    """A voice connection that says how it was lost, in the words of a call. Give it as `connect(cls=...)`."""

    def __init__(
        self,
        client: discord.Client,
        channel: discord.abc.Connectable,
        is_ours: Callable[[], Awaitable[bool]],
        pacer: Pacer,
        listener: VoiceListener | None = None,
    ) -> None:
        """`is_ours` says whether the channel is ours to leave: a bot is in it once, however many processes it has."""
        super().__init__(client, channel)
        self.pacer = pacer
        self.listener = listener
        self.lost: asyncio.Future[VoiceLoss] = asyncio.get_running_loop().create_future()
        """Done as soon as this connection is over for good, unless we have left. A resume replaces it."""
        self._is_ours = is_ours
        self._gateway_session: str | None = None

    async def connect(
        self, *, timeout: float, reconnect: bool, self_deaf: bool = False, self_mute: bool = False
    ) -> None:
        """See `WireVoiceClient.connect`.

        Raises:
            VoiceLost: it was not possible.
        """
        try:
            await super().connect(timeout=timeout, reconnect=reconnect, self_deaf=self_deaf, self_mute=self_mute)
        except ConnectionEnded as error:
            raise VoiceLost(loss=self._loss_of(error.ending)) from error

    async def resume(self, timeout: float) -> None:
        """See `WireVoiceClient.resume`.

        Raises:
            VoiceLost: it was not possible.
        """
        try:
            await super().resume(timeout)
        except ConnectionEnded as error:
            raise VoiceLost(loss=self._loss_of(error.ending)) from error
        self.lost = asyncio.get_running_loop().create_future()

    async def may_leave(self) -> bool:
        """See `WireVoiceClient.may_leave`."""
        return await self._is_ours()

    async def ask_for_channel(self) -> None:
        """See `WireVoiceClient.ask_for_channel`."""
        gateway = gateway_of(self.client, self.guild.id)
        self._gateway_session = gateway.session_id if gateway is not None else None
        await super().ask_for_channel()

    def expects_news(self) -> bool:
        """Whether the main gateway still has the session in which the channel was joined."""
        gateway = gateway_of(self.client, self.guild.id)
        return gateway is not None and gateway.open and gateway.session_id == self._gateway_session

    def on_end(self, ending: Ending) -> None:
        """See `WireVoiceClient.on_end`."""
        super().on_end(ending)
        if ending.cause is not EndCause.LEFT and not self.lost.done():
            self.lost.set_result(self._loss_of(ending))

    def give_up(self, loss: VoiceLoss) -> None:
        """Take the connection for lost, though it is not; its owner joins anew."""
        if not self.lost.done():
            self.lost.set_result(loss)

    @property
    def arrived(self) -> Mapping[int, int]:
        """How many packets came of each member who is listened to, by user id, over the present connection."""
        if self.connection is None:
            return {}
        counters = self.connection.session.receiver.counters
        return {user_id: each.received - each.ignored for user_id, each in counters.items()}

    def renew_keys(self) -> None:
        """Ask for new keys of the end-to-end encryption."""
        if self.connection is not None:
            self.connection.renew_keys()

    @property
    def heartbeats_answered(self) -> int:
        """How many answers to heartbeats have come over the present connection."""
        return 0 if self.connection is None else self.connection.session.heartbeat.answered

    @property
    def probes_answered(self) -> int:
        """How many answers to `probe` have come over the present connection."""
        udp = None if self.connection is None else self.connection.session.udp
        return 0 if udp is None else udp.probes_answered

    def probe(self) -> None:
        """Ask the voice server for an answer over UDP."""
        if self.connection is not None:
            self.connection.probe()

    def _loss_of(self, ending: Ending) -> VoiceLoss:
        if ending.close_code == DISCONNECTED and not self.expects_news():
            return VoiceLoss(cause=LossCause.GATEWAY_SESSION_LOST)
        match _CAUSES.get(ending.cause, LossCause.NOT_JOINED):
            case LossCause.NOT_JOINED if ending.cause is not EndCause.NO_ANSWER:
                return VoiceLoss(cause=LossCause.NOT_JOINED, detail=str(ending))
            case LossCause.CLOSED:  # what the server says beside its code is not repeated
                return VoiceLoss(cause=LossCause.CLOSED, close_code=ending.close_code)
            case cause:
                return VoiceLoss(cause=cause, detail=ending.detail)
