"""The voice gateway's conversation, without DAVE where it does not matter."""

import asyncio
import json
import ssl
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp
import pytest

from sandbox.voice import VoiceCloseCode, VoiceOp, VoiceServer
from tests.sandbox.voice.raw_client import BOT, CHANNEL, GUILD, SESSION, connected, expect, frames
from tests.support.eventually import eventually

ALICE = 101


async def test_what_a_client_says_without_dave_is_heard_byte_for_byte() -> None:
    async with VoiceServer(dave_protocol_version=0) as server, connected(server) as client:
        await client.join(expect(server), dave=0)
        said = frames(20)
        for frame in said:
            client.send_voice(frame)
        call = server.call(CHANNEL)
        await call.wait_for_frames(20)
        assert [frame.opus for frame in call.speech()] == said
        assert [frame.sequence for frame in call.speech()] == list(range(20))
        assert not any(frame.end_to_end for frame in call.speech())
        assert call.undecryptable == 0


async def test_a_client_that_does_not_trust_the_certificate_is_not_let_in() -> None:
    async with VoiceServer() as server, aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await http.ws_connect(f"wss://{server.endpoint}/?v=8")


async def test_another_gateway_version_is_refused() -> None:
    async with VoiceServer() as server, aiohttp.ClientSession() as http:
        trust = ssl.create_default_context(cafile=str(server.ca_file))
        async with http.get(f"https://{server.endpoint}/?v=4", ssl=trust) as answer:
            assert answer.status == 400


async def test_hello_names_the_interval_and_a_heartbeat_is_answered_with_its_nonce() -> None:
    async with VoiceServer(heartbeat_interval=5.5) as server, connected(server) as client:
        assert (await client.receive_until(VoiceOp.HELLO))["heartbeat_interval"] == 5500
        await client.join(expect(server))
        await client.say(VoiceOp.HEARTBEAT, {"t": 4711, "seq_ack": -1})
        assert await client.receive_until(VoiceOp.HEARTBEAT_ACK) == {"t": 4711}
        record = server.call(CHANNEL).connections[0]
        assert (len(record.heartbeats), record.heartbeat_interval) == (1, 5.5)


async def test_a_client_without_heartbeats_is_timed_out() -> None:
    async with VoiceServer(heartbeat_interval=0.05) as server, connected(server) as client:
        await client.join(expect(server))
        assert await client.receive_close() == VoiceCloseCode.SESSION_TIMEOUT


async def test_the_record_of_a_connection_holds_no_token() -> None:
    async with VoiceServer() as server:
        token = expect(server)
        async with connected(server) as client:
            await client.join(token)
            await client.say(VoiceOp.SPEAKING, {"speaking": 1, "delay": 0})
            await client.say(VoiceOp.HEARTBEAT, {"t": 1, "seq_ack": -1})
            await client.receive_until(VoiceOp.HEARTBEAT_ACK)
            record = server.call(CHANNEL).connections[0]
            assert record.identify["session_id"] == SESSION
            assert token not in json.dumps(record.identify)
            assert [flags for _, flags in record.speaking] == [1]
            assert (record.closed_at, record.close_code, record.resumed) == (None, None, False)
            await server.faults.close(CHANNEL, VoiceCloseCode.SESSION_NO_LONGER_VALID)
            assert (record.close_code, record.closed_by_server) == (4006, True)


async def test_an_unknown_token_is_refused() -> None:
    async with VoiceServer() as server, connected(server) as client:
        expect(server)
        await client.identify("another token")
        assert await client.receive_close() == VoiceCloseCode.AUTHENTICATION_FAILED


async def test_an_unknown_session_is_refused() -> None:
    async with VoiceServer() as server, connected(server) as client:
        await client.identify(expect(server), session_id="another session")
        assert await client.receive_close() == VoiceCloseCode.SESSION_NO_LONGER_VALID


async def test_a_token_that_was_replaced_is_refused() -> None:
    async with VoiceServer() as server, connected(server) as client:
        former = expect(server)
        expect(server)
        await client.identify(former)
        assert await client.receive_close() == VoiceCloseCode.SESSION_NO_LONGER_VALID


