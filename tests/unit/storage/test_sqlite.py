import multiprocessing
import os
import sqlite3
import stat
from contextlib import closing
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import delete

from assistant.storage.database import Database
from assistant.storage.sqlite import prepare_file
from assistant.storage.tables import PROCESSES


def test_the_folder_is_made_and_the_file_writes_ahead(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.db"
    prepare_file(path, seconds=1)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.skipif(os.name != "posix", reason="looks at the modes of Unix")
async def test_nobody_else_may_read_what_is_kept_also_where_it_was_there_before(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        (tmp_path / "old.db").touch()
        for path in (tmp_path / "data" / "new.db", tmp_path / "old.db"):
            async with Database(f"sqlite:///{path}") as database:
                await database.execute(delete(PROCESSES))
                files = [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm")]
                assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
        assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    finally:
        os.umask(before)


def prepare_all(paths: list[Path], together: Barrier) -> None:
    for path in paths:
        together.wait(30)
        prepare_file(path, seconds=20)


def test_processes_may_do_so_at_the_same_time(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.db" for number in range(60)]
    for path in paths:
        with closing(sqlite3.connect(path)) as connection:  # two switch at once more often where there is something
            connection.execute("CREATE TABLE something (column)")
    spawning = multiprocessing.get_context("spawn")
    together = spawning.Barrier(4)
    processes = [spawning.Process(target=prepare_all, args=(paths, together)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 4


def test_a_file_that_others_do_not_let_go_of_is_given_up_in_time(tmp_path: Path) -> None:
    path = tmp_path / "taken.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            prepare_file(path, seconds=0.1)
