"""Who may be heard, whoever asks and whatever the database does."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.consent import Consent, Listening
from assistant.domain.errors import StorageUnavailable
from assistant.domain.heard_by import HeardBy
from assistant.preferences.consents import Consents
from assistant.storage.consent_store import ConsentStore
from assistant.storage.database import Database
from assistant.storage.write_behind import WriteBehind
from tests.support.empty_database import make_empty_database
from tests.support.eventually import eventually
from tests.support.virtual_time import run_in_virtual_time

GUILD, OTHER = 5, 6
ADA, BEN, BOT, STRANGER = 7, 8, 9, 10
HERE = HeardBy(is_local=True)


def is_bot(_: int, user_id: int) -> bool | None:
    return None if user_id == STRANGER else user_id == BOT


class FakeStore:
    """What a `ConsentStore` does, in a dict that several processes may share, and that may be away."""

    def __init__(self, rows: dict[tuple[int, int], Consent] | None = None) -> None:
        self.rows = {} if rows is None else rows
        self.is_away = False
        self.seconds = 0.01

    async def _reach(self) -> None:
        await asyncio.sleep(self.seconds)
        if self.is_away:
            raise StorageUnavailable(address="db", detail="gone")

    @staticmethod
    def now() -> float:
        return 1e9 + asyncio.get_running_loop().time()

    async def decide(self, guild_id: int, user_id: int, *, is_given: bool) -> Consent:
        await self._reach()
        consent = Consent(guild_id=guild_id, user_id=user_id, is_given=is_given, changed_at=self.now())
        self.rows[guild_id, user_id] = consent
        return consent

    async def load_for_guild(self, guild_id: int) -> list[Consent]:
        found = [consent for consent in self.rows.values() if consent.guild_id == guild_id]
        await self._reach()
        return found

    async def load_for_user(self, user_id: int) -> list[Consent]:
        await self._reach()
        return [consent for consent in self.rows.values() if consent.user_id == user_id]

    async def load_changes(self, since: float | None) -> tuple[list[Consent], float]:
        now = self.now()
        found = [consent for consent in self.rows.values() if consent.changed_at > (since or now) - 10]
        await self._reach()
        return found, now

    async def forget_old(self) -> None:
        await self._reach()

    async def forget_guild(self, guild_id: int) -> None:
        await self._reach()
        for key in [key for key in self.rows if key[0] == guild_id]:
            del self.rows[key]

    async def forget_member(self, guild_id: int, user_id: int) -> None:
        await self._reach()
        self.rows.pop((guild_id, user_id), None)


@asynccontextmanager
async def process(
    store: Any, *, listening: Listening = "ask", heard_by: HeardBy | None = HERE, knows: Any = is_bot
) -> AsyncIterator[Consents]:
    async with (
        WriteBehind() as writes,
        Consents(store, writes, listening=listening, heard_by=heard_by, is_bot=knows) as consents,
    ):
        yield consents


def in_virtual_time(test: Callable[[], Any]) -> Callable[[], None]:
    def run() -> None:
        run_in_virtual_time(test())

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


@in_virtual_time
async def test_where_people_are_asked_only_who_agreed_is_heard_and_only_there() -> None:
    async with process(FakeStore()) as consents:
        assert not consents.may_hear(GUILD, ADA)
        await consents.decide(GUILD, ADA, is_given=True)
        assert consents.may_hear(GUILD, ADA)
        assert not consents.may_hear(GUILD, BEN)
        assert not consents.may_hear(OTHER, ADA)
        await consents.decide(GUILD, ADA, is_given=False)
        assert not consents.may_hear(GUILD, ADA)


@pytest.mark.parametrize(
    ("listening", "heard_by", "heard"),
    [
        ("ask", HERE, [ADA, STRANGER]),
        ("ask", None, []),
        ("off", HERE, []),
        ("everyone", HERE, [ADA, BEN]),
        ("everyone", None, []),
    ],
)
def test_bots_are_never_heard_nor_is_who_may_be_one_and_others_as_the_owner_decided(
    listening: Listening, heard_by: HeardBy | None, heard: list[int]
) -> None:
    async def ask() -> list[int]:
        async with process(FakeStore(), listening=listening, heard_by=heard_by) as consents:
            for user_id in (ADA, BOT, STRANGER):
                await consents.decide(GUILD, user_id, is_given=True)
            return [user_id for user_id in (ADA, BEN, BOT, STRANGER) if consents.may_hear(GUILD, user_id)]

    assert run_in_virtual_time(ask()) == heard


@in_virtual_time
async def test_a_decision_holds_at_once_however_slow_the_database_is_and_the_call_is_told() -> None:
    store = FakeStore()
    async with process(store) as consents:
        told: list[tuple[int, bool]] = []
        with consents.following(GUILD, lambda user_id: told.append((user_id, consents.may_hear(GUILD, user_id)))):
            store.seconds = 0.5
            for is_given in (True, False, False, True):
                deciding = asyncio.create_task(consents.decide(GUILD, ADA, is_given=is_given))
                await asyncio.sleep(0)
                assert consents.may_hear(GUILD, ADA) is is_given
                await deciding
        await consents.decide(GUILD, ADA, is_given=False)
        assert told == [(ADA, True), (ADA, False), (ADA, True)]


@in_virtual_time
async def test_another_process_knows_of_a_decision_within_seconds_and_tells_its_call() -> None:
    store = FakeStore()
    async with process(store) as here, process(FakeStore(store.rows)) as there:
        told: list[int] = []
        with there.following(GUILD, told.append):
            await there.load(GUILD)
            for is_given in (True, False):
                await here.decide(GUILD, ADA, is_given=is_given)
                await here.decide(OTHER, ADA, is_given=is_given)
                await asyncio.sleep(2.5)
                assert there.may_hear(GUILD, ADA) is is_given
            assert told == [ADA, ADA]
            assert not there.may_hear(OTHER, ADA), "nobody needs to know that here"


@in_virtual_time
async def test_what_was_decided_while_the_database_was_away_for_long_is_known_when_it_is_back() -> None:
    store = FakeStore()
    theirs = FakeStore(store.rows)
    async with process(store) as here, process(theirs) as there:
        await here.decide(GUILD, ADA, is_given=True)
        with there.following(GUILD, lambda _: None):
            await asyncio.sleep(3)
            assert there.may_hear(GUILD, ADA), "loaded without being asked"
            theirs.is_away = True
            await here.decide(GUILD, ADA, is_given=False)
            await asyncio.sleep(60)
            theirs.is_away = False
            await asyncio.sleep(3)
            assert not there.may_hear(GUILD, ADA)


@in_virtual_time
async def test_a_call_whose_decisions_can_not_be_read_hears_nobody_until_they_can() -> None:
    store = FakeStore()
    async with process(FakeStore(store.rows)) as before:
        await before.decide(GUILD, ADA, is_given=True)
    async with process(store) as consents:
        store.is_away = True
        with consents.following(GUILD, lambda _: None):
            assert not await consents.load(GUILD)
            assert not await consents.agree_by_calling(GUILD, ADA), "they may have said no"
            await asyncio.sleep(30)
            assert not consents.may_hear(GUILD, ADA)
            store.is_away = False
            await asyncio.sleep(3)
            assert consents.may_hear(GUILD, ADA)


@in_virtual_time
async def test_who_takes_it_back_while_the_database_is_away_stays_unheard_and_it_is_stored_later() -> None:
    store = FakeStore()
    async with process(store) as consents:
        with consents.following(GUILD, lambda _: None):
            await consents.decide(GUILD, ADA, is_given=True)
            store.is_away = True
            await consents.decide(GUILD, ADA, is_given=False)
            for _ in range(20):
                await asyncio.sleep(0.5)
                assert not consents.may_hear(GUILD, ADA)
            store.is_away = False
            for _ in range(60):
                await asyncio.sleep(0.1)
                assert not consents.may_hear(GUILD, ADA), "the database still had the earlier decision"
            assert not store.rows[GUILD, ADA].is_given


@in_virtual_time
async def test_a_read_that_is_older_than_a_decision_does_not_undo_it() -> None:
    store = FakeStore()
    async with process(store) as consents:
        await consents.decide(GUILD, ADA, is_given=True)
        with consents.following(GUILD, lambda _: None):
            store.seconds = 0.5
            loading = asyncio.create_task(consents.load(GUILD))
            await asyncio.sleep(0.1)
            store.seconds = 0.01
            await consents.decide(GUILD, ADA, is_given=False)
            assert await loading
            assert not consents.may_hear(GUILD, ADA)


@in_virtual_time
async def test_to_call_is_to_agree_unless_one_has_said_no() -> None:
    store = FakeStore()
    async with process(store) as consents:
        assert await consents.agree_by_calling(GUILD, ADA)
        assert consents.may_hear(GUILD, ADA)
        await consents.decide(GUILD, ADA, is_given=False)
    async with process(store) as consents:
        assert not await consents.agree_by_calling(GUILD, ADA)
        assert not consents.may_hear(GUILD, ADA)
        assert await consents.switch(GUILD, ADA), "the button is a yes again"
        assert await consents.agree_by_calling(GUILD, ADA)


@in_virtual_time
async def test_the_button_takes_back_what_was_given_in_an_earlier_process() -> None:
    store = FakeStore()
    async with process(store) as consents:
        assert await consents.switch(GUILD, ADA)
    async with process(store) as consents:
        assert not await consents.switch(GUILD, ADA)
        assert not consents.may_hear(GUILD, ADA)


@in_virtual_time
async def test_all_that_somebody_decided_is_listed_and_taken_back_everywhere() -> None:
    store = FakeStore()
    async with process(store) as consents:
        for guild_id in (GUILD, OTHER, 11):
            await consents.decide(guild_id, ADA, is_given=True)
        await consents.decide(GUILD, BEN, is_given=True)
        await consents.decide(11, ADA, is_given=False)
        listed = {consent.guild_id: consent.is_given for consent in await consents.decisions_of(ADA)}
        assert listed == {GUILD: True, OTHER: True, 11: False}
        await consents.take_back_everywhere(ADA)
        assert not any(consent.is_given for consent in await consents.decisions_of(ADA))
        assert not consents.may_hear(OTHER, ADA)
        assert consents.may_hear(GUILD, BEN)


@in_virtual_time
async def test_what_is_not_stored_yet_is_listed_as_it_is_now() -> None:
    store = FakeStore()
    async with process(store) as consents:
        await consents.decide(GUILD, ADA, is_given=True)
        store.seconds = 0.5
        deciding = asyncio.create_task(consents.decide(GUILD, ADA, is_given=False))
        await asyncio.sleep(0.1)
        store.seconds = 0.01
        assert [consent.is_given for consent in await consents.decisions_of(ADA)] == [False]
        await deciding


@in_virtual_time
async def test_who_left_and_the_guild_that_was_left_are_forgotten() -> None:
    store = FakeStore()
    async with process(store) as consents:
        told: list[int] = []
        for user_id in (ADA, BEN):
            await consents.decide(GUILD, user_id, is_given=True)
        with consents.following(GUILD, told.append):
            await consents.forget_member(GUILD, ADA)
            assert not consents.may_hear(GUILD, ADA)
            assert consents.may_hear(GUILD, BEN)
            await consents.forget_guild(GUILD)
            assert not consents.may_hear(GUILD, BEN)
            assert told == [ADA, BEN]
        assert store.rows == {}


@pytest.mark.parametrize("listening", ["ask", "everyone"])
def test_a_new_session_on_the_gateway_which_knows_nobody_makes_nobody_unheard(listening: Listening) -> None:
    is_forgotten = False

    def knows(guild_id: int, user_id: int) -> bool | None:
        return None if is_forgotten else is_bot(guild_id, user_id)

    async def live() -> None:
        nonlocal is_forgotten
        async with process(FakeStore(), listening=listening, knows=knows) as consents:
            await consents.decide(GUILD, ADA, is_given=True)
            assert consents.may_hear(GUILD, ADA)
            is_forgotten = True
            assert consents.may_hear(GUILD, ADA)
            assert not consents.may_hear(GUILD, BOT)

    run_in_virtual_time(live())


STEPS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from([ADA, BEN]), st.booleans(), st.sampled_from([0.0, 0.3, 1.5])),
    max_size=12,
)


@given(STEPS)
def test_whatever_is_decided_in_whichever_process_all_come_to_know_the_same(
    steps: list[tuple[int, int, bool, float]],
) -> None:
    async def live() -> None:
        store = FakeStore()
        async with process(store) as one, process(FakeStore(store.rows)) as other:
            both = (one, other)
            with one.following(GUILD, lambda _: None), other.following(GUILD, lambda _: None):
                for number, user_id, is_given, pause in steps:
                    await both[number].decide(GUILD, user_id, is_given=is_given)
                    await asyncio.sleep(pause)
                await asyncio.sleep(3)
                for user_id in (ADA, BEN):
                    last = [is_given for _, decider, is_given, _ in steps if decider == user_id][-1:] == [True]
                    assert [each.may_hear(GUILD, user_id) for each in both] == [last, last]

    run_in_virtual_time(live())


async def test_two_processes_on_one_file_keep_in_step_and_the_next_one_knows_it_all(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/assistant.db"
    await asyncio.to_thread(make_empty_database, tmp_path / "assistant.db")
    async with (
        Database(url) as mine,
        Database(url) as theirs,
        process(ConsentStore(mine)) as here,
        process(ConsentStore(theirs)) as there,
    ):
        await here.decide(GUILD, ADA, is_given=True)
        await here.decide(GUILD, BEN, is_given=True)
        with there.following(GUILD, lambda _: None):
            assert await there.load(GUILD)
            assert there.may_hear(GUILD, ADA)
            await here.decide(GUILD, ADA, is_given=False)
            await eventually(lambda: not there.may_hear(GUILD, ADA))
    async with Database(url) as database, process(ConsentStore(database)) as later:
        await later.load(GUILD)
        assert [later.may_hear(GUILD, user_id) for user_id in (ADA, BEN)] == [False, True]


@in_virtual_time
async def test_where_the_ear_can_not_be_loaded_nobody_is_heard_whatever_was_agreed() -> None:
    async with process(FakeStore()) as consents:
        await consents.decide(GUILD, ADA, is_given=True)
        assert consents.may_hear(GUILD, ADA)
        consents.hear_nobody()
        assert not consents.may_hear(GUILD, ADA)
        assert (consents.listening, consents.heard_by) == ("off", None)
