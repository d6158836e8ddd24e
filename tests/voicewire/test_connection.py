"""A whole voice connection on loopback: it joins, is lost in every way, and is resumed."""

import asyncio
import logging
import time
from typing import Any

import pytest

from sandbox.voice import SILENCE, VoiceOp, VoiceServer
from sandbox.voice.rtp import AES, XCHACHA
from tests.support.dave_libraries import LIBRARIES, library
from tests.support.eventually import eventually
from tests.voicewire.wire import ADA, BEN, CHANNEL, Ears, connected, frames, make_connection, say, until_it_may_speak
from voicewire import ConnectionEnded, EndCause, Ending


@pytest.mark.parametrize("name", LIBRARIES)
@pytest.mark.parametrize("mode", [AES, XCHACHA])
async def test_200_frames_arrive_and_every_member_opens_them(name: str, mode: str) -> None:
    async with VoiceServer(modes=[mode]) as server:
        server.member_joined(CHANNEL, ADA)
        server.member_joined(CHANNEL, BEN)
        async with connected(server, library(name)) as connection:
            said = frames(200)
            await say(connection, said)
            call = server.call(CHANNEL)
            await call.wait_for_frames(200)
            assert [frame.opus for frame in call.speech()] == said
            assert all(frame.end_to_end for frame in call.speech())
            assert (call.undecryptable, call.plaintext_with_dave, call.unheard) == (0, 0, 0)
            sequences = [frame.sequence for frame in call.frames]
            assert sequences == list(range(1, len(sequences) + 1))
            codes = {member.privacy_code for member in call.members.values()}
            assert codes == {connection.session.dave.privacy_code}


async def test_a_join_says_that_we_send_and_sends_something() -> None:
    async with VoiceServer() as server, connected(server):
        call = server.call(CHANNEL)
        await eventually(lambda: len(call.frames) == 5)
        assert {frame.opus for frame in call.frames} == {SILENCE}
        await eventually(lambda: [flags for _, flags in call.connections[0].speaking] == [1, 0])


async def test_without_end_to_end_encryption_frames_are_plain() -> None:
    async with VoiceServer(dave_protocol_version=0) as server:
        server.member_joined(CHANNEL, ADA)
        async with connected(server) as connection:
            await say(connection, frames(3))
            await server.call(CHANNEL).wait_for_frames(3)
            server.call(CHANNEL).change_dave_version(1)
            await eventually(lambda: connection.session.dave.version == 1)
            await say(connection, frames(3, 3))
            await server.call(CHANNEL).wait_for_frames(6)
            sealed = [frame.end_to_end for frame in server.call(CHANNEL).speech()]
            assert sealed == [False] * 3 + [True] * 3
            assert server.call(CHANNEL).plaintext_with_dave == 0


@pytest.mark.parametrize("code", [1000, 1001, 4006, 4009, 4014, 4015, 4021, 4022, 4999])
async def test_the_ending_has_the_code_that_the_server_sent(code: int) -> None:
    async with VoiceServer() as server, connected(server) as connection:
        await server.faults.close(CHANNEL, code)
        ending = await asyncio.wait_for(connection.wait_until_ended(), 5)
        assert (ending.cause, ending.close_code) == (EndCause.CLOSED, code)
        assert not connection.may_speak
        assert not connection.send_frame(frames(1)[0])


@pytest.mark.parametrize("code", [4004, 4006, 4011, 4016, 4017])
async def test_a_refusal_is_told_with_its_code(code: int) -> None:
    async with VoiceServer() as server:
        server.faults.close_at_identify(code)
        connection = make_connection(server)
        with pytest.raises(ConnectionEnded) as refused:
            await connection.connect(5)
        assert refused.value.ending.close_code == code


async def test_a_wrong_token_is_refused() -> None:
    async with VoiceServer() as server:
        connection = make_connection(server)
        make_connection(server)  # with a newer token
        with pytest.raises(ConnectionEnded) as refused:
            await connection.connect(5)
        assert refused.value.ending.close_code == 4006


