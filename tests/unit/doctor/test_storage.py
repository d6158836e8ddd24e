"""Whether a check finds out that a database opens."""

from pathlib import Path

from sqlalchemy import text

from assistant.doctor.finding import Verdict
from assistant.doctor.storage import database_finding
from assistant.storage.database import Database


async def test_a_file_that_can_be_made_is_ok_and_has_its_tables(tmp_path: Path) -> None:
    finding = await database_finding(f"sqlite:///{tmp_path}/a/assistant.db")
    assert finding.verdict is Verdict.OK
    assert "at revision 0" in finding.detail


async def test_a_file_that_is_no_database_fails(tmp_path: Path) -> None:
    (tmp_path / "assistant.db").write_text("a letter, not a database" * 100)
    finding = await database_finding(f"sqlite:///{tmp_path}/assistant.db")
    assert finding.verdict is Verdict.FAILED
    assert "DATABASE_URL" in finding.advice


async def test_a_database_that_a_newer_version_has_changed_fails(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/assistant.db"
    async with Database(url) as database:
        await database.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    finding = await database_finding(url)
    assert finding.verdict is Verdict.FAILED
    assert "9999" in finding.detail
    assert "newer version" in finding.advice


async def test_a_server_that_is_not_there_fails_and_its_password_is_not_shown() -> None:
    finding = await database_finding("postgresql+asyncpg://ada:hidden@127.0.0.1:1/assistant")
    assert finding.verdict is Verdict.FAILED
    assert "127.0.0.1:1" in finding.detail
    assert "hidden" not in finding.detail
