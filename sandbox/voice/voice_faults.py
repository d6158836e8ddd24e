"""What a test may order to go wrong between the bot and the voice server. Nothing goes wrong unordered."""

import random
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from sandbox.voice.voice_opcodes import VoiceCloseCode, VoiceOp


class FaultTarget(Protocol):
    """A voice websocket, as faults see it."""

    async def close(self, code: int, reason: str) -> None:
        """Closes it with a close frame and waits until it is closed."""

    def abort(self) -> None:
        """Drops its TCP connection without a close frame."""

    def freeze(self) -> None:
        """Reads nothing more of what is sent to it."""

    def send(self, op: VoiceOp, data: Mapping[str, Any] | bytes) -> None:
        """Sends a message, numbered where version 8 numbers it."""

    def repeat_external_sender(self) -> None:
        """Sends op 25 once more."""


class DatagramFaults:
    """What happens to datagrams, either way."""

    def __init__(self) -> None:
        self._fraction = 0.0
        self._random = random.Random(0)
        self._discoveries = 0

    def lose(self, fraction: float, seed: int) -> None:
        """From now on loses that part of all datagrams."""
        if not 0.0 <= fraction <= 1.0:
            raise ValueError(f"a fraction lies between 0 and 1, not at {fraction}")
        self._fraction = fraction
        self._random = random.Random(seed)

    def drop_discoveries(self, count: int) -> None:
        """Leaves the next requests of IP discovery unanswered."""
        self._discoveries += count

    def loses_datagram(self) -> bool:
        """Decides about one datagram."""
        return self._fraction > 0.0 and self._random.random() < self._fraction

    def drops_discovery(self) -> bool:
        """Decides about one request of IP discovery."""
        if not self._discoveries:
            return False
        self._discoveries -= 1
        return True


class VoiceFaults:
    """The faults of one voice server."""

    def __init__(self, targets: Callable[[int], Sequence[FaultTarget]]) -> None:
        self.ready_delay = 0.0
        """Seconds between an identify and READY (op 2)."""
        self.description_delay = 0.0
        """Seconds between select protocol and the session description (op 4)."""
        self.withhold_description = False
        """Never answer select protocol."""
        self.withhold_resumed = False
        """Never answer a resume."""
        self.silence_heartbeat_acks = False
        """Take heartbeats without answering them."""
        self.datagrams = DatagramFaults()
        """The faults of the UDP socket."""
        self._targets = targets
        self._identify_codes: deque[int] = deque()
        self._refusals = 0

    async def close(self, channel_id: int, code: int) -> None:
        """Closes the open voice websockets of a call now and waits until they are closed.

        The session survives only where Discord lets a client resume: 4015.
        """
        for target in self._targets(channel_id):
            await target.close(code, "ordered by a test")

    def abort(self, channel_id: int) -> None:
        """Drops the TCP connections of a call's websockets without a close frame (1006). Sessions survive."""
        for target in self._targets(channel_id):
            target.abort()

    def freeze(self, channel_id: int) -> None:
        """Reads nothing more from a call's open websockets, as a server that hangs: not even a close is answered."""
        for target in self._targets(channel_id):
            target.freeze()

    def close_at_identify(self, code: int, times: int = 1) -> None:
        """Answers the next identifies with that close code."""
        self._identify_codes.extend([code] * times)

    def refuse_connections(self, times: int = 1) -> None:
        """Drops the next connections before they become websockets.

        aiohttp's client tries once more by itself, so it takes two for an attempt to fail.
        """
        self._refusals += times

    def drop_discoveries(self, count: int) -> None:
        """Leaves the next requests of IP discovery unanswered."""
        self.datagrams.drop_discoveries(count)

    def lose_datagrams(self, fraction: float, seed: int = 0) -> None:
        """Loses that part of all UDP, both ways, from now on: 1.0 is all of it, 0.0 heals."""
        self.datagrams.lose(fraction, seed)

    def send(self, channel_id: int, op: VoiceOp, data: Mapping[str, Any] | bytes) -> None:
        """Sends the bot a message that is out of order, or malformed: bytes for the binary ops."""
        for target in self._targets(channel_id):
            target.send(op, data)

    def repeat_external_sender(self, channel_id: int) -> None:
        """Sends op 25 again to a client that has had it."""
        for target in self._targets(channel_id):
            target.repeat_external_sender()

    def take_identify_code(self) -> VoiceCloseCode | int | None:
        """The close code ordered for this identify, if there is one."""
        return self._identify_codes.popleft() if self._identify_codes else None

    def refuses_connection(self) -> bool:
        """Whether this connection is to be dropped."""
        if not self._refusals:
            return False
        self._refusals -= 1
        return True
