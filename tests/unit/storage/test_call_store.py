import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection, select, update

from assistant.domain.call_snapshot import CallSnapshot, QuestionSnapshot
from assistant.domain.exchange import Exchange
from assistant.storage.call_store import CallStore
from assistant.storage.database import Database
from assistant.storage.tables import CALLS, QUESTIONS
from tests.support.database_processes import ADA, BEN, EVE, beat_ago, databases, rows_in
from tests.support.held_database import held_transaction

GUILD, OTHER, VOICE, TEXT, BEGUN_BY, PANEL = range(2**63 - 6, 2**63)
FIRST, SECOND, THIRD = range(2**62, 2**62 + 3)
SPEAKER = 2**62 + 9
CALL = CallSnapshot(guild_id=GUILD, voice_id=VOICE, text_id=TEXT, begun_by=BEGUN_BY)
TURNS = (Exchange("Ada", "What is a \x00?", "Half a \ud83d, or “nothing”."), Exchange("Ben", "ok", "…"))


@pytest.fixture
def ours(database: Database) -> CallStore:
    """The calls as Ada's process sees them."""
    return CallStore(database, ADA)


@pytest.fixture
async def theirs(url: str) -> AsyncIterator[CallStore]:
    """The same calls, as another process sees them."""
    async with Database(url) as another:
        yield CallStore(another, BEN)


async def test_a_call_that_was_released_is_taken_as_it_was_begun(ours: CallStore, theirs: CallStore) -> None:
    call = replace(CALL, panel_id=PANEL, conversation=TURNS, unspoken_languages=frozenset({"de", "fr"}))
    await ours.begin(call)
    await ours.release(GUILD)
    assert await theirs.claim(GUILD) == call


async def test_a_call_is_held_elsewhere_once_another_process_has_taken_it(
    database: Database, ours: CallStore, theirs: CallStore
) -> None:
    assert not await ours.is_held_elsewhere(GUILD), "there is none"
    await ours.begin(CALL)
    assert not await ours.is_held_elsewhere(GUILD)
    assert await theirs.is_held_elsewhere(GUILD)
    await beat_ago(database, ADA, 60.0)
    assert not await ours.is_held_elsewhere(GUILD), "nobody has taken it"
    assert await theirs.claim(GUILD) is not None
    assert await ours.is_held_elsewhere(GUILD)
    assert not await theirs.is_held_elsewhere(GUILD)
    await theirs.end(GUILD)
    assert not await ours.is_held_elsewhere(GUILD)


async def test_what_happened_in_a_call_is_taken_with_it(ours: CallStore, theirs: CallStore) -> None:
    await ours.begin(CALL)
    for message_id, channel_id in ((THIRD, VOICE), (FIRST, TEXT), (SECOND, TEXT)):
        assert await ours.accept(GUILD, message_id, channel_id)
    await ours.update_call(GUILD, voice_id=OTHER)
    await ours.update_call(GUILD, panel_id=PANEL)
    await ours.update_question(GUILD, FIRST, reply="One. Two.", apology="")
    await ours.close_question(GUILD, FIRST, TURNS, {"fr"})
    await ours.update_question(GUILD, SECOND, reply="A \x00. And \ud83d.", apology="The model broke off.")
    await ours.update_question(GUILD, SECOND, is_posted=True)
    await ours.update_question(GUILD, SECOND, heard=1)
    await ours.release(GUILD)
    assert await theirs.claim(GUILD) == CallSnapshot(
        guild_id=GUILD,
        voice_id=OTHER,
        text_id=TEXT,
        begun_by=BEGUN_BY,
        panel_id=PANEL,
        conversation=TURNS,
        unspoken_languages=frozenset({"fr"}),
        waiting=(
            QuestionSnapshot(
                message_id=SECOND,
                channel_id=TEXT,
                reply="A \x00. And \ud83d.",
                apology="The model broke off.",
                is_posted=True,
                heard=1,
            ),
            QuestionSnapshot(message_id=THIRD, channel_id=VOICE),
        ),
        newest={TEXT: SECOND, VOICE: THIRD},
    )


async def test_who_said_a_message_is_kept_and_it_is_not_taken_for_the_newest_that_was_typed(
    ours: CallStore, theirs: CallStore
) -> None:
    await ours.begin(CALL)
    assert await ours.accept(GUILD, FIRST, TEXT, is_answered=True)
    assert await ours.accept(GUILD, SECOND, TEXT, speaker_id=SPEAKER)
    await ours.release(GUILD)
    waiting = (QuestionSnapshot(message_id=SECOND, channel_id=TEXT, speaker_id=SPEAKER),)
    assert await theirs.claim(GUILD) == replace(CALL, waiting=waiting, newest={TEXT: FIRST})


