"""What strangers on the network, Discord and the clock can do."""

import asyncio
import os
import signal
import sqlite3
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Final

from bench.hostile.attack import Attack
from bench.hostile.attacks_of_members import limit_posts
from bench.hostile.hostile_test_bed import HostileTestBed
from tests.support.eventually import eventually

_CONNECTIONS: Final = 1100
_AN_HOUR: Final = 3600.0
_POSTS: Final = "/channels/*/messages"
_FAILING_SECONDS: Final = 100.0
_MOST_SECONDS_TO_TEXTS: Final = 15.0
"""From the moment in which Discord takes posts again: py-cord alone may be in a pause of 9 s."""
_MOST_LOG_LINES: Final = 2000


async def _ask_only(bed: HostileTestBed) -> None:
    await bed.ask(bed.ada, "Where are the ships?", "The ships are at home.")


async def _half_open(bed: HostileTestBed) -> None:
    """Connections that send the beginning of a request, and nothing more for 5 s."""
    async with AsyncExitStack() as stack:
        for _ in range(_CONNECTIONS):
            _, writer = await asyncio.open_connection("127.0.0.1", bed.port)
            stack.callback(writer.close)
            writer.write(b"GET /metrics HTTP/1.1\r\nX-Slow: ")
        await bed.ask(bed.ada, "Where are the ships?", "The ships are at home.")
        await asyncio.sleep(5.0)


async def _chatter(bed: HostileTestBed) -> None:
    """Requests of all kinds that are none, one connection after the other."""
    await bed.ask(bed.ada, "Where are the ships?", "The ships are at home.")
    for line in (
        b"\0" * 100_000,
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /metrics HTTP/1.1\r\nContent-Length: 1e9\r\n\r\n",
    ) * 100:
        _, writer = await asyncio.open_connection("127.0.0.1", bed.port)
        writer.write(line)
        writer.close()


def _too_many_log_lines(bed: HostileTestBed) -> str:
    lines = bed.bot.log.count("\n")
    return f"{lines} lines in the log" if lines > _MOST_LOG_LINES else ""


async def _die_in_the_future(bed: HostileTestBed) -> None:
    """A process is killed in a call, and then the clock is set back by an hour: what it wrote is in the future."""
    async with bed.start_bot("killed") as bot:
        await bed.begin_call()
        os.kill(bot.process_id, signal.SIGKILL)
        await bot.wait()
    await bed.discord.faults.expire_sessions()
    with sqlite3.connect(bed.folder / "assistant.db") as database:
        database.execute("UPDATE processes SET beat_at = beat_at + ?", (_AN_HOUR,))
    database.close()


async def _type_while_away(bed: HostileTestBed) -> None:
    """The gateway is away for 3 s, in which four members type 60 messages."""
    members = (bed.ada, *bed.crowd)
    for member in bed.crowd:
        await member.join(bed.lounge)
    await bed.discord.faults.drop_gateway(4000, resumable=False)
    for number in range(60):
        member = members[number % 4]
        await bed.ask(member, f"Missed {number}?", f"It is {number}.")
    for _ in range(3):
        await bed.discord.faults.drop_gateway(4000, resumable=False)
        await asyncio.sleep(0.2)


def _leaves_out_in_silence(bed: HostileTestBed) -> str:
    told = any("came than I can answer" in post.content for post in bed.written)
    return "" if told else "nobody was told that messages are left out"


async def _refuse_posts(bed: HostileTestBed) -> None:
    bed.lounge.deny(bed.discord.bot, "send_messages")
    await bed.ask(bed.ada, "Where are the ships?", "The ships are at home.")
    await asyncio.sleep(1.0)


async def _fail_posts(bed: HostileTestBed) -> None:
    bed.discord.faults.fail_route("POST", _POSTS, 502, times=6)
    bed.discord.faults.fail_route("POST", _POSTS, retry_after=1.0, times=2)
    await _ask_until_posts_are_taken(bed)


async def _fail_posts_for_long(bed: HostileTestBed) -> None:
    bed.discord.faults.fail_route("POST", _POSTS, 500, times=15)
    await _ask_until_posts_are_taken(bed)


async def _ask_until_posts_are_taken(bed: HostileTestBed) -> None:
    await bed.ask(bed.ada, "Where are the ships?", "The ships are at home.")
    await eventually(lambda: bed.discord.faults.route_faults_left == 0, _FAILING_SECONDS)
    bed.posts_taken_at = time.monotonic()


def _texts_come_late(bed: HostileTestBed) -> str:
    """A complaint where texts are not there soon after Discord takes posts again."""
    posted = [each.posted_at(bed.written) for each in bed.asked]
    if None in posted or bed.posts_taken_at is None:
        return "a text did not come"
    late = max(at for at in posted if at is not None) - bed.posts_taken_at
    return f"texts {late:.0f} s late" if late > _MOST_SECONDS_TO_TEXTS else ""


SURROUNDING_ATTACKS: Final[Sequence[Attack]] = (
    Attack(
        name="HTTP port, half-open connections",
        sent=f"{_CONNECTIONS:,} connections with half a header, for 5 s",
        act=_half_open,
        check=_too_many_log_lines,
        seconds_before_question=1.5,
        is_quick=True,
    ),
    Attack(
        name="HTTP port, nonsense",
        sent="300 requests that are none, one after the other",
        act=_chatter,
        check=_too_many_log_lines,
    ),
    Attack(
        name="clock set back after a crash",
        sent="kill -9 in a call; its last heartbeat is an hour in the future",
        act=_ask_only,
        prepare=_die_in_the_future,
    ),
    Attack(
        name="gateway away",
        sent="60 messages by four members while there is no session",
        act=_type_while_away,
        prepare=limit_posts,
        check=_leaves_out_in_silence,
        seconds_before_question=10.0,
        members_ahead=4,
    ),
    Attack(
        name="posts refused (A2)",
        sent="no Send Messages in the chat of the call",
        act=_refuse_posts,
        is_quick=True,
    ),
    Attack(
        name="posts fail",
        sent="502 six times, then 429 twice",
        act=_fail_posts,
        check=_texts_come_late,
        wait_seconds=90.0,
        takes_no_posts=True,
    ),
    Attack(
        name="posts fail for long",
        sent="500 fifteen times",
        act=_fail_posts_for_long,
        check=_texts_come_late,
        takes_no_posts=True,
        wait_seconds=120.0,
    ),
)
"""In the order of the table."""