async def test_a_connection_that_breaks_ends_with_1006_and_may_be_resumed() -> None:
    async with VoiceServer() as server, connected(server) as connection:
        server.faults.abort(CHANNEL)
        ending = await asyncio.wait_for(connection.wait_until_ended(), 5)
        assert (ending.cause, ending.close_code, ending.may_resume) == (EndCause.CLOSED, 1006, True)


@pytest.mark.parametrize("name", LIBRARIES)
@pytest.mark.parametrize("breaks", [True, False], ids=["1006", "4015"])
async def test_a_resume_goes_on_where_the_connection_was(name: str, breaks: bool) -> None:
    async with VoiceServer() as server:
        server.member_joined(CHANNEL, ADA)
        ears = Ears()
        async with connected(server, library(name), ears) as connection:
            connection.announce_speaking(True)
            await say(connection, frames(5))
            if breaks:
                server.faults.abort(CHANNEL)
            else:
                await server.faults.close(CHANNEL, 4015)
            await asyncio.wait_for(connection.wait_until_ended(), 5)
            server.member_joined(CHANNEL, BEN)  # while we are away
            await connection.resume(5)
            await eventually(lambda: BEN in connection.session.dave.members)
            await eventually(lambda: server.call(CHANNEL).members[BEN].listening_since is not None)
            await say(connection, frames(5, 5))
            call = server.call(CHANNEL)
            await call.wait_for_frames(10)
            assert [frame.opus for frame in call.speech()] == frames(10)
            assert [record.resumed for record in call.connections] == [False, True]
            assert [flags for _, flags in call.connections[1].speaking] == [1]
            await call.speak(BEN, frames(3))
            await eventually(lambda: len(ears.of(BEN)) == 3)
            assert (call.undecryptable, call.plaintext_with_dave) == (0, 0)


async def test_a_session_that_is_forgotten_is_not_resumed() -> None:
    async with VoiceServer() as server, connected(server) as connection:
        await server.faults.close(CHANNEL, 4006)
        await asyncio.wait_for(connection.wait_until_ended(), 5)
        with pytest.raises(ConnectionEnded) as refused:
            await connection.resume(5)
        assert refused.value.ending.close_code == 4006
        assert not connection.is_connected


async def test_a_resume_that_is_not_answered_is_over() -> None:
    async with VoiceServer() as server, connected(server) as connection:
        server.faults.abort(CHANNEL)
        await asyncio.wait_for(connection.wait_until_ended(), 5)
        server.faults.withhold_resumed = True
        with pytest.raises(ConnectionEnded) as failed:
            await connection.resume(0.5)
        assert failed.value.ending == Ending(cause=EndCause.NO_ANSWER, detail="RESUMED has not come in 0.5 s")
        server.faults.send(CHANNEL, VoiceOp.RESUMED, {})
        await asyncio.sleep(0.2)
        assert not connection.is_connected
        assert not connection.send_frame(frames(1)[0])


async def test_a_server_that_answers_no_heartbeats_is_lost() -> None:
    async with VoiceServer(heartbeat_interval=0.05) as server, connected(server) as connection:
        await eventually(lambda: connection.session.heartbeat.answered >= 2)
        assert connection.session.heartbeat.latency is not None
        server.faults.silence_heartbeat_acks = True
        ending = await asyncio.wait_for(connection.wait_until_ended(), 5)
        assert ending.cause is EndCause.HEARTBEATS_UNANSWERED


async def test_a_server_that_hangs_is_told_before_it_is_closed() -> None:
    async with VoiceServer(heartbeat_interval=0.1, missed_heartbeats=None) as server, connected(server) as connection:
        server.faults.freeze(CHANNEL)
        start = time.monotonic()
        ending = await asyncio.wait_for(connection.wait_until_ended(), 5)
        assert ending.cause is EndCause.HEARTBEATS_UNANSWERED
        assert time.monotonic() - start < 1.9, "its answer to our close frame was waited for"


