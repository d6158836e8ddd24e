"""The transport encryption of voice packets: two AEADs, of which the server offers one or both.

Source: https://discord.com/developers/docs/topics/voice-connections#transport-encryption-modes. The nonce is a counter
of 32 bits that travels behind the packet; the rest of it is zeros.
"""

import struct
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, Protocol

import nacl.bindings
import nacl.exceptions

KEY_BYTES: Final = 32
COUNTER_BYTES: Final = 4
"""How much of the nonce travels with the packet."""
_LAST_COUNTER: Final = 0xFFFFFFFF


class TransportCipher(Protocol):
    """Both directions of one session's transport encryption."""

    def seal(self, header: bytes, payload: bytes) -> bytes:
        """What follows the header on the wire.

        Raises:
            OverflowError: all nonces of this key are used, after 2.7 years of speech.
        """

    def open(self, header: bytes, sealed: bytes) -> bytes | None:
        """What `seal` was given; None if it was not made with this key and this header."""


class AesGcmCipher:
    """`aead_aes256_gcm_rtpsize`, by OpenSSL."""

    def __init__(self, key: bytes) -> None:
        # Imported here: a process without calls does without its 7 MB.
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        self._forged = InvalidTag
        self._aead = AESGCM(key)
        self._nonce = _NonceCounter(">I8x")

    def seal(self, header: bytes, payload: bytes) -> bytes:
        """See `TransportCipher`."""
        nonce = self._nonce.take()
        return self._aead.encrypt(nonce, payload, header) + nonce[:COUNTER_BYTES]

    def open(self, header: bytes, sealed: bytes) -> bytes | None:
        """See `TransportCipher`."""
        try:
            return self._aead.decrypt(sealed[-COUNTER_BYTES:] + bytes(8), sealed[:-COUNTER_BYTES], header)
        except (self._forged, ValueError):  # ValueError: too few bytes
            return None


class XChaChaCipher:
    """`aead_xchacha20_poly1305_rtpsize`, by libsodium."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._nonce = _NonceCounter(">I20x")

    def seal(self, header: bytes, payload: bytes) -> bytes:
        """See `TransportCipher`."""
        nonce = self._nonce.take()
        sealed = nacl.bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(payload, header, nonce, self._key)
        return sealed + nonce[:COUNTER_BYTES]

    def open(self, header: bytes, sealed: bytes) -> bytes | None:
        """See `TransportCipher`."""
        nonce = sealed[-COUNTER_BYTES:] + bytes(20)
        try:
            return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
                sealed[:-COUNTER_BYTES], header, nonce, self._key
            )
        except (nacl.exceptions.CryptoError, ValueError):  # ValueError: too few bytes
            return None


class _NonceCounter:
    """Counts nonces from 0, each given out once: a second use under one key would give both packets away."""

    def __init__(self, layout: str) -> None:
        self._pack = struct.Struct(layout).pack
        self._next = 0

    def take(self) -> bytes:
        """The next nonce."""
        count = self._next
        if count > _LAST_COUNTER:
            raise OverflowError("all nonces of this key are used")
        self._next = count + 1
        return self._pack(count)


CIPHERS: Final[Mapping[str, type[AesGcmCipher] | type[XChaChaCipher]]] = MappingProxyType(
    {"aead_aes256_gcm_rtpsize": AesGcmCipher, "aead_xchacha20_poly1305_rtpsize": XChaChaCipher}
)
"""By Discord's names, the preferred one first. Discord offers AES only where its machine has it in hardware. It costs
a seventh of the other here (`python -m bench.wire`): so it comes first on every machine of ours."""


def load_ciphers() -> None:
    """Load what the first session would load otherwise. Blocks for some hundredths of a second."""
    AesGcmCipher(bytes(KEY_BYTES))


def choose_mode(offered: Iterable[object]) -> str | None:
    """The mode to ask for among those of READY; None if none is spoken here."""
    names = set(map(str, offered))
    return next((mode for mode in CIPHERS if mode in names), None)
