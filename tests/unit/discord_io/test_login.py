"""The login: what is waited for, how long, and what is said meanwhile."""

import logging
from collections.abc import AsyncIterator

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.config.settings import Settings
from assistant.discord_io.login import FIRST_SECONDS, LONGEST_ASKED_SECONDS, LONGEST_SECONDS, log_in, pause_seconds
from assistant.pycord import api as pycord
from sandbox import Sandbox
from tests.support.model_client import Pauses

SOME_FAILURES = st.integers(1, 100_000)


@given(st.floats(0, LONGEST_ASKED_SECONDS), SOME_FAILURES, st.floats(0, 1))
def test_no_pause_is_shorter_than_discord_asks_and_none_much_longer_than_needed(
    asked: float, failures: int, jitter: float
) -> None:
    assert asked <= pause_seconds(asked, failures, jitter) <= max(asked + 1, LONGEST_SECONDS)


@given(SOME_FAILURES, st.floats(0, 1))
def test_pauses_of_our_own_grow_and_are_bounded(failures: int, jitter: float) -> None:
    assert FIRST_SECONDS / 2 <= pause_seconds(None, failures, jitter) <= LONGEST_SECONDS
    assert pause_seconds(None, failures, jitter) <= pause_seconds(None, failures + 1, jitter)


def test_a_pause_of_years_is_a_mistake_and_is_cut_to_a_day() -> None:
    assert pause_seconds(float("inf"), 1, 0.0) == 86_400


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        monkeypatch.setattr(discord.http.Route, "API_BASE_URL", sandbox.api_url)
        yield sandbox
    assert not sandbox.refusals


@pytest.fixture
async def bot() -> AsyncIterator[discord.Bot]:
    bot = discord.Bot()  # type: ignore[no-untyped-call] # py-cord leaves its constructor without types
    yield bot
    await pycord.close(bot)


def settings_of(server: Sandbox, token: str | None = None) -> Settings:
    return Settings(
        discord_token=token or server.bot.token, discord_api_url=server.api_url, discord_ca_file=server.ca_file
    )


async def test_a_login_that_is_refused_is_tried_until_it_is_granted_no_sooner_than_was_asked(
    server: Sandbox, bot: discord.Bot, caplog: pytest.LogCaptureFixture
) -> None:
    server.faults.fail_route("GET", "/users/@me", retry_after=82_800.0)
    server.faults.block_route("GET", "/users/@me", retry_after=120.0)
    server.faults.fail_route("GET", "/users/@me", status=502)
    server.faults.fail_route("GET", "/gateway", retry_after=600.0)
    pauses = Pauses()
    with caplog.at_level(logging.WARNING, "assistant.discord_io.login"):
        await log_in(bot, settings_of(server), sleep=pauses, jitter=lambda: 0.0)
    assert pauses.taken == [82_800.0, 120.0, 2.0, 600.0]
    assert bot.user is not None
    assert bot.user.id == server.bot.id
    assert not server.identifies
    lines = [record.getMessage() for record in caplog.records if record.name == "assistant.discord_io.login"]
    assert len(lines) == 4
    assert "Discord answered 429 (You are being rate limited.). Trying again in 23 h, at " in lines[0]
    assert "move to a host" in lines[0]
    assert "used Cloudflare" in lines[1]
    assert "discordstatus.com" in lines[2]


async def test_a_token_that_discord_does_not_know_is_not_tried_again(server: Sandbox, bot: discord.Bot) -> None:
    pauses = Pauses()
    with pytest.raises(discord.LoginFailure):
        await log_in(bot, settings_of(server, "not.the.token"), sleep=pauses)
    assert not pauses.taken


@pytest.mark.parametrize("is_page", [True, False])
async def test_what_pycord_is_refused_after_all_is_tried_again_too(
    server: Sandbox, bot: discord.Bot, monkeypatch: pytest.MonkeyPatch, is_page: bool
) -> None:
    granted, tries = pycord.log_in, 0

    async def refused_once(*arguments: object) -> None:
        nonlocal tries
        tries += 1
        if tries == 1 and is_page:
            server.faults.block_route("GET", "/users/@me", retry_after=60.0)
        elif tries == 1:
            raise ConnectionResetError("in the middle of it")
        await granted(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(pycord, "log_in", refused_once)
    pauses = Pauses()
    await log_in(bot, settings_of(server), sleep=pauses, jitter=lambda: 0.0)
    assert pauses.taken == [60.0 if is_page else 0.5]
    assert tries == 2
    assert bot.user is not None


async def test_without_a_start_left_nothing_is_started_until_discord_gives_new_ones(
    monkeypatch: pytest.MonkeyPatch, bot: discord.Bot, caplog: pytest.LogCaptureFixture
) -> None:
    class Asleep(Exception):
        """The pause that was taken."""

    async def sleep(seconds: float) -> None:
        raise Asleep(seconds)

    async with Sandbox(session_starts=0) as used_up:
        monkeypatch.setattr(discord.http.Route, "API_BASE_URL", used_up.api_url)
        with pytest.raises(Asleep) as asleep:
            await log_in(bot, settings_of(used_up), sleep=sleep, jitter=lambda: 0.0)
    assert asleep.value.args == (86_400.0,)
    assert "no session start is left of today's 0. Trying again in 24 h, at " in caplog.text
    assert "keeps restarting the bot" in caplog.text


async def test_a_start_whose_number_is_not_told_is_made(server: Sandbox, bot: discord.Bot) -> None:
    server.faults.fail_route("GET", "/gateway/bot", status=500)
    pauses = Pauses()
    await log_in(bot, settings_of(server), sleep=pauses)
    assert not pauses.taken
    assert bot.user is not None
