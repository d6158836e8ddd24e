"""What Discord's REST API answers outside py-cord, in all the ways in which it may refuse."""

from collections.abc import AsyncIterator

import pytest

from assistant.config.settings import Settings
from assistant.discord_io.rest_client import DiscordRefused, RestClient
from sandbox import Sandbox


@pytest.fixture
async def discord() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        yield sandbox
    assert not sandbox.refusals


@pytest.fixture
async def api(discord: Sandbox) -> AsyncIterator[RestClient]:
    async with RestClient(settings_of(discord)) as opened:
        yield opened


def settings_of(discord: Sandbox, token: str | None = None) -> Settings:
    return Settings(
        discord_token=token or discord.bot.token, discord_api_url=discord.api_url, discord_ca_file=discord.ca_file
    )


async def refusal_of(api: RestClient) -> DiscordRefused:
    with pytest.raises(DiscordRefused) as caught:
        await api.get("/users/@me")
    return caught.value


async def test_an_answer_is_the_object_that_discord_gives(api: RestClient, discord: Sandbox) -> None:
    assert (await api.get("/users/@me"))["id"] == str(discord.bot.id)


async def test_a_token_that_is_not_known_is_a_401(discord: Sandbox) -> None:
    async with RestClient(settings_of(discord, "not.the.token")) as api:
        assert (await refusal_of(api)).status == 401


async def test_a_limit_says_how_long_and_the_longer_of_header_and_body_counts(
    api: RestClient, discord: Sandbox
) -> None:
    discord.faults.fail_route("GET", "/users/@me", retry_after=12.4)
    refusal = await refusal_of(api)
    assert (refusal.status, refusal.retry_after) == (429, 12.4)
    assert refusal.detail == "You are being rate limited."
    discord.faults.fail_route("GET", "/users/@me", retry_after=12.0, body={"message": "x", "retry_after": 3})
    assert (await refusal_of(api)).retry_after == 12.0


@pytest.mark.parametrize("value", ["soon", None, float("nan"), float("inf"), {}])
async def test_a_wait_in_a_body_that_is_no_number_is_none(api: RestClient, discord: Sandbox, value: object) -> None:
    discord.faults.fail_route("GET", "/users/@me", 429, body={"message": "x", "retry_after": value})
    assert (await refusal_of(api)).retry_after is None


async def test_cloudflare_s_page_is_told_by_its_title_and_its_header_counts(api: RestClient, discord: Sandbox) -> None:
    discord.faults.block_route("GET", "/users/@me", retry_after=82_800.0)
    refusal = await refusal_of(api)
    assert (refusal.status, refusal.retry_after) == (429, 82_800.0)
    assert "Access denied | discord.com used Cloudflare" in refusal.detail
    assert "<" not in refusal.detail


async def test_a_page_in_place_of_an_answer_is_no_answer(api: RestClient, discord: Sandbox) -> None:
    discord.faults.block_route("GET", "/users/@me", status=200)
    assert (await refusal_of(api)).status == 200


async def test_what_is_said_is_told_in_short_on_one_line(api: RestClient, discord: Sandbox) -> None:
    discord.faults.fail_route("GET", "/users/@me", body={"message": "no\n\n" + "very " * 1000})
    detail = (await refusal_of(api)).detail
    assert detail.startswith("no very very")
    assert len(detail) <= 120


async def test_a_redirect_is_not_followed(api: RestClient, discord: Sandbox) -> None:
    discord.faults.fail_route("GET", "/users/@me", status=302, body={"message": "elsewhere"})
    assert (await refusal_of(api)).status == 302


async def test_without_an_answer_there_is_no_status() -> None:
    settings = Settings(discord_token="x", discord_api_url="http://127.0.0.1:9/api/v10")
    async with RestClient(settings) as api:
        refusal = await refusal_of(api)
        assert refusal.status is None
        assert "ClientConnectorError" in refusal.detail
        assert api.clock_error is None


@pytest.mark.parametrize("seconds", [0.0, 90.0, -90.0])
async def test_the_clocks_are_compared_with_each_answer(api: RestClient, discord: Sandbox, seconds: float) -> None:
    discord.faults.set_clock(seconds)
    await api.get("/users/@me")
    assert api.clock_error == pytest.approx(-seconds, abs=1.5)
