import ssl
from pathlib import Path

import pytest
from cryptography import x509

from sandbox.loopback_tls import LoopbackTls, make_loopback_tls


def server_certificate(tls: LoopbackTls, host: str) -> x509.Certificate:
    """What the server shows to a client that trusts the file and asks for this host.

    Raises:
        ssl.SSLCertVerificationError: the client does not believe it.
    """
    trusting = ssl.create_default_context(cafile=tls.ca_file)
    trusting.verify_flags |= ssl.VerifyFlags.VERIFY_X509_STRICT
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting.wrap_bio(to_client, to_server, server_hostname=host)
    server = tls.server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(3):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    shown = client.getpeercert(binary_form=True)
    assert shown is not None
    return x509.load_der_x509_certificate(shown)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "translate.google.com"])
def test_a_strict_client_that_trusts_the_file_believes_the_server(host: str, tmp_path: Path) -> None:
    server_certificate(make_loopback_tls(tmp_path, ["translate.google.com"]), host)


def test_the_server_shows_no_authoritys_certificate_since_rustls_would_refuse_that(tmp_path: Path) -> None:
    tls = make_loopback_tls(tmp_path)
    shown = server_certificate(tls, "127.0.0.1").extensions.get_extension_for_class(x509.BasicConstraints)
    trusted = x509.load_pem_x509_certificate(tls.ca_file.read_bytes())
    assert not shown.value.ca
    assert trusted.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_another_name_and_another_authority_are_not_believed(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    tls, other = make_loopback_tls(tmp_path), make_loopback_tls(tmp_path / "other")
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        server_certificate(tls, "discord.com")
    with pytest.raises(ssl.SSLCertVerificationError, match="unable to get local issuer"):
        server_certificate(LoopbackTls(tls.server, other.ca_file), "127.0.0.1")
