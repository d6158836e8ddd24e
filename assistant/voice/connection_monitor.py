"""Looks after a live voice connection, and says what ends it: by its cause, not by one flag."""

import asyncio
from collections.abc import Callable

from assistant.domain.voice_loss import LossCause, VoiceLoss
from assistant.pycord.client import CallVoiceClient
from assistant.voice.timing import VoiceTiming


class ConnectionMonitor:
    """Watches one voice client for as long as it lives.

    Everything is counted in looks, not in seconds of the clock: a blocked event loop looks at nothing, and must
    not be taken for a silent server when it goes on.
    """

    def __init__(self, client: CallVoiceClient, timing: VoiceTiming, has_listener: Callable[[], bool]) -> None:
        """`has_listener` says whether anybody is in the channel; encryption has nobody to agree with before."""
        self._client = client
        self._timing = timing
        self._has_listener = has_listener
        self._unsealed_looks = 0
        self._heartbeats = 0
        self._heartbeat_looks = 0
        self._probe_looks = 0
        self._probes = 0
        self._probe_answers = 0

    async def loss(self) -> VoiceLoss:
        """Return when the connection is over, with what ended it."""
        client = self._client
        while True:
            await asyncio.wait({client.lost}, timeout=self._timing.watch)
            if client.lost.done():
                return client.lost.result()
            client.keep_registered()
            cause = self._poller() or self._encryption() or self._heartbeat() or self._datagrams()
            if cause is not None:
                return VoiceLoss(cause=cause)

    def _poller(self) -> LossCause | None:
        """Whether anybody still serves the websocket; py-cord's `is_connected()` stays true without."""
        return None if self._client.is_polled else LossCause.POLLER_DEAD

    def _encryption(self) -> LossCause | None:
        client = self._client
        if client.may_speak or not client.is_connected() or not self._has_listener():
            self._unsealed_looks = 0
            return None
        self._unsealed_looks += 1
        return LossCause.UNSEALED if self._is_over(self._unsealed_looks, self._timing.encryption) else None

    def _heartbeat(self) -> LossCause | None:
        answered = self._client.heartbeats_answered
        self._heartbeat_looks = self._heartbeat_looks + 1 if answered == self._heartbeats else 0
        self._heartbeats = answered
        overdue = self._is_over(self._heartbeat_looks, self._timing.heartbeat)
        return LossCause.UNANSWERED_HEARTBEATS if overdue else None

    def _datagrams(self) -> LossCause | None:
        client = self._client
        if client.probes_answered != self._probe_answers:
            self._probe_answers = client.probes_answered
            self._probes = 0
        self._probe_looks += 1
        if not self._is_over(self._probe_looks, self._timing.probe):
            return None
        self._probe_looks = 0
        # Whether Discord answers probes in the middle of a call is not documented: silence means something only
        # on a connection that has answered.
        if self._probes >= self._timing.probes and self._probe_answers:
            return LossCause.UNANSWERED_PROBES
        self._probes += 1
        client.probe()
        return None

    def _is_over(self, looks: int, seconds: float) -> bool:
        return looks * self._timing.watch >= seconds
