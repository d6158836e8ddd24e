"""The voice half of a human member, whichever library its end-to-end encryption is by."""

from collections.abc import Callable, Set
from typing import Final, Protocol

from sandbox.voice.packet_writer import PacketWriter
from sandbox.voice.participant import Participant
from sandbox.voice.rtp import RtpPacket

JOIN_GRACE: Final = 0.1
"""Seconds after its first transition in which a member may fail to decrypt what was still on its way.

The whitepaper allows it: "Welcomed members may not be able to immediately decrypt in-flight media".
"""


class DeliveryService(Protocol):
    """What a DAVE client needs of the voice gateway."""

    def receive_key_package(self, user_id: int, data: bytes) -> None:
        """Op 26."""

    def receive_commit(self, user_id: int, data: bytes) -> None:
        """Op 28."""

    def receive_ready(self, user_id: int, transition_id: int) -> None:
        """Op 23."""

    def receive_invalid(self, user_id: int, transition_id: int) -> None:
        """Op 31."""


class Member(Participant, Protocol):
    """One human, or another bot, in a voice channel."""

    ssrc: int
    """The number under which it speaks."""
    packets: PacketWriter
    """Numbers its packets."""
    listening_since: float | None
    """When it became able to decrypt the call, in seconds of `time.monotonic()`; None before."""

    @property
    def privacy_code(self) -> str | None:
        """The code that two members compare to know that they are in the same group; None outside one."""

    def hear(self, sender: int, frame: bytes) -> bytes | None:
        """Decrypts an end-to-end encrypted frame; None when it cannot."""

    def expects_to_hear(self, arrival: float) -> bool:
        """Whether a frame that arrived then has to be decryptable."""

    def speak(self, opus: bytes) -> RtpPacket:
        """The next packet of its speech, end-to-end encrypted when it is in a group."""

    def close(self) -> None:
        """Gives up a commit that has not been sent."""


class MakeMember(Protocol):
    """Makes a member."""

    def __call__(
        self,
        user_id: int,
        channel_id: int,
        ssrc: int,
        gateway: DeliveryService,
        *,
        commit_delay: float,
        known: Callable[[], Set[int]],
    ) -> Member:
        """`commit_delay` is the seconds until a commit is sent; `known` says who is or was in the call."""
