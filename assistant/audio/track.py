"""The audio of one answer: its utterances in order, their frames, and the cursor of playback."""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from assistant.audio.opus import FRAME_SECONDS

QUEUED_FRAMES: Final = 5
"""So many frames from the cursor on may be queued: for so long nobody hears that this process is late. Those behind
them may still be dropped; they themselves may have left, and it is not known yet."""


class Utterance:
    """One piece of an answer. Its frames are added in order, by one thread at a time."""

    def __init__(self, track: "Track", *, is_withheld: bool) -> None:
        self.held: list[bytes] = []
        """Frames that wait until the utterances before this one are complete."""
        self.made = 0
        """The number of frames so far."""
        self.begins: int | None = None
        """The index of its first frame in the track; None before its turn."""
        self.is_whole = False
        """Whether it is complete."""
        self.is_withheld = is_withheld
        """Whether it, and all behind it, must not be heard yet."""
        self._track = track

    @property
    def sent(self) -> int:
        """How many of its frames have been sent."""
        return 0 if self.begins is None else min(max(self._track.cursor - self.begins, 0), self.made)

    def append(self, frame: bytes) -> None:
        """Add one frame of 20 ms."""
        self._track.add_frame(self, frame)

    def restart(self) -> bool:
        """Drop the frames so far, since the utterance starts over. False if some of them may have been heard."""
        return self._track.restart(self)

    def finish(self) -> None:
        """Mark the utterance as complete."""
        self._track.end(self)

    def release(self) -> None:
        """Allow it to be heard in its turn."""
        self._track.release(self)


