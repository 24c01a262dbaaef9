"""The self-signed certificate of one plugin process."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class ServerCertificate:
    """A key and certificate in PEM, and the certificate as the go-plugin handshake carries it."""

    key: bytes = field(repr=False)
    certificate: bytes
    handshake: str


def make_certificate() -> ServerCertificate:
    """A fresh EC P-256 certificate for "localhost", the name go-plugin expects of every plugin."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _sign(key, x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]))
    return ServerCertificate(
        key=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        certificate=certificate.public_bytes(Encoding.PEM),
        handshake=base64.b64encode(certificate.public_bytes(Encoding.DER)).decode().rstrip("="),
    )


def _sign(key: ec.EllipticCurvePrivateKey, name: x509.Name) -> x509.Certificate:
    now = datetime.now(timezone.utc)
    builder = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=7))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    )
    return builder.sign(key, hashes.SHA256())