async def test_nobody_there_is_no_answer() -> None:
    async with VoiceServer() as server:
        connection = make_connection(server)
        server.faults.refuse_connections(5)
        with pytest.raises(ConnectionEnded) as failed:
            await connection.connect(5)
        assert failed.value.ending.cause is EndCause.NO_ANSWER


@pytest.mark.parametrize("step", ["READY", "an answer over UDP", "the session description"])
async def test_a_handshake_that_stops_says_where(step: str) -> None:
    async with VoiceServer() as server:
        match step:
            case "READY":
                server.faults.ready_delay = 60
            case "an answer over UDP":
                server.faults.drop_discoveries(1000)
            case _:
                server.faults.withhold_description = True
        connection = make_connection(server)
        with pytest.raises(ConnectionEnded) as failed:
            await connection.connect(0.5)
        assert failed.value.ending == Ending(cause=EndCause.NO_ANSWER, detail=f"{step} has not come in 0.5 s")


async def test_discovery_is_asked_again_until_it_is_answered() -> None:
    async with VoiceServer() as server:
        server.faults.drop_discoveries(2)
        async with connected(server) as connection:
            assert connection.is_connected


async def test_without_a_common_encryption_there_is_no_connection() -> None:
    async with VoiceServer(modes=["xsalsa20_poly1305_lite_rtpsize"]) as server:
        with pytest.raises(ConnectionEnded) as failed:
            await make_connection(server).connect(5)
        assert failed.value.ending.cause is EndCause.NO_COMMON_MODE


@pytest.mark.parametrize(
    ("op", "data"),
    [
        (VoiceOp.SPEAKING, {}),
        (VoiceOp.SPEAKING, {"user_id": "no", "ssrc": 1}),
        (VoiceOp.CLIENTS_CONNECT, {"user_ids": 7}),
        (VoiceOp.CLIENT_DISCONNECT, {"user_id": None}),
        (VoiceOp.HEARTBEAT_ACK, {"t": "never sent"}),
        (VoiceOp.MLS_PROPOSALS, b""),
        (VoiceOp.MLS_PROPOSALS, b"\0\x05abcde"),
        (VoiceOp.MLS_EXTERNAL_SENDER, b"\xff" * 30),
        (VoiceOp.DAVE_EXECUTE_TRANSITION, {}),
        (VoiceOp.VIDEO, {"user_id": "101", "audio_ssrc": 1, "video_ssrc": 2}),
    ],
)
async def test_a_malformed_or_unknown_message_ends_nothing(op: VoiceOp, data: Any) -> None:
    async with VoiceServer() as server:
        server.member_joined(CHANNEL, ADA)
        async with connected(server) as connection:
            server.faults.send(CHANNEL, op, data)
            server.faults.repeat_external_sender(CHANNEL)
            server.member_joined(CHANNEL, BEN)
            await eventually(lambda: BEN in connection.session.dave.members)
            await say(connection, frames(5))
            await server.call(CHANNEL).wait_for_frames(5)
            assert not connection.ended.done()
            session = connection.session
            is_ignored = op in (
                VoiceOp.VIDEO,
                VoiceOp.MLS_EXTERNAL_SENDER,
            )  # unknown; of no use to an established group
            assert session.gateway.malformed + session.dave.refused == (not is_ignored)


