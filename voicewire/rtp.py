"""RTP packets of Opus, as Discord sends them.

Sources: RFC 3550, 5.1 (header) and 5.3.1 (extension);
https://discord.com/developers/docs/topics/voice-connections#transport-encryption-modes: in the `rtpsize` modes the
header, the CSRCs and the four bytes that announce an extension stay readable and are authenticated, and all that
follows is encrypted: the extension's body, the payload, and the padding that the P bit announces.
"""

import struct
from enum import Enum
from typing import Final, NamedTuple

SILENCE: Final = b"\xf8\xff\xfe"
"""The Opus frame that says nothing
(https://discord.com/developers/docs/topics/voice-connections#voice-data-interpolation)."""
SAMPLES_PER_FRAME: Final = 960
"""20 ms at 48 kHz: what the timestamp advances from frame to frame."""

_HEADER: Final = struct.Struct(">BBHII")
_VERSION: Final = 0x80
_OPUS: Final = 0x78
"""The payload type of voice (the same page, "Voice Packet Structure"). RTCP (RFC 3550, 12.1) and video have others."""
_VERSION_MASK: Final = 0xC0
_PADDING: Final = 0x20
_EXTENSION: Final = 0x10
_CSRC_COUNT: Final = 0x0F
_TYPE_MASK: Final = 0x7F
_SMALLEST: Final = _HEADER.size + 16 + 4
"""A header, the tag of either cipher, and the counter that is its nonce."""


class Refusal(Enum):
    """Why a datagram is not taken."""

    NOT_RTP = "not RTP"
    """Too short, or of another version than 2."""
    NOT_OPUS = "not Opus"
    """RTCP, or video."""
    MALFORMED = "malformed"
    """Lengths that do not fit: of CSRCs, of the extension, or of the padding."""
    FORGED = "forged"
    """The transport encryption's key does not open it."""


class RtpHeader(NamedTuple):
    """The readable part of a packet."""

    sequence: int
    """Counts packets, 16 bits."""
    timestamp: int
    """Counts samples at 48 kHz, 32 bits."""
    ssrc: int
    """Whose packet it says it is, 32 bits."""
    size: int
    """Bytes up to where the encryption begins."""
    extension: int
    """Bytes of the extension's body, at the front of what is encrypted."""
    has_padding: bool
    """Whether the last byte of what is encrypted counts the padding."""


def build_header(sequence: int, timestamp: int, ssrc: int) -> bytes:
    """The header of a packet that is sent: twelve bytes, without CSRCs, extension and padding."""
    return _HEADER.pack(_VERSION, _OPUS, sequence, timestamp, ssrc)


def parse_header(datagram: bytes) -> RtpHeader | Refusal:
    """Read the readable part. Any bytes may be given."""
    if len(datagram) < _SMALLEST:
        return Refusal.NOT_RTP
    first, kind, sequence, timestamp, ssrc = _HEADER.unpack_from(datagram)
    if first & _VERSION_MASK != _VERSION:
        return Refusal.NOT_RTP
    if kind & _TYPE_MASK != _OPUS:
        return Refusal.NOT_OPUS
    size, extension = 12 + 4 * (first & _CSRC_COUNT), 0
    if first & _EXTENSION:
        size += 4
        extension = 4 * int.from_bytes(datagram[size - 2 : size], "big")
    if size + extension + 20 > len(datagram):
        return Refusal.MALFORMED
    return RtpHeader(sequence, timestamp, ssrc, size, extension, bool(first & _PADDING))


def payload_of(header: RtpHeader, decrypted: bytes) -> bytes | Refusal:
    """What is left of the decrypted part without the extension's body in front and the padding behind.

    The padding has to go before the end-to-end decryption, which looks for its marker in the last bytes.
    """
    end = len(decrypted)
    if header.has_padding:
        count = decrypted[-1] if decrypted else 0
        if not 0 < count <= end - header.extension:
            return Refusal.MALFORMED
        end -= count
    return decrypted[header.extension : end]
