import logging

import discord
import pytest

from assistant.pycord.bots import CallBot, ShardedCallBot


@pytest.mark.parametrize("kind", [CallBot, ShardedCallBot])
async def test_an_event_that_pycord_cannot_read_is_logged_and_left_out(
    kind: type[discord.Bot], caplog: pytest.LogCaptureFixture
) -> None:
    bot = kind(intents=discord.Intents(guilds=True))
    with caplog.at_level(logging.ERROR):
        bot._connection.parsers["MESSAGE_CREATE"]({"channel_id": None})
    assert [record.getMessage() for record in caplog.records] == ["MESSAGE_CREATE could not be read, and is left out"]


async def test_a_session_that_cannot_begin_is_an_error() -> None:
    bot = CallBot(intents=discord.Intents(guilds=True))
    with pytest.raises(KeyError):
        bot._connection.parsers["READY"]({})
