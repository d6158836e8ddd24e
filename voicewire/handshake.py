"""What the voice server says during the handshake.

Source: https://discord.com/developers/docs/topics/voice-connections, "Heartbeating", "Establishing a Voice UDP
Connection" and "Transport Encryption Modes".
"""

from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Final

from voicewire.ciphers import CIPHERS, KEY_BYTES
from voicewire.messages import DAVE_VERSION, MalformedMessage, number
from voicewire.messages import field as required

_LONGEST_INTERVAL: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Ready:
    """Op 2."""

    ssrc: int
    """The number of our packets."""
    host: str
    """The IP address where they go."""
    port: int
    """And to which port."""
    modes: list[object]
    """Which transport encryptions the server speaks."""


@dataclass(frozen=True, slots=True)
class Description:
    """Op 4."""

    mode: str
    """The transport encryption."""
    key: bytes = field(repr=False)
    """Its key. Secret."""
    dave_version: int
    """The version of the end-to-end encryption; 0 for none."""


def read_hello(data: Any) -> float:
    """Op 8: the seconds between heartbeats.

    Raises:
        MalformedMessage: it says no such thing.
    """
    interval = required(data, "heartbeat_interval")
    if isinstance(interval, bool) or not isinstance(interval, int | float) or not 0 < interval < _LONGEST_INTERVAL:
        raise MalformedMessage("heartbeat_interval is no number of milliseconds")
    return interval / 1000


def read_ready(data: Any) -> Ready:
    """Op 2.

    Raises:
        MalformedMessage: something is missing, or not as documented.
    """
    modes = required(data, "modes")
    if not isinstance(modes, list):
        raise MalformedMessage("modes is no list")
    return Ready(number(data, "ssrc"), _read_address(required(data, "ip")), number(data, "port", 0xFFFF), modes)


def read_description(data: Any) -> Description:
    """Op 4.

    Raises:
        MalformedMessage: something is missing, or not spoken here.
    """
    mode = required(data, "mode")
    if not isinstance(mode, str) or mode not in CIPHERS:
        raise MalformedMessage(f"mode {mode!r:.100}")
    version = number(data, "dave_protocol_version", DAVE_VERSION) if "dave_protocol_version" in data else 0
    return Description(mode, _read_key(required(data, "secret_key")), version)


def _read_address(address: object) -> str:
    try:
        return str(ip_address(str(address)))
    except ValueError as error:
        raise MalformedMessage(f"ip {address!r:.100} is no IP address") from error


def _read_key(key: object) -> bytes:
    if not isinstance(key, list) or len(key) != KEY_BYTES:
        raise MalformedMessage("the key is no list of 32 bytes")
    try:
        return bytes(key)
    except (TypeError, ValueError) as error:
        raise MalformedMessage("the key is no list of bytes") from error
