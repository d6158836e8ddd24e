"""The example for discord.py, in the sandbox, as a program of its own.

discord.py has py-cord's import name, so it is never in the same environment. DISCORD_PY names a folder that
`pip install --target FOLDER --no-deps discord.py` has filled; without one the test is skipped.
"""

import os
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from sandbox import Sandbox
from sandbox.tools.bot_process import BotProcess
from tests.support.eventually import eventually

ROOT = Path(__file__).parents[2]
DISCORD_PY = os.environ.get("DISCORD_PY", "")
LAUNCHER = """
import json, os, runpy, urllib.request
import discord, yarl

discord.http.Route.BASE = os.environ["DISCORD_API_URL"]
with urllib.request.urlopen(discord.http.Route.BASE + "/gateway") as answer:
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(json.load(answer)["url"])
runpy.run_path(os.environ["EXAMPLE"], run_name="__main__")
"""
"""discord.py has its addresses in the code; everything else is the example, unmodified."""


def tone_frames(count: int) -> list[bytes]:
    """A tone as frames of Opus."""
    encoder = av.AudioCodecContext.create("libopus", "w")
    encoder.rate, encoder.format, encoder.layout = 48_000, "flt", "stereo"
    encoder.open()
    wave_of = np.sin(2 * np.pi * 440 * np.arange(960 * count) / 48_000, dtype=np.float32) / 4
    packets: list[bytes] = []
    for number in range(count):
        samples = np.repeat(wave_of[960 * number : 960 * (number + 1)], 2)[np.newaxis]
        frame = av.AudioFrame.from_ndarray(samples, format="flt", layout="stereo")
        frame.rate, frame.pts = 48_000, 960 * number
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return packets


def recordings(folder: Path) -> list[str]:
    """The names of the WAV files."""
    return [path.name for path in folder.glob("*.wav")]


@pytest.mark.skipif(not DISCORD_PY, reason="DISCORD_PY names no folder with discord.py")
async def test_it_records_whoever_wants_it_and_nobody_else(tmp_path: Path) -> None:
    async with Sandbox(rate_limits=False) as sandbox:
        guild = sandbox.add_guild("Reading club")
        text, lounge = guild.add_text_channel("general"), guild.add_voice_channel("Lounge")
        ada, ben = guild.add_member("Ada"), guild.add_member("Ben")
        program = tmp_path / "in_the_sandbox.py"
        program.write_text(LAUNCHER, "utf-8")
        environment = {
            "DISCORD_TOKEN": sandbox.bot.token,
            "DISCORD_API_URL": sandbox.api_url,
            "EXAMPLE": str(ROOT / "examples" / "recording_bot.py"),
            "SSL_CERT_FILE": str(sandbox.ca_file),
            "PYTHONPATH": os.pathsep.join([DISCORD_PY, str(ROOT)]),
        }
        async with BotProcess(program, environment, tmp_path / "bot.log") as bot:
            try:
                await sandbox.wait_until_connected(30)
                await ada.join(lounge)
                await ben.join(lounge)
                await ada.type("join", text)
                await text.wait_for_message(lambda message: "listening" in message.content, 20)
                await ada.type("record me", text)
                await text.wait_for_message(lambda message: message.content == "I record Ada.", 10)
                await eventually(lambda: all(member.listening_since for member in lounge.call.members.values()))
                said = tone_frames(51)[:50]
                await ada.speak(said)
                await ben.speak(said)
                await ada.type("stop", text)
                await text.wait_for_message(lambda message: message.content == "Done.", 10)
            except TimeoutError:
                pytest.fail(bot.log)
    assert recordings(tmp_path) == [f"{ada.id}.wav"]
    with wave.open(str(tmp_path / f"{ada.id}.wav")) as heard:
        assert heard.getnframes() == pytest.approx((50 + 5) * 960, abs=2 * 960), (
            "five frames of silence end what is said"
        )
