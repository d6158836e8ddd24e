"""Recorded connections are played to ours: what was heard once is heard again, and what another client had is not."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.voice import VoiceOp
from sandbox.voice.connection_recording import RecordedItem, read_recording
from sandbox.voice.playback_server import PlaybackServer
from tests.support.dave_libraries import LIBRARIES, library
from tests.voicewire.recorded_calls import (
    ADA_SAID,
    BEN_SAID,
    BEN_SAID_LATER,
    ENCRYPTED_CALL,
    PLAIN_CALL,
    record_call,
)
from tests.voicewire.wire import ADA, BEN, Ears, connection_to, frames
from voicewire import SILENCE, VoiceConnection
from voicewire.dave.davey_session import DaveySession
from voicewire.dave.mls_session import MakeMlsSession

SPEECH = {ADA: ADA_SAID, BEN: BEN_SAID + BEN_SAID_LATER}
HURRY = 10
"""How many times faster than it was."""
FATES = st.sampled_from(["as it is"] * 6 + ["never", "twice", "later"])


@asynccontextmanager
async def played(
    items: Sequence[RecordedItem], ears: Ears, make_session: MakeMlsSession = DaveySession
) -> AsyncIterator[tuple[PlaybackServer, VoiceConnection]]:
    """All that was recorded has been played."""
    async with PlaybackServer([replace(item, at=item.at / HURRY) for item in items]) as server:
        connection = connection_to(server.endpoint, server.ca_file, "a token", make_session, ears)
        await connection.connect()
        try:
            await asyncio.wait({asyncio.create_task(server.is_over.wait())}, timeout=10)
            assert server.is_over.is_set()
            await asyncio.sleep(0.1)
            yield server, connection
        finally:
            await connection.close()


async def test_a_recorded_call_is_heard_again() -> None:
    ears = Ears()
    async with played(read_recording(PLAIN_CALL), ears):
        assert ears.of(ADA) == ADA_SAID
        assert [packet.opus for packet in ears.packets if packet.user_id == BEN] == BEN_SAID + BEN_SAID_LATER


async def test_a_call_that_is_recorded_now_is_heard_again(tmp_path: Path) -> None:
    ears = Ears()
    async with played(read_recording(await record_call(tmp_path, dave_version=0)), ears):
        assert ears.of(ADA) == ADA_SAID


@pytest.mark.parametrize("name", LIBRARIES)
async def test_what_was_encrypted_for_another_client_is_not_heard_and_breaks_nothing(name: str) -> None:
    ears = Ears()
    async with played(read_recording(ENCRYPTED_CALL), ears, library(name)) as (server, connection):
        assert {packet.opus for packet in ears.packets} <= {None}
        assert connection.is_connected
        assert not connection.send_frame(frames(1)[0]), "there is no key to seal with"
        assert connection.send_frame(SILENCE)
        assert VoiceOp.MLS_INVALID_COMMIT_WELCOME in [item.op for item in server.heard]


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(fates=st.lists(FATES, min_size=20, max_size=90))
def test_packets_that_are_lost_doubled_or_late_are_given_once_or_not_at_all(fates: list[str]) -> None:
    items, late = list[RecordedItem](), list[RecordedItem]()
    for item in read_recording(PLAIN_CALL):
        fate = fates.pop() if item.is_packet and item.is_from_server and fates else "as it is"
        (late if fate == "later" else items).extend([item] * {"never": 0, "twice": 2}.get(fate, 1))
    last = items[-1].at
    ears = Ears()

    async def play() -> None:
        async with played([*items, *(replace(item, at=last) for item in reversed(late))], ears):
            given = [(packet.user_id, packet.ssrc, packet.sequence) for packet in ears.packets]
            assert len(given) == len(set(given))
            assert {packet.opus for packet in ears.packets} <= {*ADA_SAID, *BEN_SAID, *BEN_SAID_LATER}

    asyncio.run(play())


@pytest.mark.parametrize("path", [PLAIN_CALL, ENCRYPTED_CALL], ids=lambda path: path.stem)
def test_a_recording_can_be_read_by_people_and_holds_no_voice_token(path: Path) -> None:
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
    assert {line["from"] for line in lines} == {"server", "client"}
    assert [line["text"]["d"]["token"] for line in lines if line.get("text", {}).get("op") == VoiceOp.IDENTIFY] == ["…"]
    items = read_recording(path)
    assert [json.loads(item.to_line()) for item in items] == lines


@pytest.mark.parametrize(
    "line", ["", "{}", "[]", '{"at": 1, "from": "server"}', '{"at": 1, "from": "client", "packet": "x"}']
)
def test_whatever_is_no_recording_is_refused(line: str) -> None:
    with pytest.raises(ValueError):
        RecordedItem.from_line(line)
