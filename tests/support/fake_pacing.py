"""What a frame clock waits with, where no process sends anything."""

import threading


class FakePacing:
    """Waits for the time alone, and for whoever wakes it."""

    def __init__(self) -> None:
        self._is_woken = threading.Event()

    def wait(self, seconds: float | None) -> bool:
        self._is_woken.wait(seconds)
        self._is_woken.clear()
        return False

    def wake(self) -> None:
        self._is_woken.set()

    def flush(self) -> None:
        """Nothing is kept back."""
