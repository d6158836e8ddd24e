"""What a page is told behind the curtain, and what it may let happen there; with the bot that ships, see end_to_end."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from sandbox import ChannelHandle, GuildHandle, MemberActor, Sandbox
from sandbox.playground import Backstage, Playground
from sandbox.playground.bot_log import BotLog
from sandbox.playground.people import People
from sandbox.playground.turn_timeline import TurnTimeline
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.google.google_speech import SpeechRequest
from sandbox.standins.language_model import LanguageModel
from sandbox.standins.language_model.model_server import ModelRequest
from tests.support.page_client import PageClient, open_page


class ListedBot:
    """A bot of which nothing runs."""

    def __init__(self, log_file: Path) -> None:
        self.log_file = log_file
        self.restarts: list[bool] = []
        self.may_go_on = asyncio.Event()

    async def restart(self, *, kills: bool = False) -> None:
        """Note it, and take a while."""
        self.restarts.append(kills)
        await self.may_go_on.wait()


async def test_a_page_is_told_nothing_before_its_curtain_is_open_and_nothing_once_it_is_closed(
    server: Sandbox, guild: GuildHandle, ada: MemberActor, tmp_path: Path
) -> None:
    bot = ListedBot(tmp_path / "bot.log")
    async with Playground(server, guild, ada, backstage=Backstage(bot)) as playground, open_page(playground) as page:
        assert not page.curtain
        await page.ask("curtain", open=True)
        await page.until(lambda: page.curtain)
        bot.log_file.write_text("first\nsec")
        await page.until(lambda: page.log == ["first"])
        with bot.log_file.open("a") as file:
            file.write("ond\n")
        await page.until(lambda: page.log == ["first", "second"])
        await page.ask("curtain", open=False)
        bot.log_file.write_text("first\nsecond\nthird\n")
        await asyncio.sleep(0.6)
        assert page.log == ["first", "second"]
        await page.ask("curtain", open=True)
        await page.until(lambda: page.log[2:] == ["first", "second", "third"])


async def test_what_is_not_there_is_not_offered(page: PageClient) -> None:
    await page.ask("curtain", open=True)
    await page.until(lambda: page.curtain)
    assert [each["name"] for each in page.curtain["faults"]] == ["close_4006", "kick", "move", "lose_udp"]
    assert page.curtain["connection"] is None
    assert page.curtain["turns"] == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("close_4006", "in no call"),
        ("kick", "in no call"),
        ("move", "in no call"),
        ("restart_bot", "nothing here is called"),
        ("nothing", "nothing here is called"),
        ("", "nothing here is called"),
    ],
)
async def test_what_cannot_happen_is_refused_with_a_reason(page: PageClient, name: str, reason: str) -> None:
    assert reason in (await page.ask("fault", name=name))["error"]


async def test_a_restart_happens_once_at_a_time_and_though_its_page_is_closed(
    server: Sandbox, guild: GuildHandle, ada: MemberActor, tmp_path: Path
) -> None:
    bot = ListedBot(tmp_path / "bot.log")
    async with Playground(server, guild, ada, backstage=Backstage(bot)) as playground, open_page(playground) as page:
        async with open_page(playground) as other:
            await other.send('{"do": "fault", "name": "restart_bot", "number": 99}')
            await other.ask("curtain", open=True)
            await other.until(lambda: [each["busy"] for each in other.curtain.get("faults", [])].count(True) == 1)
        assert "happening already" in (await page.ask("fault", name="restart_bot"))["error"]
        bot.may_go_on.set()
        await page.ask("fault", name="kill_bot")
        assert "error" not in await page.ask("fault", name="restart_bot")
        assert bot.restarts == [False, True, False]


async def test_what_lasts_lasts_until_it_is_pressed_again(
    server: Sandbox, guild: GuildHandle, ada: MemberActor
) -> None:
    model, google = LanguageModel(), GoogleSpeech()
    backstage = Backstage(model=model, google=google)
    async with Playground(server, guild, ada, backstage=backstage) as playground, open_page(playground) as page:
        for is_on in (True, False):
            for name in ("lose_udp", "model_fails", "google_refuses"):
                await page.ask("fault", name=name)
            assert (model.outage is not None, google.outage is not None) == (is_on, is_on)
            assert server.voice.faults.datagrams.loses_datagram() is is_on


def test_a_log_is_read_on_from_where_it_was_read_and_long_ones_from_near_their_end(tmp_path: Path) -> None:
    path = tmp_path / "bot.log"
    path.write_bytes(b"".join(b"line %06d\n" % number for number in range(10_000)))
    log = BotLog(path)
    first = log.new_lines()
    assert first[-1] == "line 009999"
    assert len(first[0]) == len(first[-1]), "it begins with a whole line"
    assert 1000 < len(first) < 4000
    assert log.new_lines() == []
    with path.open("ab") as file:
        file.write("❌ ".encode()[:2])
        file.flush()
        assert log.new_lines() == []
        file.write("❌ ".encode()[2:] + b"\xff\nnext")
        file.flush()
        assert log.new_lines() == ["❌ \ufffd"]


def request_of_model(arrived: float, *tokens: tuple[float, str]) -> ModelRequest:
    return ModelRequest({}, {}, arrived, 1, list(tokens))


async def test_a_turn_has_what_came_after_its_question_in_seconds_from_its_end(
    guild: GuildHandle, ada: MemberActor
) -> None:
    people, model, google = People(guild, 1.0), LanguageModel(), GoogleSpeech()
    feed, now = people.add(ada).feed, time.monotonic() - 100
    feed.stretches.extend([(now, now + 1), (now + 2, now + 3), (now + 50, now + 51)])  # one question with a pause, one
    model.requests.append(request_of_model(now + 3.5, (now + 4, "He"), (now + 4.5, "llo")))
    model.requests.append(request_of_model(now + 51.5))
    google.requests.append(SpeechRequest("Hello", "en", False, "host", now + 4.25, now + 4.75))
    timeline = TurnTimeline(guild, people, Backstage(model=model, google=google))
    newest, oldest = timeline.view()
    assert [_row(each) for each in oldest["steps"]] == [
        ("Ada talks", "", -3.0, 0.0),
        ("Model: first token", "", 0.5, 1.0),
        ("Model: the rest", "Hello", 1.0, 1.5),
        ("Google speaks", "Hello", 1.25, 1.75),
    ]
    assert [_row(each) for each in newest["steps"]] == [
        ("Ada talks", "", -1.0, 0.0),
        ("Model: first token", "", 0.5, None),
    ]


async def test_a_turn_shows_so_many_steps_and_the_page_so_many_turns(
    guild: GuildHandle, ada: MemberActor, text: ChannelHandle
) -> None:
    model = LanguageModel()
    for line in "abcd":
        await ada.type(line * 500, text)
    now = time.monotonic()
    model.requests.extend(request_of_model(now) for _ in range(100))
    turns = TurnTimeline(guild, People(guild, 1.0), Backstage(model=model)).view()
    assert [each["steps"][0]["text"] for each in turns] == ["d" * 120, "c" * 120, "b" * 120]
    assert (len(turns[0]["steps"]), turns[0]["more"]) == (31, 70)


def _row(step: dict[str, Any]) -> tuple[Any, ...]:
    return step["label"], step["text"], step["from"], step["to"]
