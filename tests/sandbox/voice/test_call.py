import time
from pathlib import Path

import pytest

from sandbox.voice import SILENCE, VoiceServer
from tests.sandbox.voice.raw_client import CHANNEL, connected, expect, frames

ALICE = 101


async def test_silence_frames_are_heard_and_are_no_speech() -> None:
    async with VoiceServer() as server, connected(server) as client:
        server.member_joined(CHANNEL, ALICE)
        await client.join_encrypted(expect(server))
        client.send_payload(SILENCE)
        client.send_voice(frames(1)[0])
        call = server.call(CHANNEL)
        await call.wait_for_frames(1)
        assert [(frame.is_silence, frame.end_to_end) for frame in call.frames] == [(True, False), (False, True)]
        assert (len(call.speech()), call.plaintext_with_dave) == (1, 0)


async def test_a_datagram_under_a_wrong_key_is_counted() -> None:
    async with VoiceServer(dave_protocol_version=0) as server, connected(server) as client:
        await client.join(expect(server))
        call = server.call(CHANNEL)
        client.send_payload(frames(1)[0], key=bytes(32))
        client.send_voice(frames(1)[0])
        await call.wait_for_frames(1)
        assert (call.undecryptable, call.undecryptable_transport, len(call.frames)) == (1, 1, 1)


async def test_a_bot_alone_in_an_encrypted_call_is_noted_though_it_speaks_in_the_clear() -> None:
    async with VoiceServer() as server, connected(server) as client:
        await client.join(expect(server))
        call = server.call(CHANNEL)
        client.send_voice(frames(1)[0])
        await call.wait_for_frames(1)
        assert (call.frames[0].end_to_end, call.plaintext_with_dave) == (False, 1)


async def test_a_plain_frame_on_its_way_while_the_call_gets_its_encryption_is_heard_and_a_later_one_is_noted() -> None:
    async with VoiceServer() as server, connected(server) as client:
        await client.join(expect(server))
        call = server.call(CHANNEL)
        call.group.encrypted_since = time.monotonic()
        client.send_voice(frames(1)[0])
        await call.wait_for_frames(1)
        assert call.plaintext_with_dave == 0
        call.group.encrypted_since -= 1
        client.send_voice(frames(1)[0])
        await call.wait_for_frames(2)
        assert call.plaintext_with_dave == 1


async def test_encrypted_frames_that_nobody_is_there_to_hear_are_counted() -> None:
    async with VoiceServer() as server, connected(server) as client:
        server.member_joined(CHANNEL, ALICE)
        await client.join_encrypted(expect(server))
        call = server.call(CHANNEL)
        server.member_left(CHANNEL, ALICE)
        client.send_voice(frames(1)[0])
        client.send_payload(SILENCE)
        await server.faults.close(CHANNEL, 4006)
        assert (call.unheard, call.speech()) == (1, [])


async def test_waiting_for_frames_that_do_not_come_ends_in_a_timeout() -> None:
    async with VoiceServer() as server:
        with pytest.raises(TimeoutError):
            await server.call(CHANNEL).wait_for_frames(1, timeout=0.05)


async def test_quiet_is_a_time_without_speech_after_speech() -> None:
    async with VoiceServer(dave_protocol_version=0) as server, connected(server) as client:
        await client.join(expect(server))
        call = server.call(CHANNEL)
        with pytest.raises(TimeoutError):
            await call.wait_until_quiet(0.0, timeout=0.05)
        client.send_voice(frames(1)[0])
        await call.wait_until_quiet(0.2, timeout=5)
        assert time.monotonic() - call.frames[-1].arrival >= 0.2


async def test_what_was_heard_becomes_a_wav(tmp_path: Path) -> None:
    async with VoiceServer(dave_protocol_version=0) as server, connected(server) as client:
        await client.join(expect(server))
        call = server.call(CHANNEL)
        client.send_voice(SILENCE)
        client.send_voice(b"\xfc\xff\xfe")
        await call.wait_for_frames(1)
        call.write_wav(tmp_path / "heard.wav")
        assert (tmp_path / "heard.wav").stat().st_size == 44 + 2 * 960 * 2


async def test_packets_that_are_no_opus_are_heard_by_nobody(tmp_path: Path) -> None:
    async with VoiceServer(dave_protocol_version=0) as server, connected(server) as client:
        await client.join(expect(server))
        call = server.call(CHANNEL)
        for packet in (b"OpusHead\x01\x02\x38\x01\x80\xbb\0\0\0\0\0", b"OpusTags\x06\0\0\0Lavf60", frames(1)[0]):
            client.send_voice(packet)
        await call.wait_for_frames(1)
        assert (len(call.frames), len(call.speech()), call.not_opus) == (1, 1, 2)
        call.write_wav(tmp_path / "heard.wav")
