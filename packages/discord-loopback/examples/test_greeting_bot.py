"""Tests of a bot by the fixtures `discord` and `run_bot`: `pip install "discord-loopback[pytest]"`, then `pytest`."""

from pathlib import Path

import pytest

BOT = Path(__file__).with_name("greeting_bot.py")


@pytest.mark.asyncio
async def test_members_are_greeted_and_let_in(discord, run_bot):
    guild = discord.add_guild("Reading club")
    text, ada, ben = guild.add_text_channel("general"), guild.add_member("Ada"), guild.add_member("Ben")
    async with run_bot(BOT):
        await discord.wait_until_ready(30)
        greeting = await ada.command("hello", text, {"whom": ben})
        assert greeting.content == "Hello Ben!"
        assert greeting.ephemeral
        assert (await ada.click(greeting.message, "Come in")).content == "Ada came in."


@pytest.mark.asyncio
async def test_the_bot_comes_back_when_discord_hangs_up(discord, run_bot):
    guild = discord.add_guild("Reading club")
    text, ada = guild.add_text_channel("general"), guild.add_member("Ada")
    async with run_bot(BOT):
        await discord.wait_until_ready(30)
        await discord.faults.drop_gateway(4000)
        await discord.wait_until_ready(30)
        assert (await ada.command("hello", text, {"whom": ada})).content == "Hello Ada!"
