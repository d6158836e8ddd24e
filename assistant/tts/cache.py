"""A cache of spoken sentences on disk, limited in size and age.

A recording is a file of Opus frames, each after its length in two bytes. The file's name is a hash of voice, language
and text, so the folder does not reveal what was said.
"""

import errno
import hashlib
import logging
import math
import os
import re
import stat
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from assistant.tts.voice import Voice

_logger = logging.getLogger(__name__)

_FORMAT: Final = b"opus frames 1\n"
"""The first bytes of each file. Change the number with the encoder or the file format."""
_MARK: Final = b"opus frames "
"""What the format of each of our versions begins with."""
_SUFFIX: Final = ".frames"
_OURS: Final = re.compile(r"[0-9a-f]{64}\.frames(?:\.\d+\.\d+)?")
"""The name of a recording, or of one that a process was killed over while it wrote it."""
_TIDY_SECONDS: Final = 3600.0
_ROOM: Final = 0.9
"""How full the folder is after tidying, so that not every new recording needs another tidying."""


class SpeechCache:
    """A folder of recordings. Threads, and several bots, may share it. Every method blocks."""

    def __init__(
        self,
        folder: Path,
        *,
        max_bytes: int,
        max_age_seconds: float,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Keep at most `max_bytes` (0: nothing) of the latest used, each for `max_age_seconds` after its last use."""
        self._folder = folder
        self._max_bytes = max_bytes
        self._max_age_seconds = max_age_seconds
        self._now = now
        self._lock = threading.Lock()
        self._bytes = 0
        self._tidied = -math.inf  # so that the first recording tidies the folder

    @property
    def is_enabled(self) -> bool:
        """Whether the cache keeps anything at all."""
        return self._max_bytes > 0

    def find(self, voice: Voice, language: str, text: str) -> tuple[bytes, ...] | None:
        """The frames of a sentence; None when there is no recording, or it is damaged."""
        path = self._path(voice, language, text)
        try:
            status = path.stat()
            if self._now() - status.st_mtime > self._max_age_seconds:
                return None
            is_ours = stat.S_ISREG(status.st_mode) and status.st_size <= self._max_bytes
            frames = _parse(path.read_bytes() if is_ours else b"")
            os.utime(path, (self._now(), self._now()))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            _logger.warning("Couldn't read a recording from the speech cache: %s", error)
            return None
        return frames

    def store(self, voice: Voice, language: str, text: str, frames: Sequence[bytes], folder: Path) -> None:
        """Store the frames of a sentence. The file is written in `folder`, then moved into the cache.

        Errors are logged: they must not cost anybody the sentence.
        """
        path = self._path(voice, language, text)
        data = _FORMAT + b"".join(len(frame).to_bytes(2, "big") + frame for frame in frames)
        try:
            self._write(data, folder / path.name, path)
            with self._lock:
                self._bytes += len(data)
                if self._bytes > self._max_bytes or self._now() - self._tidied > _TIDY_SECONDS:
                    self._bytes, self._tidied = self._tidy(), self._now()
        except OSError as error:
            _logger.warning("Couldn't store a recording in the speech cache: %s", error)

    def _write(self, data: bytes, making: Path, path: Path) -> None:
        for folder in (*reversed(self._folder.parents), self._folder):
            folder.mkdir(mode=0o700, exist_ok=True)
        try:
            _write_privately(making, data, self._now())
            making.replace(path)
        except OSError as error:
            making.unlink(missing_ok=True)
            if error.errno != errno.EXDEV:
                raise
            self._write_beside(data, path)

    def _write_beside(self, data: bytes, path: Path) -> None:
        """The folders are on two disks, so it cannot be moved from one to the other."""
        beside = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
        try:
            _write_privately(beside, data, self._now())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)

    def _path(self, voice: Voice, language: str, text: str) -> Path:
        key = "\0".join((voice.key, language, text))
        return self._folder / (hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest() + _SUFFIX)

    def _tidy(self) -> int:
        """Remove what is too old, and the least recently used where there is no room. Return the bytes left."""
        left, room = 0, self._max_bytes * _ROOM
        for last_use, size, path in sorted(self._listed(), reverse=True):
            is_old = self._now() - last_use > self._max_age_seconds
            if is_old or left + size > room:
                _remove(path)
            else:
                left += size
        return left

    def _listed(self) -> list[tuple[float, int, Path]]:
        """Our files: the last use, the size and the path of each. The folder may hold others, and folders."""
        found = []
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if not _OURS.fullmatch(entry.name):
                    continue
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:  # another bot removed it
                    continue
                if stat.S_ISREG(status.st_mode):
                    found.append((status.st_mtime, status.st_size, Path(entry.path)))
        return found


def _remove(path: Path) -> None:
    """Remove a recording; not what only bears a name like one."""
    try:
        with path.open("rb") as file:
            if not _MARK.startswith(file.read(len(_MARK))):  # a shorter one broke off
                return
        path.unlink()
    except FileNotFoundError:  # another bot removed it
        return
    except OSError as error:
        _logger.warning("Couldn't remove a recording from the speech cache: %s", error)


def _write_privately(path: Path, data: bytes, now: float) -> None:
    path.unlink(missing_ok=True)
    with open(path, "xb", opener=partial(os.open, mode=0o600)) as file:
        file.write(data)
    os.utime(path, (now, now))


def _parse(data: bytes) -> tuple[bytes, ...]:
    if not data.startswith(_FORMAT):
        raise ValueError("not a recording of this format")
    frames, at = [], len(_FORMAT)
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        at += 2
        if at + length > len(data):
            raise ValueError("the end is missing")
        frames.append(data[at : at + length])
        at += length
    if not frames:
        raise ValueError("there is nothing in it")
    return tuple(frames)
