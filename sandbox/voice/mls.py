"""The few MLS structures that a DAVE voice gateway has to write and read (RFC 9420, ciphersuite 2).

The gateway is no member of the group. It signs proposals as the group's external sender, reads which of
them a commit takes up, and hands each new member its part of the welcome.
"""

import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sandbox.voice.mls_encoding import Reader, vector
from sandbox.voice.voice_errors import MalformedMlsError

_MLS10: Final = 1
_CIPHERSUITE: Final = 2
_BASIC_CREDENTIAL: Final = 1
_PUBLIC_MESSAGE: Final = 1
_SENDER_MEMBER: Final = 1
_SENDER_EXTERNAL: Final = 2
_CONTENT_PROPOSAL: Final = 2
_CONTENT_COMMIT: Final = 3
_PROPOSAL_ADD: Final = 1
_PROPOSAL_REMOVE: Final = 3
_REFERENCE: Final = 2
_LEAF_FROM_KEY_PACKAGE: Final = 1
_LEAF_FROM_UPDATE: Final = 2
_LEAF_FROM_COMMIT: Final = 3
_EVER: Final = b"\0" * 8 + b"\xff" * 8


def reference(label: str, value: bytes) -> bytes:
    """The reference of a key package or a proposal (RFC 9420, 5.2)."""
    return hashlib.sha256(vector(b"MLS 1.0 " + label.encode()) + vector(value)).digest()


def _signed_content(label: str, content: bytes) -> bytes:
    return vector(b"MLS 1.0 " + label.encode()) + vector(content)


@dataclass(frozen=True, slots=True)
class KeyPackage:
    """What a client hands in to be added to the group."""

    data: bytes
    """The bare KeyPackage; Discord's clients send it without the MLSMessage around it."""
    user_id: int
    """Whose it says it is."""

    @property
    def reference(self) -> bytes:
        """How a welcome names it."""
        return reference("KeyPackage Reference", self.data)

    @classmethod
    def parse(cls, data: bytes) -> "KeyPackage":
        """Reads and checks it, its signature included.

        Raises:
            MalformedMlsError: it is none, or does not hold.
        """
        reader = Reader(data)
        reader.expect(2, _MLS10, "the MLS version")
        reader.expect(2, _CIPHERSUITE, "the ciphersuite")
        reader.vector()  # init key
        leaf = _read_leaf(reader)
        reader.vector()  # extensions
        signed = data[: reader.offset]
        signature = reader.vector()
        if not reader.at_end:
            raise MalformedMlsError("bytes follow the key package")
        _verify(leaf.signature_key, signature, _signed_content("KeyPackageTBS", signed))
        if leaf.lifetime != _EVER:
            raise MalformedMlsError("DAVE wants a key package that is valid for ever")
        return cls(data, leaf.user_id)


@dataclass(frozen=True, slots=True)
class _Leaf:
    signature_key: bytes
    user_id: int
    lifetime: bytes | None


def _read_leaf(reader: Reader) -> _Leaf:
    reader.vector()  # encryption key
    signature_key = reader.vector()
    reader.expect(2, _BASIC_CREDENTIAL, "the credential type")
    identity = reader.vector()
    if len(identity) != 8:
        raise MalformedMlsError(f"an identity is a user id of 8 bytes, this one has {len(identity)}")
    for _ in range(5):  # capabilities: versions, ciphersuites, extensions, proposals, credentials
        reader.vector()
    source = reader.number(1)
    lifetime = None
    if source == _LEAF_FROM_KEY_PACKAGE:
        lifetime = reader.take(16)
    elif source == _LEAF_FROM_COMMIT:
        reader.vector()  # parent hash
    elif source != _LEAF_FROM_UPDATE:
        raise MalformedMlsError(f"a leaf cannot come from {source}")
    reader.vector()  # extensions
    reader.vector()  # signature
    return _Leaf(signature_key, int.from_bytes(identity, "big"), lifetime)


