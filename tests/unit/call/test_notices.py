import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from assistant.call.notices import Notices
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


def texts(place: FakeText) -> list[str]:
    return [text for _, _, text, _ in place.written]


def test_a_notice_answers_the_message_that_it_is_about() -> None:
    async def test(notices: Notices) -> None:
        place = FakeText()
        assert notices.tell(place.somebody_types(11), place, "no")
        await asyncio.sleep(1)
        assert texts(place) == ["no"]
        assert place.options[0]["reference"] == 11

    run(test)


def test_of_sixty_pictures_in_a_minute_two_are_told_of() -> None:
    async def test(notices: Notices) -> None:
        place = FakeText()
        for number in range(60):
            notices.tell(place.somebody_types(11 + number), place, f"notice {number}")
            await asyncio.sleep(1)
        assert texts(place) == ["notice 0", "notice 30"]

    run(test)


def test_four_who_flood_leave_four_of_five_posts_to_the_answers() -> None:
    async def test(notices: Notices) -> None:
        place = FakeText()
        for second in range(60):
            for author in range(4):
                message = place.somebody_types(100 + second * 4 + author, author_id=author)
                notices.tell(message, place, f"to {author}")
            await asyncio.sleep(1)
            assert len(texts(place)) <= 1 + second / 5
        assert sorted(texts(place)) == sorted(["to 0", "to 1", "to 2", "to 3"] * 2), "each twice in a minute"

    run(test)


def test_a_crowd_is_told_in_part_and_soon() -> None:
    async def test(notices: Notices) -> None:
        place = FakeText()
        told = [notices.tell(place.somebody_types(11 + author, author_id=author), place, "no") for author in range(50)]
        assert told.count(True) == 6
        await asyncio.sleep(30)
        assert len(texts(place)) == 6

    run(test)


def test_one_channel_does_not_wait_for_the_other() -> None:
    async def test(notices: Notices) -> None:
        chat, lounge = FakeText(3), FakeText(4)
        for author, place in enumerate((chat, chat, lounge)):
            notices.tell(place.somebody_types(11 + author, author_id=author), place, "no")
        await asyncio.sleep(1)
        assert len(texts(chat)) == len(texts(lounge)) == 1

    run(test)


def test_who_is_told_once_is_not_told_the_same_again_but_the_next_time() -> None:
    async def test(notices: Notices) -> None:
        place = FakeText()
        for text in ("wait until 5", "wait until 5", "wait until 9"):
            notices.tell(place.somebody_types(11), place, text, once=True)
            await asyncio.sleep(60)
        assert texts(place) == ["wait until 5", "wait until 9"]

    run(test)


def test_a_refused_notice_ends_nothing() -> None:
    async def test(notices: Notices) -> None:
        place = FakeText()
        place.is_unreachable = True
        notices.tell(place.somebody_types(11, author_id=1), place, "no")
        await asyncio.sleep(10)
        place.is_unreachable = False
        notices.tell(place.somebody_types(12, author_id=2), place, "no")
        await asyncio.sleep(10)
        assert texts(place) == ["no"]

    run(test)
