import asyncio
import os
import signal
import stat
import sys
import tempfile
from pathlib import Path

import pytest

from assistant.call.call_folder import call_folder, remove_dead_folders

HOLDER = """
import asyncio, sys
from assistant.call.call_folder import call_folder

async def main():
    async with call_folder() as folder:
        print(folder, flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, of this test and of the processes it starts."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


async def test_a_call_has_a_folder_of_its_own_until_its_end(temporary: Path) -> None:
    async with call_folder() as folder:
        assert folder.parent == temporary
        if os.name == "posix":
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "speech").write_bytes(b"sound")
    assert names_in(temporary) == set()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")
async def test_the_folder_of_a_killed_process_is_removed_by_the_next_and_no_other(temporary: Path) -> None:
    holders = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", HOLDER, stdout=asyncio.subprocess.PIPE)
        for _ in range(2)
    ]
    folders = []
    for holder in holders:
        assert holder.stdout is not None
        folders.append(Path((await holder.stdout.readline()).decode().strip()))
    (temporary / "voice-call-unlocked").mkdir()
    (temporary / "voice-call-link").symlink_to(folders[1])
    (temporary / "somebody-elses").mkdir()
    (folders[0] / "turn").mkdir()
    holders[0].send_signal(signal.SIGKILL)
    await holders[0].wait()
    async with call_folder() as ours:
        remove_dead_folders()
        assert names_in(temporary) == {
            ours.name,
            folders[1].name,
            "voice-call-unlocked",
            "voice-call-link",
            "somebody-elses",
        }
        assert (folders[1] / "lock").exists()
    holders[1].kill()
    await holders[1].wait()
