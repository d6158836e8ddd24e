"""Speech from a thread of its own, a frame each 20 ms, as the bot's frame clock sends it."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from voicewire import VoiceConnection

FRAME_SECONDS: Final = 0.02
"""How long a frame is."""


class TickingSpeaker:
    """Speaks while it is entered. A frame that does not leave is given again at the next tick."""

    def __init__(self, connection: VoiceConnection, is_heard: Callable[[], bool]) -> None:
        """`is_heard` says whether there is anybody to speak to: only then does a frame that waits count as a pause."""
        self._connection = connection
        self._is_heard = is_heard
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._speak, name="ticking-speaker")
        self.sent = 0
        """How many frames have left."""
        self.sent_plain = 0
        """How many of those may have left unencrypted, since the call was then."""
        self.longest_refusal = 0
        """The longest run of ticks at which no frame left."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    @property
    def pause(self) -> float:
        """The longest time from one frame to the next, as the ticks count it, in seconds: 0.02 if each could leave."""
        return (1 + self.longest_refusal) * FRAME_SECONDS

    def _speak(self) -> None:
        due, refused = time.monotonic(), 0
        while not self._over.wait(max(0.0, due - time.monotonic())):
            due += FRAME_SECONDS
            dave = self._connection.session.dave
            is_plain = not dave.version
            frame = b"\x78" + self.sent.to_bytes(4, "big") * 8
            if self._connection.send_frame(frame):
                self.sent += 1
                self.sent_plain += is_plain or not dave.version
                refused = 0
            elif self._is_heard():
                refused += 1
                self.longest_refusal = max(self.longest_refusal, refused)