class Track:
    """Worker threads add frames; the frame clock's thread takes them out.

    Utterances may be synthesized at the same time; they are heard one after the other. The clock's side takes no lock:
    in CPython, it needs none to read lists and integers.
    """

    def __init__(self) -> None:
        self._frames: list[bytes] = []
        self._making: deque[Utterance] = deque()
        self._lock = threading.Lock()
        self._finished = False
        self._awaited: dict[int, int] = {}
        """How often a frame was due but missing, by its index. Only the clock's thread writes it."""
        self._scaled: Mapping[int, tuple[bytes, bytes]] = {}
        """By index a frame, and what is sent in its place. Never changed, only replaced: the clock may read it."""
        self.on_change: Callable[[], None] | None = None
        """Called, from any thread, when other frames are to be sent next than before, or those that were awaited."""
        self.is_held = False
        """Whether playback is to wait where it is."""
        self.is_stopped = False
        """Whether playback was stopped for good."""
        self.cursor = 0
        """The index of the next frame to send. All before it were sent, each once."""
        self.first_made: float | None = None
        """When the first frame was added, in seconds of `time.monotonic()`."""
        self.first_sent: float | None = None
        """When the first frame was sent."""

    def begin(self, *, is_withheld: bool = False) -> Utterance:
        """Begin the next utterance: it is heard after all that were begun before.

        One that `is_withheld` can be synthesized, but is not heard before its `release`.
        """
        utterance = Utterance(self, is_withheld=is_withheld)
        with self._lock:
            self._making.append(utterance)
            self._let_through()
        return utterance

    def cut(self, utterance: Utterance) -> None:
        """Drop this utterance and all that were begun after it."""
        with self._lock:
            while utterance in self._making:
                self._making.pop()

    def end_before(self, utterance: Utterance) -> bool:
        """Drop this utterance and all that were begun after it, unless it may have been heard.

        Return False, and change nothing, if the cursor may be within or past it, or if it was cut before.
        """
        with self._lock:
            if utterance.begins is None and utterance not in self._making:
                return False
            if utterance.begins is not None and utterance.begins < len(self._frames):  # its own, or those of later ones
                if utterance.begins - self.cursor < QUEUED_FRAMES:
                    return False
                # A new list, since the clock may be reading the old one.
                self._frames = self._frames[: utterance.begins]
            if utterance not in self._making:  # then all in the making come after it
                self._making.clear()
            while utterance in self._making:
                self._making.pop()
        self._tell_change()
        return True

    def take_back(self) -> None:
        """Drop all that was not heard yet, but for the frames that the clock may be at; what is begun next follows."""
        with self._lock:
            self._frames = self._frames[: self.cursor + QUEUED_FRAMES]
            self._making.clear()
        self._tell_change()

    def finish(self) -> None:
        """Announce that no further utterance will begin."""
        self._finished = True

    def stop(self) -> None:
        """Stop playback at once, and drop what is still being synthesized."""
        with self._lock:
            self.is_stopped = True
            self._making.clear()
        self._tell_change()

    def hold(self) -> None:
        """Let playback wait where it is, until `go_on`. What is still being synthesized is added all the same."""
        self.is_held = True
        self._tell_change()

    def go_on(self) -> None:
        """Go on with the very frame at which playback was held."""
        self.is_held = False
        self._tell_change()

    def scale(self, start: int, originals: Sequence[bytes], scaled: Sequence[bytes]) -> bool:
        """Have other frames sent in the place of these, which begin at the index `start`; behind them, none.

        Return False, and change nothing, if the cursor is past the first of them.
        """
        if self.cursor > start:
            return False
        kept = {index: pair for index, pair in self._scaled.items() if self.cursor <= index < start}
        self._scaled = kept | dict(enumerate(zip(originals, scaled, strict=True), start))
        self._tell_change()
        return True

    def add_frame(self, utterance: Utterance, frame: bytes) -> None:
        """Add a frame to an utterance. It is dropped if the utterance was cut."""
        with self._lock:
            if utterance in self._making:
                utterance.held.append(frame)
                utterance.made += 1
                self._let_through()

    def restart(self, utterance: Utterance) -> bool:
        """Take back an utterance's frames. Return False, and change nothing, if the cursor may be among them."""
        with self._lock:
            if utterance not in self._making:  # it was dropped, and what is there belongs to others
                return True
            if utterance.begins is not None and utterance.made > len(utterance.held):
                if utterance.begins - self.cursor < QUEUED_FRAMES:
                    return False
                # A new list, since the clock may be reading the old one.
                self._frames = self._frames[: utterance.begins]
            utterance.held.clear()
            utterance.made = 0
        self._tell_change()
        return True

    def end(self, utterance: Utterance) -> None:
        """Mark an utterance as complete: the ones behind it may be heard."""
        with self._lock:
            utterance.is_whole = True
            self._let_through()

    def release(self, utterance: Utterance) -> None:
        """Stop withholding an utterance."""
        with self._lock:
            utterance.is_withheld = False
            self._let_through()

    def _tell_change(self) -> None:
        if self.on_change is not None:
            self.on_change()

    def _let_through(self) -> None:
        """Move all that may be heard now to the track's frames. The caller has the lock."""
        while self._making and not self._making[0].is_withheld:
            utterance = self._making[0]
            if utterance.begins is None:
                utterance.begins = len(self._frames)
            if utterance.held:
                is_awaited = self.waiting < QUEUED_FRAMES
                self._frames += utterance.held
                utterance.held.clear()
                self.first_made = self.first_made or time.monotonic()
                if is_awaited:
                    self._tell_change()
            if not utterance.is_whole:
                return
            self._making.popleft()

    def frames(self, start: int, stop: int) -> list[bytes]:
        """The frames of these indices, as far as they are there."""
        return self._frames[start:stop]

    def frame_at(self, index: int) -> bytes | None:
        """What is to be sent for the frame of that index; None if it is not there yet, is held, or never will be."""
        frames = self._frames
        if index >= len(frames) or self.is_stopped or self.is_held:
            return None
        frame = frames[index]
        original, scaled = self._scaled.get(index, (b"", b""))
        return scaled if original is frame else frame  # it may be another frame by now

    def advance(self) -> None:
        """Move the cursor on: its frame was sent."""
        if not self.cursor:
            self.first_sent = time.monotonic()
        self.cursor += 1

    def wait(self) -> None:
        """Note that the frame at the cursor was due but missing."""
        if self.cursor and not self.is_held:  # a wait for the first frame is not a hole
            self._awaited[self.cursor] = self._awaited.get(self.cursor, 0) + 1

    @property
    def has_begun(self) -> bool:
        """Whether any of it was heard."""
        return self.cursor > 0

    @property
    def holes(self) -> list[float]:
        """The lengths of the silences before late frames, in seconds."""
        return [times * FRAME_SECONDS for index, times in tuple(self._awaited.items()) if index < self.cursor]

    @property
    def is_over(self) -> bool:
        """Whether all frames were sent and none will follow."""
        return self.is_stopped or (self.is_complete and self.cursor >= len(self._frames))

    @property
    def is_complete(self) -> bool:
        """Whether no frame will be added any more."""
        return self._finished and not self._making

    @property
    def waiting(self) -> int:
        """How many frames are ready to send."""
        return len(self._frames) - self.cursor