async def test_a_client_without_dave_is_refused_where_it_is_required() -> None:
    async with VoiceServer() as server, connected(server) as client:
        await client.identify(expect(server), dave=0)
        assert await client.receive_close() == VoiceCloseCode.DAVE_REQUIRED
        assert [record.close_code for record in server.call(CHANNEL).connections] == [4017]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ('{"op": 5, "d": {"speaking": 1}}', VoiceCloseCode.NOT_AUTHENTICATED),
        ('{"op": 99, "d": {}}', VoiceCloseCode.UNKNOWN_OPCODE),
        ('{"op": 3, "d": {}}', VoiceCloseCode.BAD_REQUEST),
        ('{"op": 3, "d": 5}', VoiceCloseCode.FAILED_TO_DECODE),
        ('{"op": [3], "d": {}}', VoiceCloseCode.UNKNOWN_OPCODE),
        ("no JSON", VoiceCloseCode.FAILED_TO_DECODE),
        ("[1]", VoiceCloseCode.FAILED_TO_DECODE),
    ],
)
async def test_a_message_that_makes_no_sense_closes_the_websocket(message: str, code: VoiceCloseCode) -> None:
    async with VoiceServer() as server, connected(server) as client:
        await client.ws.send_str(message)
        assert await client.receive_close() == code


async def test_what_is_not_implemented_is_refused_by_name() -> None:
    async with VoiceServer() as server, connected(server) as client:
        await client.say(VoiceOp.VIDEO, {"audio_ssrc": 1})
        assert await client.receive_close() == VoiceCloseCode.UNKNOWN_OPCODE
        assert [refused.operation for refused in server.unsupported] == ["op 12"]


@pytest.mark.parametrize(
    ("protocol", "mode", "code"),
    [
        ("webrtc", "aead_xchacha20_poly1305_rtpsize", VoiceCloseCode.UNKNOWN_PROTOCOL),
        ("udp", "xsalsa20_poly1305", VoiceCloseCode.UNKNOWN_ENCRYPTION_MODE),
    ],
)
async def test_another_protocol_or_mode_is_refused(protocol: str, mode: str, code: VoiceCloseCode) -> None:
    async with VoiceServer() as server, connected(server) as client:
        await client.identify(expect(server))
        await client.receive_until(VoiceOp.READY)
        await client.say(VoiceOp.SELECT_PROTOCOL, {"protocol": protocol, "data": {"mode": mode}})
        assert await client.receive_close() == code


async def test_a_number_that_is_none_closes_the_websocket() -> None:
    async with VoiceServer() as server, connected(server) as client:
        await client.join(expect(server))
        await client.say(VoiceOp.DAVE_TRANSITION_READY, {"transition_id": "one"})
        assert await client.receive_close() == VoiceCloseCode.FAILED_TO_DECODE


async def test_a_second_identify_is_refused() -> None:
    async with VoiceServer() as server, connected(server) as client:
        token = expect(server)
        await client.join(token)
        await client.identify(token)
        assert await client.receive_close() == VoiceCloseCode.ALREADY_AUTHENTICATED


async def test_garbage_for_dave_closes_the_websocket() -> None:
    async with VoiceServer() as server, connected(server) as client:
        await client.join(expect(server))
        await client.say_bytes(VoiceOp.MLS_KEY_PACKAGE, b"\0\1\0\2nothing")
        assert await client.receive_close() == VoiceCloseCode.BAD_REQUEST


async def test_disconnect_closes_with_its_code_and_forgets_the_session() -> None:
    async with VoiceServer() as server:
        token = expect(server)
        async with connected(server) as client:
            await client.join(token)
            await server.disconnect(guild_id=GUILD, user_id=BOT, code=VoiceCloseCode.DISCONNECTED)
            assert await client.receive_close() == VoiceCloseCode.DISCONNECTED
        async with connected(server) as client:
            await client.identify(token)
            assert await client.receive_close() == VoiceCloseCode.SESSION_NO_LONGER_VALID
        await server.disconnect(guild_id=GUILD, user_id=BOT, code=VoiceCloseCode.DISCONNECTED)


