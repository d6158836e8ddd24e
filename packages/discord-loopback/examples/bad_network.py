"""What members hear of a bot over a bad network: `python bad_network.py` writes it to `heard.wav`."""

import asyncio
import signal
from pathlib import Path

from discord_loopback import Sandbox
from discord_loopback.launch.bot_environment import bot_environment
from discord_loopback.tools.bot_process import BotProcess

BOT = Path(__file__).resolve().with_name("singing_bot.py")
FRAMES = 100
"""Two seconds of 50 frames each, if all of them arrive."""


async def main() -> None:
    """One call, of which the second part loses packets."""
    async with Sandbox() as discord:
        guild = discord.add_guild("Choir")
        lounge, ada = guild.add_voice_channel("Lounge"), guild.add_member("Ada")
        await ada.join(lounge)
        async with BotProcess(BOT, bot_environment(discord), Path("bot.log")) as bot:
            await discord.wait_until_connected(30)
            await ada.type("sing", lounge)
            await lounge.call.wait_for_frames(FRAMES // 2, timeout=30)
            discord.voice.faults.lose_datagrams(0.3, seed=1)
            await lounge.call.wait_for_frames(FRAMES, timeout=30)
            await bot.stop(signal.SIGKILL)  # it would sing on
        lounge.call.write_wav(Path("heard.wav"))
        speech = lounge.call.speech()
        sent = (speech[-1].sequence - speech[0].sequence) % 65_536 + 1
        print(f"Ada heard {len(speech)} of {sent} frames; {lounge.call.undecryptable} could not be decrypted.")
        print(f"Frames that came before the bot had agreed on the encryption: {lounge.call.plaintext_with_dave}.")


asyncio.run(main())
