"""Recordings of calls in the sandbox, kept in tests/data/voicewire: `python -m tests.voicewire.recorded_calls`."""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Final

from sandbox.voice import VoiceServer
from sandbox.voice.connection_recording import Recorder
from tests.voicewire.wire import ADA, BEN, CHANNEL, Ears, connected, frames, say

RECORDINGS: Final = Path(__file__).parents[1] / "data" / "voicewire"
PLAIN_CALL: Final = RECORDINGS / "plain_call.jsonl"
"""Ada and Ben speak; Ben goes and comes back. No end-to-end encryption."""
ENCRYPTED_CALL: Final = RECORDINGS / "encrypted_call.jsonl"
"""The same, encrypted for a client that is no more."""
ADA_SAID: Final = frames(30, 1000)
BEN_SAID: Final = frames(20, 2000)
BEN_SAID_LATER: Final = frames(10, 3000)


async def record_call(folder: Path, *, dave_version: int) -> Path:
    """Makes a call, and keeps what went over our connection in that folder; returns the file."""
    async with VoiceServer(dave_protocol_version=dave_version) as server:
        server.recorder = Recorder(folder)
        server.member_joined(CHANNEL, ADA)
        server.member_joined(CHANNEL, BEN)
        async with connected(server, ears=Ears()) as connection:
            call = server.call(CHANNEL)
            await asyncio.gather(call.speak(ADA, ADA_SAID), call.speak(BEN, BEN_SAID), say(connection, frames(5)))
            server.member_left(CHANNEL, BEN)
            await asyncio.sleep(0.1)
            server.member_joined(CHANNEL, BEN)
            await asyncio.sleep(0.1)
            await call.speak(BEN, BEN_SAID_LATER)
            await asyncio.sleep(0.1)
    return folder / "connection-1.jsonl"


async def main() -> None:
    """Makes both anew."""
    RECORDINGS.mkdir(exist_ok=True)
    for path, dave_version in ((PLAIN_CALL, 0), (ENCRYPTED_CALL, 1)):
        with tempfile.TemporaryDirectory() as folder:
            shutil.move(await record_call(Path(folder), dave_version=dave_version), path)


if __name__ == "__main__":
    asyncio.run(main())