async def test_a_message_that_is_accepted_as_answered_waits_for_nothing(ours: CallStore, theirs: CallStore) -> None:
    await ours.begin(CALL)
    assert await ours.accept(GUILD, FIRST, TEXT, is_answered=True)
    assert not await ours.accept(GUILD, FIRST, TEXT)
    await ours.release(GUILD)
    assert await theirs.claim(GUILD) == replace(CALL, newest={TEXT: FIRST})


async def test_a_call_that_begins_replaces_the_one_before_it_and_its_messages(
    ours: CallStore, theirs: CallStore
) -> None:
    await theirs.begin(replace(CALL, conversation=TURNS, panel_id=PANEL))
    assert await theirs.accept(GUILD, FIRST, TEXT)
    await ours.begin(CALL)
    assert not await theirs.accept(GUILD, SECOND, TEXT)
    await ours.release(GUILD)
    assert await theirs.claim(GUILD) == CALL


async def test_a_call_whose_holder_lives_is_not_taken(ours: CallStore, theirs: CallStore) -> None:
    await ours.begin(CALL)
    assert await theirs.claim(GUILD) is None
    assert await ours.claim(GUILD) is None
    assert await ours.accept(GUILD, FIRST, TEXT)


@pytest.mark.parametrize(("seconds", "is_taken"), [(4.0, False), (5.1, True), (-4.0, False), (-3600.0, True)])
async def test_a_call_is_taken_once_its_holder_has_not_beaten_for_five_seconds_or_its_clock_was_set_back(
    database: Database, ours: CallStore, theirs: CallStore, seconds: float, is_taken: bool
) -> None:
    await ours.begin(CALL)
    await beat_ago(database, ADA, seconds)
    assert (await theirs.claim(GUILD) is not None) == is_taken


async def test_a_holder_whose_beats_were_late_does_not_take_its_own_call_again(
    database: Database, ours: CallStore
) -> None:
    await ours.begin(CALL)
    await beat_ago(database, ADA, 60)
    assert await ours.claim(GUILD) is None


async def test_a_call_that_was_released_may_be_taken_back(ours: CallStore) -> None:
    await ours.begin(CALL)
    await ours.release(GUILD)
    assert await ours.claim(GUILD) == CALL
    assert await ours.accept(GUILD, FIRST, TEXT)


async def test_a_guild_without_a_call_has_none_to_take(ours: CallStore) -> None:
    assert await ours.claim(GUILD) is None
    assert not await ours.exists(GUILD)
    assert not await ours.accept(GUILD, FIRST, TEXT)


async def test_a_call_exists_for_everybody_until_it_ends(ours: CallStore, theirs: CallStore) -> None:
    assert await theirs.is_empty()
    await ours.begin(CALL)
    assert await ours.exists(GUILD)
    assert await theirs.exists(GUILD)
    assert not await theirs.is_empty()
    await ours.end(GUILD)
    assert not await ours.exists(GUILD)
    assert not await theirs.exists(GUILD)


async def test_a_call_that_ends_leaves_nothing_and_others_as_they_were(database: Database, ours: CallStore) -> None:
    for guild_id, message_id in ((GUILD, FIRST), (OTHER, SECOND)):
        await ours.begin(replace(CALL, guild_id=guild_id))
        assert await ours.accept(guild_id, message_id, TEXT)
    await ours.end(GUILD)
    assert (await rows_in(database, CALLS), await rows_in(database, QUESTIONS)) == (1, 1)
    assert await ours.exists(OTHER)


async def test_others_are_the_calls_of_these_guilds_that_we_do_not_hold(ours: CallStore, theirs: CallStore) -> None:
    for store, guild_id in ((ours, 1), (ours, 2), (theirs, 3), (theirs, 1201), (theirs, 5000)):
        await store.begin(replace(CALL, guild_id=guild_id))
    await ours.release(2)
    assert await ours.guilds_held_elsewhere(range(3000)) == [2, 3, 1201]
    assert await theirs.guilds_held_elsewhere({1, 2, 3}) == [1, 2]
    assert await ours.guilds_held_elsewhere([]) == []


async def test_thousands_of_guilds_may_be_asked_for(ours: CallStore, theirs: CallStore) -> None:
    await theirs.begin(CALL)
    assert await ours.guilds_held_elsewhere([GUILD, *range(40_000), GUILD]) == [GUILD]


async def test_no_answer_is_kept_of_a_message_that_is_done_with(database: Database, ours: CallStore) -> None:
    await ours.begin(CALL)
    await ours.accept(GUILD, FIRST, TEXT)
    await ours.update_question(GUILD, FIRST, reply="One.", apology="Two.")
    await ours.close_question(GUILD, FIRST, TURNS, frozenset())
    await ours.update_question(GUILD, FIRST, reply="Three.", apology="Four.")
    columns = select(QUESTIONS.c.reply, QUESTIONS.c.apology)
    kept = await database.run(lambda connection: connection.execute(columns).one())
    assert tuple(kept) == (None, "")


