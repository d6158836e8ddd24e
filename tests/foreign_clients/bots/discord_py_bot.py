"""A bot as people write it with discord.py; it knows nothing of the sandbox."""

# mypy: ignore-errors

import asyncio
import base64
import json
import os
from pathlib import Path

import davey
import discord
import nacl.secret
from discord import app_commands

FRAMES = [base64.b64decode(line) for line in json.loads(Path(os.environ["FRAMES"]).read_text())]


class Song(discord.AudioSource):
    """Opus as it is."""

    def __init__(self):
        self.frames = iter(FRAMES)

    def read(self):
        return next(self.frames, b"")

    def is_opus(self):
        return True


class Client(discord.Client):
    def __init__(self):
        super().__init__(intents=discord.Intents.default())
        self.tree = app_commands.CommandTree(self)
        self.heard = 0

    async def setup_hook(self):
        await self.tree.sync()

    def count(self, user_id, voice):
        """discord.py does not receive, but lets one read: this opens both layers."""

        def take(datagram):
            if datagram[1] & 0x7F != 0x78:
                return  # RTCP
            header = 12 + 4 * (datagram[0] & 0x0F)
            extension = 0
            if datagram[0] & 0x10:
                extension = 4 * int.from_bytes(datagram[header + 2 : header + 4], "big")
                header += 4
            box = nacl.secret.Aead(bytes(voice.secret_key))
            plain = box.decrypt(datagram[header:-4], datagram[:header], datagram[-4:].ljust(24, b"\0"))[extension:]
            if datagram[0] & 0x20:
                plain = plain[: -plain[-1]]
            if plain != b"\xf8\xff\xfe":
                voice._connection.dave_session.decrypt(user_id, davey.MediaType.audio, plain)
                self.heard += 1
            if self.heard == len(FRAMES):
                # Else its thread waits 30 s for a packet on the old socket, when the connection is lost.
                voice._connection.remove_socket_listener(take)

        return take


bot = Client()


@bot.tree.command(description="Come in and sing")
async def join(interaction: discord.Interaction):
    await interaction.response.defer()
    voice = await interaction.user.voice.channel.connect()
    voice._connection.add_socket_listener(bot.count(interaction.user.id, voice))
    await interaction.followup.send("I am in.")


@bot.tree.command(description="Sing")
async def sing(interaction: discord.Interaction):
    await interaction.response.defer()
    voice = interaction.guild.voice_client
    await asyncio.to_thread(voice.wait_until_connected)
    while not voice._connection.can_encrypt:
        await asyncio.sleep(0.01)
    voice.play(Song())
    await interaction.followup.send("La la.")


@bot.tree.command(description="How much was heard?")
async def heard(interaction: discord.Interaction):
    await interaction.response.send_message(str(bot.heard))


@bot.tree.command(description="Go")
async def leave(interaction: discord.Interaction):
    await interaction.guild.voice_client.disconnect()
    await interaction.response.send_message("Bye.")


bot.run("MTIz.a-token.of-discord-itself")
