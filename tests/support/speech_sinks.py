"""Where tests have speech go."""


class Heard:
    """Keeps the frames of a sentence; they count as heard once `is_heard` is set."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.is_heard = False
        self.restarts = 0

    def append(self, frame: bytes) -> None:
        """See `Sink.append`."""
        self.frames.append(frame)

    def restart(self) -> bool:
        """See `Sink.restart`."""
        if self.is_heard and self.frames:
            return False
        self.restarts += 1
        self.frames.clear()
        return True
