"""A bot for discord.py that records a call by voicewire. Set DISCORD_TOKEN, then `python recording_bot.py`.

Type "join" while you are in a voice channel, "record me" to be recorded, "stop" for a WAV file of each who was.
"""

import os
import wave

import av
import discord

from voicewire import VoicePacket
from voicewire.adapters.voice_protocol import WireVoiceClient


class Recorder(WireVoiceClient):
    """Hears those who want to be recorded, and nobody else: the others' packets are not even opened."""

    def __init__(self, client: discord.Client, channel: discord.abc.Connectable) -> None:
        super().__init__(client, channel)
        self.listener = self
        self.voices: dict[int, tuple[av.AudioCodecContext, wave.Wave_write]] = {}

    def consent(self, user_id: int) -> None:
        """Somebody wants to be recorded."""
        if user_id in self.voices:
            return
        file = wave.open(f"{user_id}.wav", "wb")  # noqa: SIM115 - closed by `stop`
        file.setparams((2, 2, 48_000, 0, "NONE", ""))
        self.voices[user_id] = (av.AudioCodecContext.create("libopus", "r"), file)

    def wants(self, user_id: int) -> bool:
        """See `VoiceListener`."""
        return user_id in self.voices

    def hear(self, packet: VoicePacket) -> None:
        """See `VoiceListener`."""
        decoder, file = self.voices[packet.user_id]
        for frame in decoder.decode(av.Packet(packet.opus)) if packet.opus else ():
            file.writeframes(bytes(frame.planes[0])[: 4 * frame.samples])

    async def stop(self) -> None:
        """Leave, and complete the files."""
        await self.disconnect()
        for _, file in self.voices.values():
            file.close()


bot = discord.Client(intents=discord.Intents.all())


@bot.event
async def on_message(message: discord.Message) -> None:
    """Three words are commands."""
    recorder: object = message.guild and message.guild.voice_client
    match message.content, message.author:
        case "join", discord.Member(voice=discord.VoiceState(channel=discord.VoiceChannel() as channel)):
            await channel.connect(cls=Recorder)
            await message.channel.send("I am listening to whoever says so.")
        case "record me", author if isinstance(recorder, Recorder):
            recorder.consent(author.id)
            await message.channel.send(f"I record {author.display_name}.")
        case "stop", _ if isinstance(recorder, Recorder):
            await recorder.stop()
            await message.channel.send("Done.")


if __name__ == "__main__":
    bot.run(os.environ["DISCORD_TOKEN"])
