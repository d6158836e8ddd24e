"""The bot's log, as it is written."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_MOST_BYTES: Final = 32 * 1024
"""Of what was written before: some 200 lines."""


class BotLog:
    """Reads a log file on from where it was read before."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position = -1

    def new_lines(self) -> list[str]:
        """The lines that were finished since the last time; at first, the latest ones. Blocks while it reads.

        Raises:
            OSError: there is no such file.
        """
        with self._path.open("rb") as file:
            length = file.seek(0, 2)
            is_first = self._position < 0
            if is_first or length - self._position > _MOST_BYTES:
                self._position = max(0, length - _MOST_BYTES)
            is_cut = self._position > 0 and is_first
            file.seek(self._position)
            written = file.read(_MOST_BYTES)
        finished = written[: written.rfind(b"\n") + 1]
        self._position += len(finished)
        lines = finished.decode("utf-8", errors="replace").splitlines()
        return lines[1:] if is_cut else lines
