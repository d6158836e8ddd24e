"""A real media process in a call of the sandbox."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

import sandbox.voice
from bench.media_process.json_process import open_json_process
from bench.media_process.media_link import MediaLink, MediaProcessLost, RemoteCall, open_media_process
from bench.media_process.media_trial import try_form
from bench.media_process.process_form import ProcessForm
from tests.support.eventually import eventually
from voicewire import VoiceServer

GUILD, CHANNEL, BOT, ADA = 11, 77, 900, 101
FRAME_COUNT = 40
LEAST_OF_A_PROCESS = 30_000_000
"""Bytes: no Python with davey, PyAV and aiohttp takes less."""


def words(count: int) -> list[bytes]:
    """Frames that can be told apart."""
    return [b"\x78" + index.to_bytes(4, "big") * 8 for index in range(count)]


@asynccontextmanager
async def joined(
    server: sandbox.voice.VoiceServer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[MediaLink, RemoteCall]]:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.ca_file))
    server.member_joined(CHANNEL, ADA)
    token = server.expect(guild_id=GUILD, channel_id=CHANNEL, user_id=BOT, session_id="session")
    async with open_media_process() as link:
        call = link.call(CHANNEL)
        call.join(
            VoiceServer(
                user_id=BOT,
                server_id=GUILD,
                channel_id=CHANNEL,
                session_id="session",
                token=token,
                endpoint=server.endpoint,
            )
        )
        await call.is_joined
        yield link, call


def begin(call: RemoteCall, frames: list[bytes]) -> None:
    call.begin()
    for frame in frames:
        call.append(frame)


async def test_a_media_process_plays_all_once_and_stops_and_dies_aloud(monkeypatch: pytest.MonkeyPatch) -> None:
    async with sandbox.voice.VoiceServer() as server, joined(server, monkeypatch) as (link, call):
        heard = server.call(CHANNEL)
        begin(call, words(FRAME_COUNT))
        call.finish()
        await call.wait_until_over()
        await eventually(lambda: len(heard.speech()) >= FRAME_COUNT)
        assert [frame.opus for frame in heard.speech()] == words(FRAME_COUNT)
        assert all(frame.end_to_end for frame in heard.speech())
        assert call.heard == FRAME_COUNT

        begin(call, words(500))
        await heard.wait_for_frames(FRAME_COUNT + 5)
        call.stop()
        await call.wait_until_over()
        await asyncio.sleep(0.1)
        assert 5 <= call.heard < 400
        assert len(heard.speech()) == FRAME_COUNT + call.heard

        begin(call, words(500))
        await heard.wait_for_frames(FRAME_COUNT + call.heard + 1)
        os.kill(link.process_id, signal.SIGKILL)
        with pytest.raises(MediaProcessLost, match="-9"):
            await call.wait_until_over()
        call.stop()  # to nobody


async def test_a_call_that_is_refused_fails_and_leaves_the_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    async with sandbox.voice.VoiceServer() as server, joined(server, monkeypatch) as (link, call):
        other = link.call(CHANNEL + 1)
        other.join(
            VoiceServer(
                user_id=BOT, server_id=GUILD, channel_id=CHANNEL, session_id="", token="", endpoint=server.endpoint
            )
        )
        with pytest.raises(MediaProcessLost, match="4004"):
            await other.is_joined
        begin(call, words(5))
        call.finish()
        await call.wait_until_over()
        assert call.heard == 5


@pytest.mark.alone
async def test_a_trial_listens_to_speech_and_counts_both_processes() -> None:
    async with open_json_process("bench.media_process.voice_servers", {}) as servers:
        row = await try_form(servers, ProcessForm.MEDIA, calls=2, seconds=1.0, ramp=0.5)
    assert 0.015 < row.distances.percentile(50) < 0.025
    assert row.lost == 0
    assert row.resident_bytes > 2 * LEAST_OF_A_PROCESS
