"""A cache of spoken sentences on disk, limited in size and age.

A recording is a file of Opus frames, each after its length in two bytes. The file's name is a hash of voice, language
and text, so the folder does not reveal what was said.
"""

import hashlib
import logging
import math
import os
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from assistant.tts.voice import Voice

_logger = logging.getLogger(__name__)

_FORMAT: Final = b"opus frames 1\n"
"""The first bytes of each file. Change the number with the encoder or the file format."""
_SUFFIX: Final = ".frames"
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
            if self._now() - path.stat().st_mtime > self._max_age_seconds:
                return None
            frames = _parse(path.read_bytes())
            os.utime(path, (self._now(), self._now()))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            _logger.warning("Couldn't read a recording from the speech cache: %s", error)
            return None
        return frames

    def store(self, voice: Voice, language: str, text: str, frames: Sequence[bytes], folder: Path) -> None:
        """Store the frames of a sentence. The file is written in `folder`, then moved into the cache."""
        path = self._path(voice, language, text)
        data = _FORMAT + b"".join(len(frame).to_bytes(2, "big") + frame for frame in frames)
        making = folder / path.name
        try:
            making.write_bytes(data)
            os.utime(making, (self._now(), self._now()))
            self._adopt(making, path)
        except OSError as error:
            _logger.warning("Couldn't store a recording in the speech cache: %s", error)
            return
        with self._lock:
            self._bytes += len(data)
            if self._bytes > self._max_bytes or self._now() - self._tidied > _TIDY_SECONDS:
                self._bytes, self._tidied = self._tidy(), self._now()

    def _adopt(self, making: Path, path: Path) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            making.replace(path)
        except OSError:  # the folders are on two disks: copy, then rename
            beside = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
            shutil.copy2(making, beside)
            beside.replace(path)

    def _path(self, voice: Voice, language: str, text: str) -> Path:
        key = "\0".join((voice.key, language, text))
        return self._folder / (hashlib.sha256(key.encode()).hexdigest() + _SUFFIX)

    def _tidy(self) -> int:
        """Remove what is too old, and the least recently used where there is no room. Return the bytes left."""
        left, room = 0, self._max_bytes * _ROOM
        for last_use, size, path in sorted(self._listed(), reverse=True):
            is_old = self._now() - last_use > self._max_age_seconds
            if is_old or left + size > room:
                path.unlink(missing_ok=True)
            else:
                left += size
        return left

    def _listed(self) -> list[tuple[float, int, Path]]:
        found = []
        for path in self._folder.iterdir():
            try:
                status = path.stat()
            except FileNotFoundError:  # another bot removed it
                continue
            found.append((status.st_mtime, status.st_size, path))
        return found


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
    return tuple(frames)
