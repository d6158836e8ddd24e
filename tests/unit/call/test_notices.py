import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from assistant.call.notices import Notices, Told
from tests.support.fake_text import FakeText
from tests.support.virtual_time import run_in_virtual_time


def run(test: Callable[[Notices], Coroutine[Any, Any, None]]) -> None:
    """Run a test in virtual time, with notices that are posted meanwhile."""

    async def main() -> None:
        notices = Notices()
        posting = asyncio.create_task(notices.run())
        await test(notices)
        posting.cancel()
        await asyncio.wait([posting])
        assert posting.cancelled()

    run_in_virtual_time(main())


def tell(notices: Notices, message: Any, text: str, *, once: bool = False) -> bool:
    return notices.tell(message, message.channel, Told(text, once=once), member_id=message.author.id)


def texts(place: FakeText) -> list[str]:
    return [text for _, _, text, _ in place.written]


def test_a_notice_answers_the_message_that_it_is_about() -> None:
    async def test(notices: Notices) -> None:
        place = FakeText()
        assert tell(notices, place.somebody_types(11), "no")
        await asyncio.sleep(1)
        assert texts(place) == ["no"]
        assert place.options[0]["reference"] == 11

    run(test)


def test_of_sixty_pictures_in_a_minute_two_are_told_of() -> None:
    async def test(notices: Notices) -> None:
        place = FakeText()
        for number in range(60):
            tell(notices, place.somebody_types(11 + number), f"notice {number}")
            await asyncio.sleep(1)
        assert texts(place) == ["notice 0", "notice 30"]

    run(test)


def test_four_who_flood_leave_four_of_five_posts_to_the_answers() -> None:
    async def test(notices: Notices) -> None:
        place = FakeText()
        for second in range(60):
            for author in range(4):
                message = place.somebody_types(100 + second * 4 + author, author_id=author)
                tell(notices, message, f"to {author}")
            await asyncio.sleep(1)
            assert len(texts(place)) <= 1 + second / 5
        assert sorted(texts(place)) == sorted(["to 0", "to 1", "to 2", "to 3"] * 2), "each twice in a minute"

    run(test)


def test_a_crowd_is_told_in_part_and_soon() -> None:
    async def test(notices: Notices) -> None:
        place = FakeText()
        told = [tell(notices, place.somebody_types(11 + author, author_id=author), "no") for author in range(50)]
        assert told.count(True) == 6
        await asyncio.sleep(30)
        assert len(texts(place)) == 6

    run(test)


def test_one_channel_does_not_wait_for_the_other() -> None:
    async def test(notices: Notices) -> None:
        chat, lounge = FakeText(3), FakeText(4)
        for author, place in enumerate((chat, chat, lounge)):
            tell(notices, place.somebody_types(11 + author, author_id=author), "no")
        await asyncio.sleep(1)
        assert len(texts(chat)) == len(texts(lounge)) == 1

    run(test)


def test_who_is_told_once_is_not_told_the_same_again_but_the_next_time() -> None:
    async def test(notices: Notices) -> None:
        place = FakeText()
        for text in ("wait until 5", "wait until 5", "wait until 9"):
            tell(notices, place.somebody_types(11), text, once=True)
            await asyncio.sleep(60)
        assert texts(place) == ["wait until 5", "wait until 9"]

    run(test)


def test_a_refused_notice_ends_nothing() -> None:
    async def test(notices: Notices) -> None:
        place = FakeText()
        place.is_unreachable = True
        tell(notices, place.somebody_types(11, author_id=1), "no")
        await asyncio.sleep(10)
        place.is_unreachable = False
        tell(notices, place.somebody_types(12, author_id=2), "no")
        await asyncio.sleep(10)
        assert texts(place) == ["no"]

    run(test)
