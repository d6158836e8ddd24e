"""Login, a command, a call with sound both ways, a lost voice connection, and the end: with the libraries of others."""

import asyncio
from pathlib import Path

import pytest

from sandbox import Sandbox
from sandbox.voice.rtp import AES, XCHACHA
from tests.foreign_clients.foreign_bot import foreign_bot, hum
from tests.support.eventually import eventually

FRAMES = 200
"""Four seconds."""
FIRST = 10
"""Frames that may be lost at the start: who speaks (op 5) comes by another way than what they say."""
START_SECONDS = 40.0


@pytest.mark.parametrize(
    ("name", "mode"), [("discord_py_bot.py", XCHACHA), ("disnake_bot.py", XCHACHA), ("discord_js_bot.cjs", AES)]
)
async def test_a_call_with_a_foreign_client(name: str, mode: str, tmp_path: Path) -> None:
    async with Sandbox() as discord:
        guild = discord.add_guild("Reading club")
        text, lounge = guild.add_text_channel("general"), guild.add_voice_channel("Lounge")
        ada, call = guild.add_member("Ada"), lounge.call
        await ada.join(lounge)
        async with foreign_bot(discord, name, FRAMES, tmp_path):
            await discord.wait_until_ready(START_SECONDS)
            assert await (await ada.command("join", text)).wait_for_content(15) == "I am in."
            await ada.command("sing", text)
            await asyncio.gather(ada.speak(hum(FIRST + FRAMES)), call.wait_for_frames(FRAMES))
            heard = await (await ada.command("heard", text)).wait_for_content()

            await discord.voice.faults.close(lounge.id, 4006)
            await eventually(lambda: len(call.connections) == 2 and call.sessions, 15)
            assert await (await ada.command("sing", text)).wait_for_content(15) == "La la."
            await call.wait_for_frames(FRAMES + 10)
            assert [session.cipher.mode for session in call.sessions] == [mode]

            assert await (await ada.command("leave", text)).wait_for_content() == "Bye."
            await discord.until(lambda: guild.bot_voice is None)
    assert int(heard) >= FRAMES
    assert all(frame.end_to_end for frame in call.speech())
    assert (call.undecryptable, call.plaintext_with_dave, call.not_opus) == (0, 0, 0)
    assert discord.refusals == []