def all_rows(connection: Connection) -> list[tuple[object, ...]]:
    """All that is known of calls and their messages."""
    tables = [select(*table.c) for table in (CALLS, QUESTIONS)]
    return [tuple(row) for table in tables for row in connection.execute(table)]


WRITES: dict[str, Callable[[CallStore], Awaitable[object]]] = {
    "accept": lambda store: store.accept(GUILD, THIRD, TEXT),
    "moved": lambda store: store.update_call(GUILD, voice_id=OTHER),
    "panel": lambda store: store.update_call(GUILD, panel_id=PANEL),
    "written": lambda store: store.update_question(GUILD, FIRST, reply="No.", apology="No."),
    "posted": lambda store: store.update_question(GUILD, FIRST, is_posted=True),
    "heard": lambda store: store.update_question(GUILD, FIRST, heard=9),
    "answered": lambda store: store.close_question(GUILD, FIRST, TURNS, {"xx"}),
    "release": lambda store: store.release(GUILD),
    "end": lambda store: store.end(GUILD),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_who_lost_a_call_changes_nothing_of_it(
    database: Database, ours: CallStore, theirs: CallStore, write: Callable[[CallStore], Awaitable[object]]
) -> None:
    await ours.begin(CALL)
    await ours.accept(GUILD, FIRST, TEXT)
    await beat_ago(database, ADA, 60)
    taken = await theirs.claim(GUILD)
    assert not await write(ours)
    assert await theirs.accept(GUILD, SECOND, TEXT)  # as its holder: it is neither released nor over
    assert taken is not None
    await theirs.release(GUILD)
    assert await theirs.claim(GUILD) == replace(
        taken,
        waiting=(*taken.waiting, QuestionSnapshot(message_id=SECOND, channel_id=TEXT)),
        newest={TEXT: SECOND},
    )


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_a_write_while_the_call_is_being_taken_waits_for_that_and_changes_nothing(
    url: str, database: Database, ours: CallStore, write: Callable[[CallStore], Awaitable[object]]
) -> None:
    await ours.begin(CALL)
    await ours.accept(GUILD, FIRST, TEXT)
    async with held_transaction(url) as taking:
        await taking(lambda connection: connection.execute(update(CALLS).values(holder=BEN)).rowcount)
        before = await taking(all_rows)
        writing = asyncio.ensure_future(write(ours))
        await asyncio.wait([writing], timeout=0.1)
        assert not writing.done()
    assert not await writing
    assert await database.run(all_rows) == before


async def test_who_released_a_call_accepts_nothing_but_tells_to_the_end_what_was_heard(
    ours: CallStore, theirs: CallStore
) -> None:
    await ours.begin(CALL)
    await ours.accept(GUILD, FIRST, TEXT)
    await ours.release(GUILD)
    assert not await ours.accept(GUILD, SECOND, TEXT)
    await ours.update_question(GUILD, FIRST, heard=2)
    taken = await theirs.claim(GUILD)
    assert taken is not None
    assert [(question.message_id, question.heard) for question in taken.waiting] == [(FIRST, 2)]


async def test_a_write_about_another_guilds_message_does_nothing(ours: CallStore, theirs: CallStore) -> None:
    await ours.begin(replace(CALL, guild_id=OTHER))
    await theirs.begin(CALL)
    await theirs.accept(GUILD, FIRST, TEXT)
    await ours.update_question(OTHER, FIRST, reply="No.", apology="")
    await ours.update_question(OTHER, FIRST, heard=3)
    await ours.close_question(OTHER, FIRST, (), frozenset())
    await theirs.release(GUILD)
    taken = await ours.claim(GUILD)
    assert taken is not None
    assert taken.waiting == (QuestionSnapshot(message_id=FIRST, channel_id=TEXT),)


@pytest.mark.parametrize("is_dead", [False, True], ids=["released", "dead"])
async def test_of_many_who_take_a_call_at_once_one_gets_it(url: str, is_dead: bool) -> None:
    async with databases(url, 4) as opened:
        for number in range(20):
            # New processes each time: that they never beat before must not make them look dead to each other.
            first, *stores = (
                CallStore(database, f"{number:16x}{each:16x}") for each, database in enumerate([opened[0], *opened])
            )
            await first.begin(CALL)
            if is_dead:
                await beat_ago(opened[0], f"{number:16x}{0:16x}", 60)
            else:
                await first.release(GUILD)
            taken = await asyncio.gather(*(store.claim(GUILD) for store in stores))
            assert [call for call in taken if call] == [CALL]
            holds = [await store.accept(GUILD, FIRST, TEXT) for store in stores]
            assert holds == [call is not None for call in taken]


async def test_a_message_that_comes_several_times_at_once_is_accepted_once(url: str) -> None:
    async with databases(url, 3) as opened:
        stores = [CallStore(database, ADA) for database in opened]
        await stores[0].begin(CALL)
        for message_id in range(30):
            accepted = await asyncio.gather(*(store.accept(GUILD, message_id, TEXT) for store in stores))
            assert sorted(accepted) == [False, False, True]


async def test_a_message_that_comes_while_a_call_changes_hands_is_accepted_by_one_and_lost_by_none(url: str) -> None:
    async with databases(url, 2) as opened:
        ours, theirs = CallStore(opened[0], ADA), CallStore(opened[1], BEN)
        for _ in range(20):
            await ours.begin(CALL)

            async def hand_over() -> CallSnapshot | None:
                await ours.release(GUILD)
                return await theirs.claim(GUILD)

            *accepted, taken = await asyncio.gather(*(ours.accept(GUILD, each, TEXT) for each in range(8)), hand_over())
            assert isinstance(taken, CallSnapshot)
            # What the old holder accepted, the new one was told of; the rest is the new one's to accept.
            known = {question.message_id for question in taken.waiting}
            assert known == {each for each in range(8) if accepted[each]}
            assert [await theirs.accept(GUILD, each, TEXT) for each in range(8)] == [not each for each in accepted]


async def test_all_that_a_holder_writes_at_once_is_kept(ours: CallStore, theirs: CallStore) -> None:
    await ours.begin(CALL)
    await asyncio.gather(*(ours.accept(GUILD, each, TEXT) for each in range(1, 21)))
    await asyncio.gather(
        *(ours.update_question(GUILD, each, reply=f"Reply {each}.", apology="") for each in range(1, 11)),
        *(ours.update_question(GUILD, each, heard=each) for each in range(1, 11)),
        *(ours.close_question(GUILD, each, TURNS, {"fr"}) for each in range(11, 21)),
        ours.update_call(GUILD, panel_id=PANEL),
        ours.update_call(GUILD, voice_id=OTHER),
        *(theirs.claim(GUILD) for _ in range(5)),
    )
    await ours.release(GUILD)
    taken = await theirs.claim(GUILD)
    assert taken is not None
    assert (taken.panel_id, taken.voice_id, taken.conversation, taken.newest) == (PANEL, OTHER, TURNS, {TEXT: 20})
    assert [(each.message_id, each.reply, each.heard) for each in taken.waiting] == [
        (each, f"Reply {each}.", each) for each in range(1, 11)
    ]


async def test_of_two_who_begin_a_call_at_once_one_holds_it(url: str) -> None:
    async with databases(url, 3) as opened:
        stores = [CallStore(database, name) for database, name in zip(opened, (ADA, BEN, EVE), strict=True)]
        for _ in range(20):
            await asyncio.gather(*(store.begin(CALL) for store in stores))
            assert sorted([await store.accept(GUILD, FIRST, TEXT) for store in stores]) == [False, False, True]
            await asyncio.gather(*(store.end(GUILD) for store in stores))
            assert not await stores[0].exists(GUILD)


async def test_calls_outlive_all_processes(url: str) -> None:
    async with Database(url) as database:
        ours = CallStore(database, ADA)
        await ours.begin(replace(CALL, conversation=TURNS))
        await ours.accept(GUILD, FIRST, TEXT)
        await beat_ago(database, ADA, 60)
    async with Database(url) as database:
        assert await CallStore(database, BEN).claim(GUILD) == replace(
            CALL,
            conversation=TURNS,
            waiting=(QuestionSnapshot(message_id=FIRST, channel_id=TEXT),),
            newest={TEXT: FIRST},
        )


async def test_what_was_said_without_a_message_is_kept_until_it_is_answered_and_so_are_the_posts_of_an_answer(
    database: Database, ours: CallStore, theirs: CallStore
) -> None:
    await ours.begin(CALL)
    assert await ours.accept(GUILD, FIRST, TEXT, speaker_id=SPEAKER, said="What is a \x00?")
    await ours.update_question(GUILD, FIRST, post_ids=(THIRD, SECOND))
    await ours.release(GUILD)
    taken = await theirs.claim(GUILD)
    assert taken is not None
    assert taken.waiting == (
        QuestionSnapshot(
            message_id=FIRST,
            channel_id=TEXT,
            speaker_id=SPEAKER,
            said="What is a \x00?",
            post_ids=(THIRD, SECOND),
        ),
    )
    await theirs.close_question(GUILD, FIRST, (), set())
    columns = select(QUESTIONS.c.said, QUESTIONS.c.post_ids)
    assert (await database.run(lambda connection: connection.execute(columns).one())) == (None, None)
