"""What a test orders to go wrong goes wrong, and nothing else."""

import asyncio
import socket
import time

import aiohttp
import psutil
import pytest

from sandbox.voice import VoiceCloseCode, VoiceOp, VoiceServer
from sandbox.voice.voice_faults import DatagramFaults
from tests.sandbox.voice.raw_client import CHANNEL, connected, expect, frames

ALICE = 101


@pytest.mark.parametrize("code", [1000, 4006, 4009, 4014, 4015, 4021, 4022])
async def test_an_open_websocket_is_closed_with_any_code(code: int) -> None:
    async with VoiceServer() as server, connected(server) as client:
        await client.join(expect(server))
        await server.faults.close(CHANNEL, code)
        assert await client.receive_close() == code
        record = server.call(CHANNEL).connections[0]
        assert (record.close_code, record.closed_by_server) == (code, True)


async def test_an_aborted_connection_ends_without_a_close_frame() -> None:
    async with VoiceServer() as server, connected(server) as client:
        await client.join(expect(server))
        server.faults.abort(CHANNEL)
        assert await client.receive_close() == VoiceCloseCode.ABNORMAL


async def test_a_frozen_websocket_answers_nothing_and_stays_open() -> None:
    async with VoiceServer() as server, connected(server) as client:
        await client.join(expect(server))
        server.faults.freeze(CHANNEL)
        await client.say(VoiceOp.HEARTBEAT, {"t": 1, "seq_ack": 0})
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await client.receive_until(VoiceOp.HEARTBEAT_ACK)
        assert server.call(CHANNEL).connections[0].close_code is None


async def test_nothing_is_left_of_a_frozen_websocket_whose_client_was_killed() -> None:
    async with VoiceServer() as server:
        port = int(server.endpoint.rpartition(":")[2])
        async with connected(server) as client:
            await client.join(expect(server))
            server.faults.freeze(CHANNEL)
            client.ws.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
    assert not [each for each in psutil.Process().net_connections("tcp") if each.laddr.port == port]


async def test_identifies_are_refused_as_often_as_ordered() -> None:
    async with VoiceServer() as server:
        server.faults.close_at_identify(4006, times=2)
        token = expect(server)
        for _ in range(2):
            async with connected(server) as client:
                await client.identify(token)
                assert await client.receive_close() == 4006
        async with connected(server) as client:
            await client.join(token)
        codes = [record.close_code for record in server.call(CHANNEL).connections]
        assert codes == [4006, 4006, VoiceCloseCode.NORMAL]


async def test_refused_connections_never_become_websockets() -> None:
    async with VoiceServer() as server:
        server.faults.refuse_connections(2)  # aiohttp's client tries a GET a second time by itself
        with pytest.raises(aiohttp.ClientError):
            async with connected(server):
                pass
        async with connected(server) as client:
            await client.join(expect(server))


async def test_dropped_discoveries_are_not_answered_and_the_next_is() -> None:
    async with VoiceServer() as server, connected(server) as client:
        server.faults.drop_discoveries(1)
        await client.identify(expect(server))
        ready = await client.receive_until(VoiceOp.READY)
        with pytest.raises(TimeoutError):
            await client.discover(ready, timeout=0.1)
        assert (await client.discover(ready))[0] == "127.0.0.1"


async def test_all_datagrams_are_lost_until_it_is_healed() -> None:
    async with VoiceServer(dave_protocol_version=0) as server, connected(server) as client:
        await client.join(expect(server))
        call = server.call(CHANNEL)
        server.faults.lose_datagrams(1.0)
        client.send_voice(frames(1)[0])
        await client.say(VoiceOp.HEARTBEAT, {"t": 1, "seq_ack": -1})
        await client.receive_until(VoiceOp.HEARTBEAT_ACK)
        server.faults.lose_datagrams(0.0)
        client.send_voice(frames(2)[1])
        await call.wait_for_frames(1)
        assert [frame.opus for frame in call.frames] == [frames(2)[1]]


def test_a_seeded_loss_loses_the_same_datagrams_again() -> None:
    losses = []
    for _ in range(2):
        faults = DatagramFaults()
        faults.lose(0.3, seed=7)
        losses.append([faults.loses_datagram() for _ in range(1000)])
    assert losses[0] == losses[1]
    assert 250 < sum(losses[0]) < 350


def test_a_loss_of_more_than_all_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        DatagramFaults().lose(1.5, seed=0)


async def test_heartbeats_stay_unanswered_when_ordered() -> None:
    async with VoiceServer() as server, connected(server) as client:
        await client.join(expect(server))
        server.faults.silence_heartbeat_acks = True
        await client.say(VoiceOp.HEARTBEAT, {"t": 1, "seq_ack": -1})
        server.faults.send(CHANNEL, VoiceOp.SPEAKING, {"user_id": "1", "ssrc": 1, "speaking": 1})
        await client.receive_until(VoiceOp.SPEAKING)
        assert VoiceOp.HEARTBEAT_ACK not in [message["op"] for message in client.inbox]
        assert len(server.call(CHANNEL).connections[0].heartbeats) == 1


async def test_ready_and_description_come_late_when_ordered() -> None:
    async with VoiceServer() as server, connected(server) as client:
        server.faults.ready_delay = 0.1
        server.faults.description_delay = 0.1
        start = time.monotonic()
        await client.join(expect(server))
        assert time.monotonic() - start >= 0.2


async def test_a_withheld_description_never_comes() -> None:
    async with VoiceServer() as server, connected(server) as client:
        server.faults.withhold_description = True
        await client.identify(expect(server))
        joining = asyncio.create_task(client.select(await client.receive_until(VoiceOp.READY)))
        done, _ = await asyncio.wait([joining], timeout=0.2)
        assert not done
        joining.cancel()
        await asyncio.gather(joining, return_exceptions=True)


async def test_the_external_sender_can_be_sent_twice() -> None:
    async with VoiceServer() as server, connected(server) as client:
        server.member_joined(CHANNEL, ALICE)
        await client.join_encrypted(expect(server))
        server.faults.repeat_external_sender(CHANNEL)
        with pytest.raises(ValueError, match="AlreadyInGroup"):
            await client.receive_until(VoiceOp.MLS_EXTERNAL_SENDER)


async def test_a_malformed_message_can_be_sent() -> None:
    async with VoiceServer() as server, connected(server) as client:
        await client.join(expect(server))
        server.faults.send(CHANNEL, VoiceOp.MLS_PROPOSALS, b"\0nothing")
        with pytest.raises(ValueError, match="process proposals"):
            await client.receive_until(VoiceOp.MLS_PROPOSALS)
