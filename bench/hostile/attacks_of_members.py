"""What members of the call can do, and how often."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from bench.hostile.attack import Attack
from bench.hostile.hostile_test_bed import HostileTestBed

_SECONDS: Final = 15
_PIXEL: Final = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
_SMALL_INBOX: Final[Mapping[str, str]] = {"INBOX_SIZE": "20"}
_MOST_NOTICES: Final = 12
"""How many posts besides answers may come in such a time: one for each member and half minute, and one each 5 s."""


async def limit_posts(bed: HostileTestBed) -> None:
    """As Discord does in each channel."""
    bed.discord.faults.limit_route("POST", "/channels/*/messages", 5, 5.0)


def too_many_notices(bed: HostileTestBed) -> str:
    """A complaint where members were told more than they can read."""
    answers = {each.answer for each in bed.asked}
    notices = [post for post in bed.written if post.content not in answers and post is not bed.panel]
    return f"{len(notices)} notices" if len(notices) > _MOST_NOTICES else ""


async def _four_type(bed: HostileTestBed) -> None:
    """Four members, a message each second."""
    members = (bed.ada, *bed.crowd)
    for member in bed.crowd:
        await member.join(bed.lounge)
    for second in range(_SECONDS):
        for member in members:
            await bed.ask(member, f"{member.name} says {second}.", f"{member.name} has said {second}.")
        await asyncio.sleep(1.0)


async def _post_pictures(bed: HostileTestBed) -> None:
    for number in range(60):
        await bed.ada.type("", bed.lounge, files={f"{number}.png": _PIXEL})
        await asyncio.sleep(0.05)


async def _fill_inbox(bed: HostileTestBed) -> None:
    for number in range(40):
        await bed.ask(bed.ada, f"And {number}?", f"That is {number}.")


async def _type_and_skip(bed: HostileTestBed) -> None:
    for second in range(_SECONDS):
        await bed.ask(bed.ada, f"Again {second}.", f"It is said again, for the time {second}.")
        await asyncio.sleep(0.5)
        await bed.skip()
        await asyncio.sleep(0.5)


async def _edit_and_delete(bed: HostileTestBed) -> None:
    """Messages that wait are edited without an end, and then deleted."""
    waiting = [await bed.ada.type(f"Is {number} right?", bed.lounge) for number in range(10)]
    for round_ in range(20):
        for message in waiting[1:]:
            await bed.ada.edit(message, f"Is {round_} better?")
        await asyncio.sleep(0.05)
    for message in waiting[1:]:
        await bed.ada.delete(message)


async def _use_commands(bed: HostileTestBed) -> None:
    """Commands and clicks, five a second."""
    assert bed.panel is not None
    for _ in range(25):
        await bed.ada.command("voice_status", bed.text)
        await bed.ada.click(bed.panel, "Skip")
        await asyncio.sleep(0.2)


MEMBER_ATTACKS: Final[Sequence[Attack]] = (
    Attack(
        name="surplus messages by four members",
        sent=f"a message a second each for {_SECONDS} s; five posts in 5 s are taken",
        act=_four_type,
        prepare=limit_posts,
        check=too_many_notices,
        seconds_before_question=4.0,
        members_ahead=4,
    ),
    Attack(
        name="60 pictures",
        sent="60 messages without text in 3 s; five posts in 5 s are taken",
        act=_post_pictures,
        prepare=limit_posts,
        check=too_many_notices,
        seconds_before_question=2.0,
        is_quick=True,
    ),
    Attack(
        name="one member fills the inbox",
        sent="40 messages at once; 20 may wait",
        act=_fill_inbox,
        prepare=limit_posts,
        check=too_many_notices,
        settings=_SMALL_INBOX,
        is_quick=True,
    ),
    Attack(
        name="a message and a skip each second",
        sent=f"by one member for {_SECONDS} s",
        act=_type_and_skip,
        prepare=limit_posts,
        seconds_before_question=_SECONDS / 2 + 0.1,
    ),
    Attack(name="edits and deletions", sent="ten messages, 180 edits in 1 s, nine deletions", act=_edit_and_delete),
    Attack(name="commands and clicks", sent="/voice_status and Skip, 25 times each in 5 s", act=_use_commands),
)
"""In the order of the table."""
