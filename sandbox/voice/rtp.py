"""RTP packets and their transport encryption.

Source: Discord's documentation, "Transport Encryption and Sending Voice"; RFC 3550 for the header. What
stays readable is the header with its CSRCs and the four bytes that announce an extension; behind it comes
the ciphertext with its tag, and at the very end the 32-bit counter that is the nonce. The extension's body,
the payload and the padding, whose last byte counts it, are encrypted.
"""

import struct
from dataclasses import dataclass
from typing import Final

import nacl.exceptions
import nacl.secret
import nacl.utils
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sandbox.voice.rtcp import CLEAR_BYTES

XCHACHA: Final = "aead_xchacha20_poly1305_rtpsize"
"""The transport encryption that Discord requires of every client."""
AES: Final = "aead_aes256_gcm_rtpsize"
"""The one that Discord prefers, and offers where its own machine has AES in hardware."""
MODES: Final = (AES, XCHACHA)
"""All that are spoken here, in Discord's order."""
SILENCE: Final = b"\xf8\xff\xfe"
"""The Opus frame that says nothing; it may cross a DAVE call unencrypted."""
OPUS: Final = 0x78
"""The payload type of voice."""
SAMPLES_PER_FRAME: Final = 960
"""The RTP clock's advance over 20 ms at 48 kHz."""

_HEADER: Final = struct.Struct(">BBHII")
_NONCE_BYTES: Final = 4
_TAG_BYTES: Final = 16
_AES_NONCE_BYTES: Final = 12
_VERSION: Final = 0x80
_VERSION_MASK: Final = 0xC0
_PADDING: Final = 0x20
_EXTENSION: Final = 0x10
_CSRC_COUNT: Final = 0x0F
_ONE_BYTE_PROFILE: Final = b"\xbe\xde"
"""How extensions of RFC 8285 are announced."""

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
    extension: bytes = b""
    """The body of the header extension, a multiple of four bytes; without one the X bit is not set."""
    padding: int = 0
    """How many bytes of padding follow the payload, its count included; without any the P bit is not set."""
    kind: int = OPUS
    """The payload type; video has others."""


def read_ssrc(datagram: bytes) -> int:
    """Whose packet this says it is.

    Raises:
        TransportError: it is no RTP packet of Opus.
    """
    if len(datagram) < _HEADER.size + _TAG_BYTES + _NONCE_BYTES:
        raise TransportError(f"{len(datagram)} bytes are too few for a voice packet")
    first, kind, _, _, ssrc = _HEADER.unpack_from(datagram)
    if first & _VERSION_MASK != _VERSION or kind & 0x7F != OPUS:
        raise TransportError(f"no RTP packet of Opus: it begins with {datagram[:2].hex()}")
    return int(ssrc)


class TransportCipher:
    """Both directions of one voice session's transport encryption."""

    def __init__(self, key: bytes | None = None, mode: str = XCHACHA) -> None:
        self.key = key if key is not None else nacl.utils.random(nacl.secret.Aead.KEY_SIZE)
        """32 bytes, shared by the client and the server."""
        self.mode = mode
        """Which of MODES it is; chosen by the client."""
        self._xchacha = nacl.secret.Aead(self.key)
        self._aes = AESGCM(self.key)
        self._sent = 0

    def decrypt(self, datagram: bytes) -> RtpPacket:
        """Opens a datagram.

        Raises:
            TransportError: it was not made with this key.
        """
        ssrc = read_ssrc(datagram)
        first, _, sequence, timestamp, _ = _HEADER.unpack_from(datagram)
        padding = 0
        header_size = _HEADER.size + 4 * (first & _CSRC_COUNT)
        extension_bytes = 0
        if first & _EXTENSION:
            extension_bytes = 4 * int.from_bytes(datagram[header_size + 2 : header_size + 4], "big")
            header_size += 4
        header, sealed = datagram[:header_size], datagram[header_size:-_NONCE_BYTES]
        try:
            plain = self._open(sealed, header, datagram[-_NONCE_BYTES:])
        except (nacl.exceptions.CryptoError, InvalidTag, ValueError) as error:
            raise TransportError(f"the packet of SSRC {ssrc} does not open: {error}") from error
        if first & _PADDING:
            padding = plain[-1] if plain else 0
            if not 0 < padding <= len(plain) - extension_bytes:
                raise TransportError(f"the packet of SSRC {ssrc} has {padding} bytes of padding")
        payload = plain[extension_bytes : len(plain) - padding]
        return RtpPacket(sequence, timestamp, ssrc, payload, plain[:extension_bytes], padding)

    def encrypt(self, packet: RtpPacket) -> bytes:
        """Makes the datagram of a packet."""
        first = _VERSION | (_EXTENSION if packet.extension else 0) | (_PADDING if packet.padding else 0)
        header = _HEADER.pack(first, packet.kind, packet.sequence & 0xFFFF, packet.timestamp & 0xFFFFFFFF, packet.ssrc)
        if packet.extension:
            header += _ONE_BYTE_PROFILE + (len(packet.extension) // 4).to_bytes(2, "big")
        padding = bytes(max(0, packet.padding - 1)) + bytes([packet.padding] if packet.padding else [])
        return self._datagram(header, packet.extension + packet.payload + padding)

    def encrypt_report(self, report: bytes) -> bytes:
        """Makes the datagram of an RTCP report."""
        return self._datagram(report[:CLEAR_BYTES], report[CLEAR_BYTES:])

    def _datagram(self, header: bytes, plain: bytes) -> bytes:
        counter = self._sent.to_bytes(_NONCE_BYTES, "big")
        self._sent = (self._sent + 1) & 0xFFFFFFFF
        return header + self._seal(plain, header, counter) + counter

    def _seal(self, plain: bytes, header: bytes, counter: bytes) -> bytes:
        if self.mode == AES:
            return self._aes.encrypt(counter.ljust(_AES_NONCE_BYTES, b"\0"), plain, header)
        return self._xchacha.encrypt(plain, header, counter.ljust(nacl.secret.Aead.NONCE_SIZE, b"\0")).ciphertext

    def _open(self, sealed: bytes, header: bytes, counter: bytes) -> bytes:
        if self.mode == AES:
            return self._aes.decrypt(counter.ljust(_AES_NONCE_BYTES, b"\0"), sealed, header)
        return self._xchacha.decrypt(sealed, header, counter.ljust(nacl.secret.Aead.NONCE_SIZE, b"\0"))