@pytest.mark.parametrize(
    ("op", "data"),
    [
        (VoiceOp.HELLO, {}),
        (VoiceOp.HELLO, {"heartbeat_interval": "soon"}),
        (VoiceOp.HELLO, {"heartbeat_interval": True}),
        (VoiceOp.READY, {"ssrc": 1, "ip": "127.0.0.1", "port": 1, "modes": [AES]}),
        (VoiceOp.SESSION_DESCRIPTION, {"mode": AES, "secret_key": 1 << 40}),
        (VoiceOp.SESSION_DESCRIPTION, {"mode": AES, "secret_key": [256] * 32}),
        (VoiceOp.SESSION_DESCRIPTION, {"mode": [], "secret_key": [1] * 32}),
        (VoiceOp.SESSION_DESCRIPTION, {"mode": AES, "secret_key": [1] * 32, "dave_protocol_version": 9}),
    ],
)
async def test_a_malformed_message_of_the_handshake_ends_the_connection(op: VoiceOp, data: Any) -> None:
    async with VoiceServer() as server, connected(server) as connection:
        server.faults.send(CHANNEL, op, data)
        ending = await asyncio.wait_for(connection.wait_until_ended(), 5)
        assert ending.cause is EndCause.PROTOCOL_ERROR


async def test_a_key_that_is_named_twice_gives_no_nonce_twice() -> None:
    async with VoiceServer() as server:
        server.member_joined(CHANNEL, ADA)
        async with connected(server) as connection:
            await say(connection, frames(3))
            session = server.call(CHANNEL).sessions[0]
            description = {"mode": session.cipher.mode, "secret_key": list(session.cipher.key)}
            cipher = connection.session.receiver.cipher
            server.faults.send(CHANNEL, VoiceOp.SESSION_DESCRIPTION, description | {"dave_protocol_version": 0})
            await eventually(lambda: connection.session.dave.version == 0)
            assert connection.session.receiver.cipher is cipher


async def test_an_error_of_our_own_ends_the_connection_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with VoiceServer() as server, connected(server) as connection:

        def fail(*_: object) -> None:
            raise RuntimeError("a bug")

        monkeypatch.setattr(connection.session.dave.group, "clients_connect", fail)
        server.member_joined(CHANNEL, ADA)
        ending = await asyncio.wait_for(connection.wait_until_ended(), 5)
        assert ending == Ending(cause=EndCause.FAILED, detail="RuntimeError('a bug')")
    caplog.clear()


async def test_a_connection_that_says_nothing_sends_silence_now_and_then() -> None:
    async with VoiceServer() as server, connected(server) as connection:
        call = server.call(CHANNEL)
        await eventually(lambda: len(call.frames) == 5)
        connection.session.sender._last_sent -= 15
        await eventually(lambda: len(call.frames) == 6)
        assert call.frames[-1].opus == SILENCE
        await asyncio.sleep(0.6)
        assert len(call.frames) == 6


async def test_probes_are_answered() -> None:
    async with VoiceServer() as server, connected(server) as connection:
        connection.probe()
        udp = connection.session.udp
        assert udp is not None
        await eventually(lambda: udp.probes_answered == 1)


async def test_closing_is_in_order_and_may_be_repeated() -> None:
    async with VoiceServer() as server:
        async with connected(server) as connection:
            await connection.close()
            assert connection.ended.result().cause is EndCause.LEFT
        record = server.call(CHANNEL).connections[0]
        await eventually(lambda: record.close_code is not None)
        assert record.close_code == 1000


async def test_a_connect_that_is_cancelled_leaves_nothing() -> None:
    async with VoiceServer() as server:
        server.faults.ready_delay = 60
        joining = asyncio.create_task(make_connection(server).connect(30))
        await eventually(lambda: len(server.call(CHANNEL).connections) == 1)
        joining.cancel()
        await asyncio.wait({joining})
        await eventually(lambda: server.call(CHANNEL).connections[0].close_code is not None)


async def test_no_secret_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with VoiceServer() as server:
        server.member_joined(CHANNEL, ADA)
        async with connected(server) as connection:
            await say(connection, frames(3))
            await server.faults.close(CHANNEL, 4015)
            await connection.wait_until_ended()
            await connection.resume(5)
            await until_it_may_speak(connection)
        text = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("voicewire"))
        assert [secret for secret in server.secrets if secret in text] == []
