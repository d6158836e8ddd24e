"""RTP packets and their transport encryption, `aead_xchacha20_poly1305_rtpsize`.

Source: Discord's documentation, "Transport Encryption and Sending Voice"; RFC 3550 for the header. What
stays readable is the header with its CSRCs and the four bytes that announce an extension; behind it comes
the ciphertext with its tag, and at the very end the 32-bit counter that is the nonce.
"""

import struct
from dataclasses import dataclass
from typing import Final

import nacl.exceptions
import nacl.secret
import nacl.utils

MODE: Final = "aead_xchacha20_poly1305_rtpsize"
"""The one transport encryption that Discord requires of every client, and the one spoken here."""
SILENCE: Final = b"\xf8\xff\xfe"
"""The Opus frame that says nothing; it may cross a DAVE call unencrypted."""
SAMPLES_PER_FRAME: Final = 960
"""The RTP clock's advance over 20 ms at 48 kHz."""

_HEADER: Final = struct.Struct(">BBHII")
_NONCE_BYTES: Final = 4
_TAG_BYTES: Final = 16
_VERSION: Final = 0x80
_VERSION_MASK: Final = 0xC0
_EXTENSION: Final = 0x10
_CSRC_COUNT: Final = 0x0F
_OPUS: Final = 0x78

SEALED_SILENCE_BYTES: Final = _HEADER.size + len(SILENCE) + _TAG_BYTES + _NONCE_BYTES
"""The size of a datagram that holds the silence frame, which no client encrypts end to end."""


class TransportError(Exception):
    """A datagram is not a voice packet encrypted with the session's key."""


@dataclass(frozen=True, slots=True)
class RtpPacket:
    """A voice packet without its transport encryption."""

    sequence: int
    """Counts packets, 16 bits."""
    timestamp: int
    """Counts samples at 48 kHz, 32 bits."""
    ssrc: int
    """Who speaks."""
    payload: bytes
    """An Opus frame, end-to-end encrypted or not."""


def read_ssrc(datagram: bytes) -> int:
    """Whose packet this says it is.

    Raises:
        TransportError: it is no RTP packet of Opus.
    """
    if len(datagram) < _HEADER.size + _TAG_BYTES + _NONCE_BYTES:
        raise TransportError(f"{len(datagram)} bytes are too few for a voice packet")
    first, kind, _, _, ssrc = _HEADER.unpack_from(datagram)
    if first & _VERSION_MASK != _VERSION or kind & 0x7F != _OPUS:
        raise TransportError(f"no RTP packet of Opus: it begins with {datagram[:2].hex()}")
    return int(ssrc)


class TransportCipher:
    """Both directions of one voice session's transport encryption."""

    def __init__(self, key: bytes | None = None) -> None:
        self.key = key if key is not None else nacl.utils.random(nacl.secret.Aead.KEY_SIZE)
        """32 bytes, shared by the client and the server."""
        self._box = nacl.secret.Aead(self.key)
        self._sent = 0

    def decrypt(self, datagram: bytes) -> RtpPacket:
        """Opens a datagram.

        Raises:
            TransportError: it was not made with this key.
        """
        ssrc = read_ssrc(datagram)
        first, _, sequence, timestamp, _ = _HEADER.unpack_from(datagram)
        header_size = _HEADER.size + 4 * (first & _CSRC_COUNT)
        extension_bytes = 0
        if first & _EXTENSION:
            extension_bytes = 4 * int.from_bytes(datagram[header_size + 2 : header_size + 4], "big")
            header_size += 4
        header, sealed = datagram[:header_size], datagram[header_size:-_NONCE_BYTES]
        nonce = datagram[-_NONCE_BYTES:].ljust(nacl.secret.Aead.NONCE_SIZE, b"\0")
        try:
            payload = self._box.decrypt(sealed, header, nonce)
        except (nacl.exceptions.CryptoError, ValueError) as error:
            raise TransportError(f"the packet of SSRC {ssrc} does not open: {error}") from error
        return RtpPacket(sequence, timestamp, ssrc, payload[extension_bytes:])

    def encrypt(self, packet: RtpPacket) -> bytes:
        """Makes the datagram of a packet."""
        header = _HEADER.pack(_VERSION, _OPUS, packet.sequence & 0xFFFF, packet.timestamp & 0xFFFFFFFF, packet.ssrc)
        counter = self._sent.to_bytes(_NONCE_BYTES, "big")
        self._sent = (self._sent + 1) & 0xFFFFFFFF
        nonce = counter.ljust(nacl.secret.Aead.NONCE_SIZE, b"\0")
        return header + self._box.encrypt(packet.payload, header, nonce).ciphertext + counter