async def disconnect(server: VoiceServer) -> None:
    await server.disconnect(guild_id=GUILD, user_id=BOT, code=VoiceCloseCode.DISCONNECTED)


async def close(server: VoiceServer) -> None:
    await server.faults.close(CHANNEL, VoiceCloseCode.SESSION_NO_LONGER_VALID)


@pytest.mark.parametrize(
    ("end", "code"), [(disconnect, VoiceCloseCode.DISCONNECTED), (close, VoiceCloseCode.SESSION_NO_LONGER_VALID)]
)
async def test_what_is_on_its_way_when_a_client_hears_of_its_end_is_heard(
    end: Callable[[VoiceServer], Coroutine[Any, Any, None]], code: VoiceCloseCode
) -> None:
    async with VoiceServer(dave_protocol_version=0) as server, connected(server) as client:
        await client.join(expect(server))
        ending = asyncio.create_task(end(server))
        assert await client.receive_close() == code
        client.send_voice(frames(1)[0])
        await server.call(CHANNEL).wait_for_frames(1)
        await ending
        await eventually(lambda: not server.call(CHANNEL).sessions)


async def test_the_bot_is_told_who_is_there_who_comes_and_who_goes() -> None:
    async with VoiceServer() as server, connected(server) as client:
        server.member_joined(CHANNEL, ALICE)
        await client.join_encrypted(expect(server))
        connects = [message["d"] for message in client.inbox if message["op"] == VoiceOp.CLIENTS_CONNECT]
        assert connects == [{"user_ids": [str(ALICE)]}]
        server.member_joined(CHANNEL, 102)
        assert await client.receive_until(VoiceOp.CLIENTS_CONNECT) == {"user_ids": ["102"]}
        server.member_left(CHANNEL, 102)
        assert await client.receive_until(VoiceOp.CLIENT_DISCONNECT) == {"user_id": "102"}


@pytest.mark.parametrize("dave", [0, 1])
async def test_the_bot_hears_a_member_speak(dave: int) -> None:
    async with VoiceServer(dave_protocol_version=dave) as server, connected(server) as client:
        server.member_joined(CHANNEL, ALICE)
        await client.join(expect(server))
        if dave:
            await client.receive_until(VoiceOp.DAVE_EXECUTE_TRANSITION)
        said = frames(5)
        speech = asyncio.create_task(server.call(CHANNEL).speak(ALICE, said))
        speaking = await client.receive_until(VoiceOp.SPEAKING)
        assert (speaking["user_id"], speaking["speaking"]) == (str(ALICE), 1)
        packets = [await client.receive_voice() for _ in said]
        await speech
        assert {ssrc for ssrc, _ in packets} == {speaking["ssrc"]}
        assert [client.decrypt(ALICE, payload) for _, payload in packets] == said
        assert (packets[0][1] == said[0]) is not bool(dave)


async def test_speech_of_somebody_who_is_not_there_is_refused() -> None:
    async with VoiceServer() as server:
        with pytest.raises(KeyError):
            await server.call(CHANNEL).speak(ALICE, frames(1))


async def test_nothing_is_left_of_a_server_that_has_closed() -> None:
    before = asyncio.all_tasks()
    async with VoiceServer() as server:
        server.member_joined(CHANNEL, ALICE)
        async with connected(server) as client:
            await client.join_encrypted(expect(server))
            certificate = server.ca_file
            assert certificate.exists()
    assert not certificate.exists()
    assert asyncio.all_tasks() == before


async def test_a_server_closes_while_a_client_is_connected() -> None:
    async with VoiceServer() as server:
        token = expect(server)
        async with connected(server) as client:
            await client.join(token)
            closing = asyncio.create_task(server.__aexit__(None, None, None))
            assert await client.receive_close() == VoiceCloseCode.GOING_AWAY
            await closing
