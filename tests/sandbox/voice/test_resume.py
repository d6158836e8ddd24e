"""Resuming a voice session after its websocket has gone."""

from sandbox.voice import VoiceCloseCode, VoiceOp, VoiceServer
from tests.sandbox.voice.raw_client import CHANNEL, GUILD, SESSION, RawClient, connected, expect, frames

ALICE, BOB = 101, 102


async def resume(client: RawClient, token: str, acknowledged: int) -> None:
    data = {"server_id": str(GUILD), "session_id": SESSION, "token": token, "seq_ack": acknowledged}
    await client.say(VoiceOp.RESUME, data)


async def test_a_session_whose_connection_broke_is_resumed_with_what_it_missed() -> None:
    async with VoiceServer() as server, connected(server) as first:
        server.member_joined(CHANNEL, ALICE)
        token = expect(server)
        await first.join_encrypted(token)
        server.faults.abort(CHANNEL)
        await first.receive_close()
        call = server.call(CHANNEL)
        server.member_joined(CHANNEL, BOB)
        async with connected(server) as second:
            await resume(second, token, first.sequence_acknowledged)
            await second.receive_until(VoiceOp.RESUMED)
            second.adopt(first)
            await second.receive_until(VoiceOp.DAVE_EXECUTE_TRANSITION)
            ops = [message["op"] for message in second.inbox]
            assert ops == [
                VoiceOp.HELLO,
                VoiceOp.RESUMED,
                VoiceOp.CLIENTS_CONNECT,
                VoiceOp.MLS_PROPOSALS,
                VoiceOp.MLS_ANNOUNCE_COMMIT,
                VoiceOp.DAVE_EXECUTE_TRANSITION,
            ]
            first.send_voice(frames(1)[0])
            await call.wait_for_frames(1)
            assert call.frames[0].connection == 1
        assert [record.resumed for record in call.connections] == [False, True]
        assert call.connections[0].close_code == VoiceCloseCode.ABNORMAL
        assert call.undecryptable == 0


async def test_a_crashed_server_lets_a_session_resume() -> None:
    async with VoiceServer() as server, connected(server) as first:
        token = expect(server)
        await first.join(token)
        await server.faults.close(CHANNEL, VoiceCloseCode.VOICE_SERVER_CRASHED)
        assert await first.receive_close() == VoiceCloseCode.VOICE_SERVER_CRASHED
        async with connected(server) as second:
            await resume(second, token, -1)
            assert await second.receive_until(VoiceOp.RESUMED) is None


async def test_a_session_that_was_ended_is_not_resumed() -> None:
    async with VoiceServer() as server, connected(server) as first:
        token = expect(server)
        await first.join(token)
        await server.faults.close(CHANNEL, VoiceCloseCode.SESSION_NO_LONGER_VALID)
        async with connected(server) as second:
            await resume(second, token, -1)
            assert await second.receive_close() == VoiceCloseCode.SESSION_NO_LONGER_VALID


async def test_a_session_that_the_client_left_is_not_resumed() -> None:
    async with VoiceServer() as server:
        token = expect(server)
        async with connected(server) as first:
            await first.join(token)
        async with connected(server) as second:
            await resume(second, token, -1)
            assert await second.receive_close() == VoiceCloseCode.SESSION_NO_LONGER_VALID


async def test_a_session_that_missed_more_than_is_kept_is_over() -> None:
    async with VoiceServer() as server, connected(server) as first:
        token = expect(server)
        await first.join(token)
        server.faults.abort(CHANNEL)
        await first.receive_close()
        (session,) = server.call(CHANNEL).sessions
        for _ in range(600):
            session.send(VoiceOp.SPEAKING, {"user_id": "1", "ssrc": 1, "speaking": 1})
        for _ in range(2):
            async with connected(server) as second:
                await resume(second, token, first.sequence_acknowledged)
                assert await second.receive_close() == VoiceCloseCode.SESSION_NO_LONGER_VALID
        assert server.call(CHANNEL).sessions == ()
