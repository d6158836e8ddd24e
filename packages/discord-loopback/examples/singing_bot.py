"""A bot of py-cord or discord.py that hums in the voice channel of whoever types "sing". It knows nothing of tests."""

import math
import os
import struct

import discord

intents = discord.Intents.default()
intents.message_content = True
bot = discord.Client(intents=intents)


class Hum(discord.AudioSource):
    """440 Hz without end, 20 ms at a time: 48 kHz, 16 bits, two channels."""

    def __init__(self) -> None:
        tone = (round(8000 * math.sin(2 * math.pi * 440 * number / 48_000)) for number in range(4800))
        samples = b"".join(struct.pack("<hh", sample, sample) for sample in tone)
        self.frames = [samples[start : start + 3840] for start in range(0, len(samples), 3840)]
        self.number = 0

    def read(self) -> bytes:
        """The next 20 ms."""
        self.number += 1
        return self.frames[self.number % len(self.frames)]


@bot.event
async def on_message(message: discord.Message) -> None:
    """One word is a command."""
    if message.content == "sing" and message.author.voice is not None:
        voice = await message.author.voice.channel.connect()
        voice.play(Hum())
        await message.channel.send("La la la.")


bot.run(os.environ["DISCORD_TOKEN"])