def _verify(public_key: bytes, signature: bytes, content: bytes) -> None:
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
        key.verify(signature, content, ec.ECDSA(hashes.SHA256()))
    except (ValueError, InvalidSignature) as error:
        raise MalformedMlsError("the signature of the key package does not hold") from error


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of the group, proposed by the gateway."""

    user_id: int
    """Who is to be added or removed."""
    message: bytes
    """The MLSMessage that clients are sent."""
    reference: bytes
    """How a commit names it."""
    removes_leaf: int | None
    """The leaf to be removed; None when it adds."""


class ExternalSender:
    """The gateway's signing identity in one group."""

    def __init__(self, group_id: int) -> None:
        self._group = vector(struct.pack(">Q", group_id))
        self._key = ec.generate_private_key(ec.SECP256R1())
        point = self._key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.package = vector(point) + struct.pack(">H", _BASIC_CREDENTIAL) + vector(b"voice gateway")
        """The ExternalSender structure, which op 25 carries."""

    def propose_add(self, package: KeyPackage, epoch: int) -> Proposal:
        """Signs a proposal to add the owner of a key package."""
        body = struct.pack(">H", _PROPOSAL_ADD) + package.data
        return self._propose(package.user_id, body, epoch, None)

    def propose_remove(self, user_id: int, leaf: int, epoch: int) -> Proposal:
        """Signs a proposal to remove a leaf."""
        body = struct.pack(">HI", _PROPOSAL_REMOVE, leaf)
        return self._propose(user_id, body, epoch, leaf)

    def _propose(self, user_id: int, body: bytes, epoch: int, leaf: int | None) -> Proposal:
        wire = struct.pack(">H", _PUBLIC_MESSAGE)
        version = struct.pack(">H", _MLS10)
        sender = struct.pack(">BI", _SENDER_EXTERNAL, 0)
        content = self._group + struct.pack(">Q", epoch) + sender + vector(b"") + bytes([_CONTENT_PROPOSAL]) + body
        to_sign = _signed_content("FramedContentTBS", version + wire + content)
        signature = vector(self._key.sign(to_sign, ec.ECDSA(hashes.SHA256())))
        authenticated = wire + content + signature
        return Proposal(
            user_id=user_id,
            message=version + authenticated,
            reference=reference("Proposal Reference", authenticated),
            removes_leaf=leaf,
        )


@dataclass(frozen=True, slots=True)
class Commit:
    """What op 28 brings: a member's step into the next epoch."""

    group_id: int
    """The group, that is the channel."""
    epoch: int
    """The epoch that it leaves."""
    references: tuple[bytes, ...]
    """The proposals that it takes up, in its order."""
    message: bytes
    """The MLSMessage that op 29 relays."""
    welcome: bytes | None
    """The Welcome for those whom it adds."""

    @classmethod
    def parse(cls, data: bytes) -> "Commit":
        """Splits commit and welcome.

        Raises:
            MalformedMlsError: it is none, or has a proposal inside.
        """
        reader = Reader(data)
        reader.expect(2, _MLS10, "the MLS version")
        reader.expect(2, _PUBLIC_MESSAGE, "the wire format")
        group_id = int.from_bytes(reader.vector(), "big")
        epoch = reader.number(8)
        reader.expect(1, _SENDER_MEMBER, "the sender type")
        reader.number(4)  # the sender's leaf
        reader.vector()  # authenticated data
        reader.expect(1, _CONTENT_COMMIT, "the content type")
        references = tuple(_read_references(reader.vector()))
        if reader.number(1):  # an update path is optional
            _read_leaf(reader)
            reader.vector()
        for _ in range(3):  # signature, confirmation tag, membership tag
            reader.vector()
        message, rest = data[: reader.offset], data[reader.offset :]
        return cls(group_id, epoch, references, message, rest or None)


def _read_references(data: bytes) -> Iterable[bytes]:
    reader = Reader(data)
    while not reader.at_end:
        reader.expect(1, _REFERENCE, "the kind of a committed proposal")
        yield reader.vector()


def welcome_for(welcome: bytes, package: KeyPackage) -> bytes:
    """The part of a Welcome that is for one new member.

    Raises:
        MalformedMlsError: it has none for it.
    """
    reader = Reader(welcome)
    reader.expect(2, _CIPHERSUITE, "the ciphersuite")
    secrets = Reader(reader.vector())
    group_info = welcome[reader.offset :]
    while not secrets.at_end:
        start = secrets.offset
        member = secrets.vector()
        secrets.vector()  # KEM output
        secrets.vector()  # ciphertext
        if member == package.reference:
            own = secrets.data[start : secrets.offset]
            return struct.pack(">H", _CIPHERSUITE) + vector(own) + group_info
    raise MalformedMlsError(f"the welcome has nothing for user {package.user_id}")


def append_body(proposals: Iterable[Proposal]) -> bytes:
    """The proposals as op 27 carries them to be appended, behind the byte that says so."""
    return vector(b"".join(proposal.message for proposal in proposals))


def revoke_body(proposals: Iterable[Proposal]) -> bytes:
    """The proposals as op 27 carries them to be revoked, behind the byte that says so."""
    return vector(b"".join(vector(proposal.reference) for proposal in proposals))
