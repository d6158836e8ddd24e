"""A bot as people write it with disnake; it knows nothing of the sandbox."""

# mypy: ignore-errors

import asyncio
import base64
import json
import logging
import os
from pathlib import Path

import dave
import disnake
import nacl.secret
from disnake.ext import commands

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
FRAMES = [base64.b64decode(line) for line in json.loads(Path(os.environ["FRAMES"]).read_text())]
bot = commands.InteractionBot(intents=disnake.Intents.default())


class Song(disnake.AudioSource):
    """Opus as it is."""

    def __init__(self):
        self.frames = iter(FRAMES)

    def read(self):
        return next(self.frames, b"")

    def is_opus(self):
        return True


class Hearing:
    """disnake does not receive: this reads its socket, and opens both layers."""

    def __init__(self):
        self.count = 0
        self.task = None

    async def listen(self, user_id, voice):
        session = voice.dave._session
        decryptor = dave.Decryptor()
        decryptor.transition_to_key_ratchet(session.get_key_ratchet(str(user_id)))
        while True:
            datagram = await asyncio.get_running_loop().sock_recv(voice.socket, 4096)
            if datagram[1] & 0x7F != 0x78:
                continue  # RTCP
            header = 12 + 4 * (datagram[0] & 0x0F)
            extension = 0
            if datagram[0] & 0x10:
                extension = 4 * int.from_bytes(datagram[header + 2 : header + 4], "big")
                header += 4
            box = nacl.secret.Aead(bytes(voice.secret_key))
            plain = box.decrypt(datagram[header:-4], datagram[:header], datagram[-4:].ljust(24, b"\0"))[extension:]
            if datagram[0] & 0x20:
                plain = plain[: -plain[-1]]
            if plain != b"\xf8\xff\xfe" and decryptor.decrypt(dave.MediaType.audio, plain):
                self.count += 1


hearing = Hearing()


@bot.slash_command(description="Come in")
async def join(inter):
    await inter.response.defer()
    voice = await inter.author.voice.channel.connect()
    while not voice.dave.can_encrypt():
        await asyncio.sleep(0.01)
    hearing.task = asyncio.create_task(hearing.listen(inter.author.id, voice))
    await inter.followup.send("I am in.")


@bot.slash_command(description="Sing")
async def sing(inter):
    await inter.response.defer()
    voice = inter.guild.voice_client
    while not (voice.is_connected() and voice.dave.can_encrypt()):
        await asyncio.sleep(0.01)
    voice.play(Song())
    await inter.followup.send("La la.")


@bot.slash_command(description="How much was heard?")
async def heard(inter):
    hearing.task.cancel()  # it would take what answers the next connection
    await inter.response.send_message(str(hearing.count))


@bot.slash_command(description="Go")
async def leave(inter):
    await inter.guild.voice_client.disconnect()
    await inter.response.send_message("Bye.")


bot.run("MTIz.a-token.of-discord-itself")
