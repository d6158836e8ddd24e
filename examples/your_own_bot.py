"""A bot of your own with the voice assistant in it. Set DISCORD_TOKEN and AI_API_KEY, then `python your_own_bot.py`."""

import os

import discord

intents = discord.Intents.default()
intents.message_content = True  # switch it on in the developer portal, too
bot = discord.Bot(intents=intents)  # type: ignore[no-untyped-call]
bot.load_extension("cogs.voice_conversation")
bot.load_extension("cogs.voice_settings")
bot.load_extension("cogs.my_voice")


@bot.slash_command(description="Is the bot there?")
async def ping(ctx: discord.ApplicationContext) -> None:
    """A command of your own; the assistant minds its own only."""
    await ctx.respond("Pong.")


if __name__ == "__main__":
    bot.run(os.environ["DISCORD_TOKEN"])
