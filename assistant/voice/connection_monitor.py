"""Monitors a live voice connection, and finds out what ended it."""

import asyncio
from collections.abc import Callable

from assistant.domain.voice_loss import LossCause, VoiceLoss
from assistant.pycord.client import CallVoiceClient
from assistant.voice.timing import VoiceTiming


class ConnectionMonitor:
    """Watches one voice client until its connection is lost.

    Time is counted in checks, not in seconds of the clock: an event loop that was blocked made no checks, and must not
    mistake its own pause for a silent server.
    """

    def __init__(self, client: CallVoiceClient, timing: VoiceTiming, has_listener: Callable[[], bool]) -> None:
        """`has_listener` says whether anybody else is in the channel: without, encryption can't be set up."""
        self._client = client
        self._timing = timing
        self._has_listener = has_listener
        self._unsealed_checks = 0
        self._heartbeats = 0
        self._heartbeat_checks = 0
        self._probe_checks = 0
        self._probes = 0
        self._probe_answers = 0

    async def loss(self) -> VoiceLoss:
        """Wait until the connection is lost; return the loss."""
        client = self._client
        while True:
            await asyncio.wait({client.lost}, timeout=self._timing.watch)
            if client.lost.done():
                return client.lost.result()
            await client.keep_registered()
            cause = self._encryption() or self._heartbeat() or self._datagrams()
            if cause is not None:
                return VoiceLoss(cause=cause)

    def _encryption(self) -> LossCause | None:
        client = self._client
        if client.may_speak or not client.is_connected() or not self._has_listener():
            self._unsealed_checks = 0
            return None
        self._unsealed_checks += 1
        return LossCause.UNSEALED if self._is_over(self._unsealed_checks, self._timing.encryption) else None

    def _heartbeat(self) -> LossCause | None:
        answered = self._client.heartbeats_answered
        self._heartbeat_checks = self._heartbeat_checks + 1 if answered == self._heartbeats else 0
        self._heartbeats = answered
        overdue = self._is_over(self._heartbeat_checks, self._timing.heartbeat)
        return LossCause.UNANSWERED_HEARTBEATS if overdue else None

    def _datagrams(self) -> LossCause | None:
        client = self._client
        if client.probes_answered != self._probe_answers:
            self._probe_answers = client.probes_answered
            self._probes = 0
        self._probe_checks += 1
        if not self._is_over(self._probe_checks, self._timing.probe):
            return None
        self._probe_checks = 0
        # Discord does not document that it answers probes during a call: a missing answer counts only on a
        # connection that has answered before.
        if self._probes >= self._timing.probes and self._probe_answers:
            return LossCause.UNANSWERED_PROBES
        self._probes += 1
        client.probe()
        return None

    def _is_over(self, checks: int, seconds: float) -> bool:
        return checks * self._timing.watch >= seconds
