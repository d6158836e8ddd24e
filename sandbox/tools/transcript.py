"""What is said in a call, line by line."""

import time


class Transcript:
    """Printed as it happens, with the seconds since its beginning."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def say(self, who: str, what: str) -> None:
        """Print one line."""
        print(f"{time.monotonic() - self._began:6.1f} s  {who:>9}: {what}", flush=True)
