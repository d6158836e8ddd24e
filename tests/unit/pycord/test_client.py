"""What is added to py-cord's voice client."""

import asyncio
import threading
from typing import Any, cast

import pytest

from assistant.domain.voice_loss import LossCause, VoiceLoss
from assistant.pycord.client import CallVoiceClient
from assistant.pycord.connection_state import CallConnectionState


class SlowSocket:
    """Sends a frame only when it is let."""

    def __init__(self) -> None:
        self.is_sending = threading.Event()
        self.may_send = threading.Event()
        self.sent: list[bytes] = []

    def send(self, packet: bytes) -> None:
        self.is_sending.set()
        assert self.may_send.wait(10)
        self.sent.append(packet)


class Connected(CallVoiceClient):
    """A client with a connection, whose packets are just frames."""

    def is_connected(self) -> bool:
        return True

    def stop(self) -> None:
        """There is no player."""

    def _get_voice_packet(self, data: Any) -> bytes:
        return bytes(data)


class Left(CallConnectionState):
    """A connection that is left at once."""

    async def disconnect(self, **_: Any) -> None:
        """There is nothing to close."""


@pytest.fixture
async def client() -> CallVoiceClient:
    client = Connected.__new__(Connected)  # without a bot and a guild
    client._is_leaving = False
    client.sequence = client.timestamp = 0
    state = Left.__new__(Left)
    state.client, state.socket, state.dave_protocol_version = client, cast(Any, SlowSocket()), 0
    state.sending, state.lost = threading.Lock(), asyncio.get_running_loop().create_future()
    client._connection = state
    return client


async def lose(client: CallVoiceClient) -> None:
    client._connection._report_loss(VoiceLoss(cause=LossCause.CLOSED, close_code=4006))


async def leave(client: CallVoiceClient) -> None:
    await client.disconnect()


@pytest.mark.parametrize("end", [lose, leave])
async def test_a_frame_that_is_being_sent_has_left_before_the_end_goes_on_and_none_follows(
    client: CallVoiceClient, end: Any
) -> None:
    socket = cast(SlowSocket, client._connection.socket)
    sending = asyncio.create_task(asyncio.to_thread(client.send_frame, b"frame"))
    assert await asyncio.to_thread(socket.is_sending.wait, 10)
    threading.Timer(0.1, socket.may_send.set).start()
    await end(client)
    assert socket.sent == [b"frame"]
    assert await sending
    assert not client.send_frame(b"another")
