"""One reply as sound: its utterances in the order in which they are said, their frames, and the cursor into them."""

import threading
import time
from collections import deque
from typing import Final

from assistant.audio.opus import FRAME_SECONDS

_SAFE_DISTANCE: Final = 5
"""Frames between the cursor and what may still be taken back: the clock needs no lock for so far ahead."""


class Utterance:
    """One piece of a reply, in the making. Its frames come in order, from one thread at a time."""

    def __init__(self, track: "Track", *, is_withheld: bool) -> None:
        self.held: list[bytes] = []
        """Frames that wait for the utterances before this one to be whole."""
        self.made = 0
        """How many frames were made so far."""
        self.begins: int | None = None
        """Which of the track's frames is its first; None until it is its turn."""
        self.is_whole = False
        """Whether no frame will follow."""
        self.is_withheld = is_withheld
        """Whether it must not be heard yet, nor what is behind it."""
        self._track = track

    @property
    def sent(self) -> int:
        """How many of its frames have left."""
        return 0 if self.begins is None else min(max(self._track.cursor - self.begins, 0), self.made)

    def append(self, frame: bytes) -> None:
        """Add one frame of 20 ms."""
        self._track.add_frame(self, frame)

    def restart(self) -> bool:
        """Forget the frames so far, to be made anew; False when some of them may have been heard."""
        return self._track.restart(self)

    def finish(self) -> None:
        """No frame will follow."""
        self._track.end(self)

    def release(self) -> None:
        """It may be heard in its turn."""
        self._track.release(self)


class Track:
    """Frames in, by the threads that make them; frames out, by the thread of the frame clock.

    Utterances may be made at the same time and are heard one after the other. The clock's side takes no lock:
    lists and integers need none for that in CPython.
    """

    def __init__(self) -> None:
        self._frames: list[bytes] = []
        self._making: deque[Utterance] = deque()
        self._lock = threading.Lock()
        self._finished = False
        self._awaited: dict[int, int] = {}
        """How often a frame was due and not made yet, by its index; the clock's thread alone writes it."""
        self.is_stopped = False
        """Whether nothing of it will be heard any more, be it made or not."""
        self.cursor = 0
        """The index of the next frame to be sent; all before it have left, each once."""
        self.first_made: float | None = None
        """When the first frame was made, in seconds of `time.monotonic()`."""
        self.first_sent: float | None = None
        """When the first frame left."""

    def begin(self, *, is_withheld: bool = False) -> Utterance:
        """Reserve the next place: what is said there comes after all that was begun before.

        An utterance that `is_withheld` is made, and not heard before its `release`.
        """
        utterance = Utterance(self, is_withheld=is_withheld)
        with self._lock:
            self._making.append(utterance)
            self._let_through()
        return utterance

    def cut(self, utterance: Utterance) -> None:
        """Say nothing from this utterance on: neither its frames nor those of the ones behind it."""
        with self._lock:
            while utterance in self._making:
                self._making.pop()

    def end_before(self, utterance: Utterance) -> bool:
        """Say nothing from an utterance on.

        False, and nothing happens, when the cursor may be within it or past it, or when it was cut.
        """
        with self._lock:
            if utterance.begins is None and utterance not in self._making:
                return False
            if utterance.begins is not None and utterance.begins < len(self._frames):  # its own, or of those behind it
                if utterance.begins - self.cursor < _SAFE_DISTANCE:
                    return False
                # A new list, since the clock may be reading the old one.
                self._frames = self._frames[: utterance.begins]
            if utterance not in self._making:  # then all that is being made is behind it
                self._making.clear()
            while utterance in self._making:
                self._making.pop()
            return True

    def finish(self) -> None:
        """No utterance will be begun any more."""
        self._finished = True

    def stop(self) -> None:
        """Say nothing more, at once: what is made is not heard, and what is still being made is dropped."""
        with self._lock:
            self.is_stopped = True
            self._making.clear()

    def add_frame(self, utterance: Utterance, frame: bytes) -> None:
        """A frame of an utterance was made; one of an utterance that was cut is dropped."""
        with self._lock:
            if utterance in self._making:
                utterance.held.append(frame)
                utterance.made += 1
                self._let_through()

    def restart(self, utterance: Utterance) -> bool:
        """Take back an utterance's frames; False, and nothing happens, when the cursor may be among them."""
        with self._lock:
            if utterance.begins is not None and utterance.made > len(utterance.held):
                if utterance.begins - self.cursor < _SAFE_DISTANCE:
                    return False
                # A new list, since the clock may be reading the old one.
                self._frames = self._frames[: utterance.begins]
            utterance.held.clear()
            utterance.made = 0
            return True

    def end(self, utterance: Utterance) -> None:
        """An utterance is whole: those behind it may be heard as far as they are made."""
        with self._lock:
            utterance.is_whole = True
            self._let_through()

    def release(self, utterance: Utterance) -> None:
        """An utterance need not be withheld any longer."""
        with self._lock:
            utterance.is_withheld = False
            self._let_through()

    def _let_through(self) -> None:
        """Whatever may be heard now joins the frames; the caller has the lock."""
        while self._making and not self._making[0].is_withheld:
            utterance = self._making[0]
            if utterance.begins is None:
                utterance.begins = len(self._frames)
            if utterance.held:
                self._frames += utterance.held
                utterance.held.clear()
                self.first_made = self.first_made or time.monotonic()
            if not utterance.is_whole:
                return
            self._making.popleft()

    @property
    def current(self) -> bytes | None:
        """The frame at the cursor; None when it has not been made yet, or will never be."""
        return self._frames[self.cursor] if self.cursor < len(self._frames) and not self.is_stopped else None

    def advance(self) -> None:
        """The frame at the cursor has left."""
        if not self.cursor:
            self.first_sent = time.monotonic()
        self.cursor += 1

    def wait(self) -> None:
        """The frame at the cursor was due, and it has not been made yet."""
        if self.cursor:  # before the first there is nothing that could have a hole
            self._awaited[self.cursor] = self._awaited.get(self.cursor, 0) + 1

    @property
    def has_begun(self) -> bool:
        """Whether anything of it was heard."""
        return self.cursor > 0

    @property
    def holes(self) -> list[float]:
        """The silences before frames that were made too late, each in seconds."""
        return [times * FRAME_SECONDS for index, times in tuple(self._awaited.items()) if index < self.cursor]

    @property
    def is_over(self) -> bool:
        """Whether every frame there will ever be has left."""
        return self.is_stopped or (self._finished and not self._making and self.cursor >= len(self._frames))

    @property
    def waiting(self) -> int:
        """How many frames are made and can be sent at once."""
        return len(self._frames) - self.cursor
