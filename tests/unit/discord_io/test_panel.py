import asyncio

from assistant.discord_io.panel import Panel
from tests.support.fake_text import FakeText


async def test_a_panel_is_posted_once_and_then_edited() -> None:
    place = FakeText()
    panel = Panel(place, None)
    assert panel.message_id is None
    for text in ("joining", "live", "live"):
        await panel.show(text)
    await panel.show("over", ended=True)
    assert place.written == [
        ("sent", 100, "joining", True),
        ("edited", 100, "live", True),
        ("edited", 100, "over", False),
    ]
    assert panel.message_id == 100


async def test_a_panel_that_somebody_has_deleted_is_posted_anew() -> None:
    place = FakeText()
    panel = Panel(place, None)
    await panel.show("joining")
    place.deleted.add(100)
    await panel.show("live")
    await panel.show("recovering")
    assert place.written[1:] == [("sent", 101, "live", True), ("edited", 101, "recovering", True)]
    assert panel.message_id == 101


async def test_the_panel_of_an_earlier_process_is_edited() -> None:
    place = FakeText()
    panel = Panel(place, 77)
    assert panel.message_id == 77
    await panel.show("live")
    assert place.written == [("edited", 77, "live", True)]


async def test_a_panel_of_an_earlier_process_that_somebody_has_deleted_is_posted_anew() -> None:
    place = FakeText()
    place.deleted.add(77)
    panel = Panel(place, 77)
    await panel.show("live")
    assert place.written == [("sent", 100, "live", True)]
    assert panel.message_id == 100


async def test_a_panel_that_could_not_be_shown_is_shown_the_next_time_it_is_asked_for() -> None:
    place = FakeText()
    panel = Panel(place, 77)
    place.is_unreachable = True
    await panel.show("live")
    assert panel.message_id == 77
    place.is_unreachable = False
    await panel.show("live")
    assert place.written == [("edited", 77, "live", True)]


async def test_of_a_panel_that_is_shown_from_two_places_at_once_there_is_one() -> None:
    place = FakeText()
    panel = Panel(place, None)
    await asyncio.gather(panel.show("joining"), panel.show("live"))
    assert place.written == [("sent", 100, "joining", True), ("edited", 100, "live", True)]


async def test_a_discord_that_hangs_up_does_not_end_the_call_for_its_panel() -> None:
    place = FakeText()
    place.fails_times = 1
    panel = Panel(place, None)
    await panel.show("joining")
    await panel.show("live")
    assert place.written == [("sent", 100, "live", True)]


async def test_the_button_for_those_who_want_to_be_heard_is_there_where_they_are_asked_until_the_end() -> None:
    for talk, labels in ((None, ["End Call", "Skip"]), ("Talk to Molly", ["End Call", "Skip", "Talk to Molly"])):
        place = FakeText()
        panel = Panel(place, None, talk=talk)
        await panel.show("live")
        [options] = place.options
        assert [button.label for button in options["view"].children] == labels
        await panel.show("over", ended=True)
        assert place.written[-1] == ("edited", 100, "over", False)
