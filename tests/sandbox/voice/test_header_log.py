import time

import pytest

from sandbox.voice import SILENCE, Listening, VoiceServer
from tests.sandbox.voice.raw_client import CHANNEL, connected, expect, frames

ALICE = 101


async def test_packets_are_noted_and_stay_sealed() -> None:
    async with VoiceServer(listening=Listening.HEADERS) as server, connected(server) as client:
        server.member_joined(CHANNEL, ALICE)
        await client.join_encrypted(expect(server))
        call = server.call(CHANNEL)
        sent = time.monotonic()
        for frame in frames(3):
            client.send_voice(frame)
        await call.wait_for_frames(3)
        log = call.headers
        assert (list(log.sequences), list(log.timestamps), list(log.ssrcs)) == (
            [0, 1, 2],
            [0, 960, 1920],
            [client.ssrc] * 3,
        )
        assert all(sent - 0.1 < arrival < sent + 1.0 for arrival in log.arrivals)
        assert (len(call.frames), call.undecryptable, call.unheard) == (0, 0, 0)


@pytest.mark.parametrize("dave", [0, 1])
async def test_silence_is_told_from_speech_by_its_size(dave: int) -> None:
    async with (
        VoiceServer(dave_protocol_version=dave, listening=Listening.HEADERS) as server,
        connected(server) as client,
    ):
        server.member_joined(CHANNEL, ALICE)
        await (client.join_encrypted if dave else client.join)(expect(server))
        call = server.call(CHANNEL)
        for opus in (SILENCE, b"\x78\x01\x02\x03", SILENCE, frames(1)[0]):
            client.send_voice(opus)
        await call.wait_for_frames(2)
        assert [call.headers.is_silence(index) for index in range(4)] == [True, False, True, False]


async def test_silence_does_not_keep_a_call_from_being_quiet() -> None:
    async with VoiceServer(listening=Listening.HEADERS) as server, connected(server) as client:
        server.member_joined(CHANNEL, ALICE)
        await client.join_encrypted(expect(server))
        call = server.call(CHANNEL)
        client.send_voice(frames(1)[0])
        await call.wait_for_frames(1)
        client.send_voice(SILENCE)
        await call.wait_until_quiet(0.2, timeout=5)
        assert time.monotonic() - call.headers.arrivals[0] >= 0.2


async def test_all_connections_of_a_call_are_noted_in_one_log() -> None:
    async with VoiceServer(listening=Listening.HEADERS) as server:
        async with connected(server) as client:
            server.member_joined(CHANNEL, ALICE)
            await client.join_encrypted(expect(server))
            client.send_voice(frames(1)[0])
            await server.call(CHANNEL).wait_for_frames(1)
        async with connected(server) as again:
            await again.join_encrypted(expect(server))
            again.send_voice(frames(1)[0])
            await server.call(CHANNEL).wait_for_frames(2)
        assert list(server.call(CHANNEL).headers.ssrcs) == [client.ssrc, again.ssrc]
