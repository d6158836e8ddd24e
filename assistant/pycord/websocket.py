"""The voice websocket of a call."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Final

import aiohttp
import discord
from discord.errors import ConnectionClosed
from discord.voice.enums import OpCodes
from discord.voice.gateway import VoiceWebSocket

from assistant.pycord.dave_state import DaveConnectionState
from assistant.pycord.discovery import discovered_address, discovery_request, is_discovery_answer

_logger = logging.getLogger(__name__)

_SILENT_SECONDS: Final = 30.0
"""Without any message for that long (heartbeats are answered every 5 s) a voice websocket is taken for dead."""
_DISCOVERY_SECONDS: Final = 0.25
"""The wait for an answer to the first IP discovery packet; it doubles with each packet, up to two seconds."""


class CallWebSocket(VoiceWebSocket):
    """py-cord's voice websocket, with its gaps filled."""

    state: DaveConnectionState

    async def received_message(self, msg: Any, /) -> None:
        """As in py-cord; besides, answers to heartbeats are counted, and a call may turn its encryption on.

        py-cord ignores that where the call began without: it has no session to hear the news with.
        """
        op = msg["op"]
        if op == OpCodes.heartbeat_ack:
            self.state.heartbeats_answered += 1
        elif op == OpCodes.dave_prepare_epoch:
            self.state.ensure_dave_session()
        await super().received_message(msg)

    async def received_binary_message(self, msg: bytes) -> None:
        """As in py-cord, but whoever may propose members is heard before the session is agreed on, and only once.

        A second time in the same group is an error to the session, which would end the poller.
        """
        if msg[2] == OpCodes.mls_external_sender_package:
            session = self.state.ensure_dave_session()
            if session.ready:
                self.seq_ack = int.from_bytes(msg[:2], "big")
                return
        await super().received_binary_message(msg)

    async def poll_event(self) -> None:
        """As in py-cord, but the close code is the one the server sent: aiohttp may have lost it since."""
        async with asyncio.timeout(_SILENT_SECONDS):
            message = await self.ws.receive()
        if message.type is aiohttp.WSMsgType.TEXT:
            await self.received_message(discord.utils._from_json(message.data))
        elif message.type is aiohttp.WSMsgType.BINARY:
            await self.received_binary_message(message.data)
        else:
            code = message.data if message.type is aiohttp.WSMsgType.CLOSE else self._close_code
            raise ConnectionClosed(self.ws, shard_id=None, code=code)

    async def get_ip(self) -> tuple[str, int]:
        """IP discovery, repeated until it is answered: UDP may lose a packet, and py-cord sends only one.

        https://discord.com/developers/docs/topics/voice-connections#ip-discovery
        """
        request = discovery_request(self.state.ssrc)
        wait_seconds = _DISCOVERY_SECONDS
        while True:
            await self.loop.sock_sendall(self.state.socket, request)
            try:
                async with asyncio.timeout(wait_seconds):
                    answer = await self._discovery_answer()
            except TimeoutError:
                _logger.info("No answer to IP discovery within %.2f s, asking again", wait_seconds)
                wait_seconds = min(2 * wait_seconds, 2.0)
            else:
                return discovered_address(answer)

    async def _discovery_answer(self) -> bytes:
        while True:
            answer = await self.loop.sock_recv(self.state.socket, 2048)
            if is_discovery_answer(answer):
                return answer
