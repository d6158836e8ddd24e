"""One reply as sound: its Opus frames, and the cursor into them."""


class Track:
    """Frames in, by the threads that make them; frames out, by the thread of the frame clock.

    One thread at a time appends and one takes; lists and integers need no lock for that in CPython.
    """

    def __init__(self) -> None:
        self._frames: list[bytes] = []
        self._finished = False
        self.cursor = 0
        """The index of the next frame to be sent; all before it have left, each once."""

    def append(self, frame: bytes) -> None:
        """Add one frame of 20 ms."""
        self._frames.append(frame)

    def finish(self) -> None:
        """No frame will follow."""
        self._finished = True

    @property
    def current(self) -> bytes | None:
        """The frame at the cursor; None when it has not been made yet, or will never be."""
        return self._frames[self.cursor] if self.cursor < len(self._frames) else None

    def advance(self) -> None:
        """The frame at the cursor has left."""
        self.cursor += 1

    @property
    def is_over(self) -> bool:
        """Whether every frame there will ever be has left."""
        return self._finished and self.cursor >= len(self._frames)

    @property
    def waiting(self) -> int:
        """How many frames are made and not yet sent."""
        return len(self._frames) - self.cursor
