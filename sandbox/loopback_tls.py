"""A certificate for loopback, made afresh for every server."""

import datetime
import ipaddress
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFETIME: Final = datetime.timedelta(days=2)


@dataclass(frozen=True, slots=True)
class LoopbackTls:
    """What a TLS server on 127.0.0.1 and its clients need."""

    server: ssl.SSLContext
    """The server's side, with the key loaded."""
    ca_file: Path
    """The certificate, PEM: a client that trusts this file trusts the server."""


def make_loopback_tls(folder: Path, names: Sequence[str] = ()) -> LoopbackTls:
    """Makes a self-signed certificate for 127.0.0.1, localhost and `names`; its files are written into `folder`."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _self_signed(key, names)
    ca_file = folder / "voice-certificate.pem"
    ca_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file = folder / "voice-key.pem"
    key_file.touch(mode=0o600)
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca_file, key_file)
    return LoopbackTls(server=context, ca_file=ca_file)


def _self_signed(key: ec.EllipticCurvePrivateKey, more_names: Sequence[str]) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Discord on loopback")])
    now = datetime.datetime.now(datetime.UTC)
    public = key.public_key()
    hosts = [x509.DNSName(host) for host in ("localhost", *more_names)]
    names = x509.SubjectAlternativeName([*hosts, x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))])
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - LIFETIME)
        .not_valid_after(now + LIFETIME)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )
