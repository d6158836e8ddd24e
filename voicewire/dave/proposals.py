"""What op 27 carries: changes of the MLS group, proposed by the voice gateway.

Sources: the DAVE whitepaper, "dave_mls_proposals (27)" and "Proposal Handling" (https://daveprotocol.com); RFC 9420:
2.1.2 (vectors), 5.2 (references), 6 (framing), 7.2 (leaf nodes), 10 (key packages), 12.1 (proposals).

Only as much is read as is needed to tell proposals apart, to know whom they add, and to name them. Whether they are
genuine is checked by the MLS library.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from voicewire.dave.mls_reader import MalformedMls, MlsReader, vector

_APPEND: Final = 0
_REVOKE: Final = 1
_MLS10: Final = 1
_PUBLIC_MESSAGE: Final = 1
_EXTERNAL_SENDER: Final = 2
_PROPOSAL: Final = 2
_ADD: Final = 1
_REMOVE: Final = 3
_BASIC_CREDENTIAL: Final = 1
_FROM_KEY_PACKAGE: Final = 1
_LIFETIME_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Proposal:
    """One change of the group."""

    message: bytes
    """The MLSMessage."""
    adds: int | None
    """Whom it adds; None if it removes somebody."""

    @property
    def reference(self) -> bytes:
        """How it is named when it is revoked or committed (RFC 9420, 5.2): the hash of what follows the version."""
        label = vector(b"MLS 1.0 Proposal Reference")
        return hashlib.sha256(label + vector(self.message[2:])).digest()


@dataclass(frozen=True, slots=True)
class ProposalsMessage:
    """Op 27: proposals that are to be added to those that stand, or taken back."""

    added: tuple[Proposal, ...]
    """New proposals."""
    revoked: tuple[bytes, ...]
    """References of proposals that no longer stand."""


def parse_proposals(data: bytes) -> ProposalsMessage:
    """Read op 27.

    Raises:
        MalformedMls: it is not as documented, or has a proposal that DAVE does not allow.
    """
    reader = MlsReader(data)
    kind = reader.number(1)
    body = MlsReader(reader.vector())
    reader.expect_end()
    if kind == _REVOKE:
        revoked = []
        while not body.is_at_end:
            revoked.append(body.vector())
        return ProposalsMessage((), tuple(revoked))
    if kind != _APPEND:
        raise MalformedMls(f"proposals are appended or revoked, not {kind}")
    added = []
    while not body.is_at_end:
        added.append(_read_proposal(body))
    return ProposalsMessage(tuple(added), ())


def append_body(proposals: list[Proposal]) -> bytes:
    """The body of op 27 that appends, behind the byte that says so."""
    return vector(b"".join(proposal.message for proposal in proposals))


def revoke_body(proposals: list[Proposal]) -> bytes:
    """The body of op 27 that revokes, behind the byte that says so."""
    return vector(b"".join(vector(proposal.reference) for proposal in proposals))


def _read_proposal(reader: MlsReader) -> Proposal:
    start = reader.offset
    reader.expect(2, _MLS10, "MLS version")
    reader.expect(2, _PUBLIC_MESSAGE, "wire format")
    reader.vector()  # the group
    reader.take(8)  # the epoch
    reader.expect(1, _EXTERNAL_SENDER, "sender type")
    reader.take(4)  # which of the external senders
    reader.vector()  # authenticated data
    reader.expect(1, _PROPOSAL, "content type")
    kind = reader.number(2)
    if kind == _ADD:
        adds = _read_key_package(reader)
    elif kind == _REMOVE:
        reader.take(4)  # the leaf
        adds = None
    else:
        raise MalformedMls(f"DAVE has no proposals of type {kind}")
    reader.vector()  # the signature
    return Proposal(reader.data[start : reader.offset], adds)


def _read_key_package(reader: MlsReader) -> int:
    reader.take(4)  # version and ciphersuite
    reader.vector()  # init key
    reader.vector()  # the leaf's encryption key
    reader.vector()  # its signature key
    reader.expect(2, _BASIC_CREDENTIAL, "credential type")
    identity = reader.vector()
    for _ in range(5):  # capabilities
        reader.vector()
    reader.expect(1, _FROM_KEY_PACKAGE, "source of the leaf")
    reader.take(_LIFETIME_BYTES)
    for _ in range(4):  # the leaf's extensions and signature, the package's extensions and signature
        reader.vector()
    if len(identity) != 8:
        raise MalformedMls(f"an identity is a user id of 8 bytes, not of {len(identity)}")
    return int.from_bytes(identity, "big")
