"""The temporary folder of a call, and those that killed processes have left."""

import asyncio
import logging
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

if sys.platform != "win32":  # there, folders that a killed process leaves stay
    import fcntl

_logger = logging.getLogger(__name__)

_PREFIX: Final = "voice-call-"
_LOCK: Final = "lock"
"""A file in the folder, locked while its process lives: the system unlocks it, however the process ends."""
_NEW_LOCK: Final = "lock.new"


@asynccontextmanager
async def call_folder() -> AsyncIterator[Path]:
    """A folder of the call's own, which only our user may read; removed at the end.

    Raises:
        OSError: it can't be made.
    """
    folder, lock = await asyncio.to_thread(_make)
    try:
        yield folder
    finally:
        await asyncio.to_thread(_remove, folder, lock)


def remove_dead_folders() -> None:
    """Remove the folders whose process was killed. Blocks.

    A folder without a lock is left alone: it is being made, or not ours.
    """
    if sys.platform == "win32":
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):  # it is gone by now, or another user's, or its process lives
            if not _is_ours(folder):
                continue
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _logger.info("Removing the folder of a call whose process was killed: %s", folder)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def _make() -> tuple[Path, int | None]:
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    if sys.platform == "win32":
        return folder, None
    new = folder / _NEW_LOCK
    lock = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    new.rename(folder / _LOCK)  # only now: nobody sees a lock that is not held yet
    return folder, lock


def _remove(folder: Path, lock: int | None) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if lock is not None:
        os.close(lock)


def _is_ours(folder: Path) -> bool:
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
