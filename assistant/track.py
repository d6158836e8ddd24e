"""One reply as sound: its utterances in the order in which they are said, their frames, and the cursor into them."""

import threading
import time
from collections import deque
from typing import Final

_SAFE_DISTANCE: Final = 5
"""Frames between the cursor and what may still be taken back: the clock needs no lock for so far ahead."""


class Utterance:
    """One piece of a reply, in the making. Its frames come in order, from one thread at a time."""

    def __init__(self, track: "Track") -> None:
        self.held: list[bytes] = []
        """Frames that wait for the utterances before this one to be whole."""
        self.taken = 0
        """How many of its frames are in their place."""
        self.is_whole = False
        """Whether no frame will follow."""
        self._track = track

    def append(self, frame: bytes) -> None:
        """Add one frame of 20 ms."""
        self._track.take(self, frame)

    def restart(self) -> bool:
        """Forget the frames so far, to be made anew; False when some of them may have been heard."""
        return self._track.restart(self)

    def finish(self) -> None:
        """No frame will follow."""
        self._track.end(self)


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
        self.cursor = 0
        """The index of the next frame to be sent; all before it have left, each once."""
        self.first_made: float | None = None
        """When the first frame was made, in seconds of `time.monotonic()`."""
        self.first_sent: float | None = None
        """When the first frame left."""

    def begin(self) -> Utterance:
        """Reserve the next place: what is said there comes after all that was begun before."""
        utterance = Utterance(self)
        with self._lock:
            self._making.append(utterance)
        return utterance

    def cut(self, utterance: Utterance) -> None:
        """Say nothing from this utterance on: neither its frames nor those of the ones behind it."""
        with self._lock:
            while utterance in self._making:
                self._making.pop()

    def finish(self) -> None:
        """No utterance will be begun any more."""
        self._finished = True

    def take(self, utterance: Utterance, frame: bytes) -> None:
        """A frame of an utterance was made; one of an utterance that was cut is dropped."""
        with self._lock:
            if self._making and self._making[0] is utterance:
                self._frames.append(frame)
                utterance.taken += 1
                self.first_made = self.first_made or time.monotonic()
            elif utterance in self._making:
                utterance.held.append(frame)

    def restart(self, utterance: Utterance) -> bool:
        """Take back an utterance's frames; False, and nothing happens, when the cursor may be among them."""
        with self._lock:
            utterance.held.clear()
            if not utterance.taken:
                return True
            begin = len(self._frames) - utterance.taken
            if begin - self.cursor < _SAFE_DISTANCE:
                return False
            # A new list, since the clock may be reading the old one.
            self._frames, utterance.taken = self._frames[:begin], 0
            return True

    def end(self, utterance: Utterance) -> None:
        """An utterance is whole: those behind it may be heard as far as they are made."""
        with self._lock:
            utterance.is_whole = True
            while self._making and self._making[0].is_whole:
                self._making.popleft()
                if self._making:
                    self._frames += self._making[0].held
                    self._making[0].taken = len(self._making[0].held)
                    self._making[0].held.clear()

    @property
    def current(self) -> bytes | None:
        """The frame at the cursor; None when it has not been made yet, or will never be."""
        return self._frames[self.cursor] if self.cursor < len(self._frames) else None

    def advance(self) -> None:
        """The frame at the cursor has left."""
        if not self.cursor:
            self.first_sent = time.monotonic()
        self.cursor += 1

    @property
    def is_over(self) -> bool:
        """Whether every frame there will ever be has left."""
        return self._finished and not self._making and self.cursor >= len(self._frames)

    @property
    def waiting(self) -> int:
        """How many frames are made and can be sent at once."""
        return len(self._frames) - self.cursor
