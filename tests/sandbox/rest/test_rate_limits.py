"""Rate limits: what is left is told, what is too much is refused, and a library that listens is never refused."""

from __future__ import annotations

import json

import aiohttp
import discord
import pytest

from sandbox import ChannelHandle, GuildHandle, MemberActor, Sandbox
from sandbox.rest.api_request import BucketLimit, Route
from sandbox.rest.rate_limits import GLOBAL_REQUESTS, RateLimits
from tests.sandbox.pycord import make_bot, running
from tests.sandbox.rest.client import RestClient

MESSAGES = "/channels/{channel_id}/messages"
LIMITED = pytest.mark.parametrize("server", [{"rate_limits": True}], indirect=True)


async def handler(_request: object) -> None:
    """Is never asked."""


POST = Route("POST", MESSAGES, handler, limit=BucketLimit(5, 5.0))
OPEN = Route("GET", "/users/@me", handler, limit=BucketLimit(1000, 1.0))
CALLBACK = Route("POST", "/interactions/{interaction_id}/x", handler, needs_token=False, limit=BucketLimit(1000, 1.0))


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_bucket_empties_and_is_full_again_after_its_window() -> None:
    clock = Clock()
    limits = RateLimits(clock)
    for left in (4, 3, 2, 1, 0):
        headers, refusal = limits.take(POST, {"channel_id": "1"})
        assert (headers["X-RateLimit-Remaining"], refusal) == (str(left), None)
        clock.now += 0.5
    headers, refusal = limits.take(POST, {"channel_id": "1"})
    assert headers["X-RateLimit-Reset-After"] == "2.500"
    assert refusal is not None
    assert isinstance(refusal.body, bytes)
    assert json.loads(refusal.body) == {
        "message": "You are being rate limited.",
        "retry_after": 2.5,
        "global": False,
        "code": 0,
    }
    assert (refusal.headers["Retry-After"], refusal.headers["X-RateLimit-Scope"]) == ("3", "user")
    clock.now += 2.5
    assert limits.take(POST, {"channel_id": "1"})[1] is None


def test_each_channel_has_a_bucket_of_its_own_under_one_name() -> None:
    limits = RateLimits(Clock())
    first = [limits.take(POST, {"channel_id": "1", "message_id": str(number)}) for number in range(6)]
    other, refusal = limits.take(POST, {"channel_id": "2"})
    assert [answer is not None for _, answer in first] == [False] * 5 + [True]
    assert refusal is None
    assert other["X-RateLimit-Bucket"] == first[0][0]["X-RateLimit-Bucket"]


def test_more_than_50_requests_a_second_are_too_many_but_for_interactions() -> None:
    clock = Clock()
    limits = RateLimits(clock)
    assert all(limits.take(OPEN, {})[1] is None for _ in range(GLOBAL_REQUESTS))
    refusal = limits.take(OPEN, {})[1]
    assert refusal is not None
    assert isinstance(refusal.body, bytes)
    assert json.loads(refusal.body)["global"] is True
    assert (refusal.headers["X-RateLimit-Global"], refusal.headers["X-RateLimit-Scope"]) == ("true", "global")
    assert limits.take(CALLBACK, {"interaction_id": "1"})[1] is None
    clock.now += 1.0
    assert limits.take(OPEN, {})[1] is None


@LIMITED
async def test_sixth_post_in_a_channel_is_a_429_on_the_wire(rest: RestClient, text: ChannelHandle) -> None:
    for _ in range(5):
        assert (await rest("POST", MESSAGES, {"channel_id": text.id}, json={"content": "x"})).status == 200
    answer = await rest("POST", MESSAGES, {"channel_id": text.id}, json={"content": "x"})
    assert answer.status == 429
    assert 0 < answer.body["retry_after"] <= 5
    assert len(text.messages) == 5


@LIMITED
async def test_refused_posts_count_and_carry_the_headers_too(server: Sandbox, text: ChannelHandle) -> None:
    url = f"{server.api_url}/channels/{text.id}/messages"
    headers = {"Authorization": f"Bot {server.bot.token}"}
    async with aiohttp.ClientSession(headers=headers) as http, http.post(url, json={}) as answer:
        assert answer.status == 400
        assert (answer.headers["X-RateLimit-Limit"], answer.headers["X-RateLimit-Remaining"]) == ("5", "4")


@pytest.mark.parametrize("server", [{"rate_limits": False}], indirect=True)
async def test_without_limits_nothing_is_told_or_refused(
    server: Sandbox, rest: RestClient, text: ChannelHandle
) -> None:
    for _ in range(7):
        assert (await rest("POST", MESSAGES, {"channel_id": text.id}, json={"content": "x"})).status == 200
    async with aiohttp.ClientSession() as http, http.get(f"{server.api_url}/gateway") as answer:
        assert not [name for name in answer.headers if name.startswith("X-RateLimit")]


@LIMITED
async def test_py_cord_never_runs_into_a_bucket(
    server: Sandbox, guild: GuildHandle, ada: MemberActor, caplog: pytest.LogCaptureFixture
) -> None:
    text = guild.add_text_channel("general")
    guild.set_bot_permissions(add_reactions=True)
    message = await ada.type("react", text)
    bot = make_bot(server)
    async with running(bot, server):
        channel = bot.get_channel(text.id)
        assert isinstance(channel, discord.TextChannel)
        for emoji in "👍👎🎉":
            await (await channel.fetch_message(message.id)).add_reaction(emoji)
    assert len(message.reactions) == 3
    assert "429" not in caplog.text
