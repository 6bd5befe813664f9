"""The certificate authorities of a cluster and what they sign, as PEM.

Owns      the cluster CA (signs the broker and our own operator), the clients CA (signs users), both for this machine.
Refuses   to leave a key readable, and a certificate that ends within the renewal days.
"""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sandbox.kafka.place import write_secret

VALIDITY_DAYS = 365
RENEWAL_DAYS = 30
CERTIFICATE, KEY = "ca.crt", "ca.key"


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    encoding, style = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, style, serialization.NoEncryption())


def _certificate(path: Path) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):
        return None


def _name(common: str, organization: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    if organization:
        parts.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
    return x509.Name(parts)


def _fresh(certificate: x509.Certificate | None, renewal_days: int) -> bool:
    return certificate is not None and certificate.not_valid_after_utc > datetime.now(UTC) + timedelta(
        days=renewal_days
    )


class Authority:
    """One CA in a folder that stands for its Secret."""

    def __init__(self, folder: Path, common: str, validity_days: int = VALIDITY_DAYS) -> None:
        self.folder = folder
        certificate = _certificate(folder / CERTIFICATE)
        if certificate is None or not (folder / KEY).exists():
            key = ec.generate_private_key(ec.SECP256R1())
            certificate = _sign(common, "io.strimzi", key, None, key, validity_days, authority=True)
            write_secret(folder / KEY, _pem(key))
            write_secret(folder / CERTIFICATE, certificate.public_bytes(serialization.Encoding.PEM))
        self._certificate = certificate
        loaded = serialization.load_pem_private_key((folder / KEY).read_bytes(), None)
        if not isinstance(loaded, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{folder / KEY} is not an EC key")
        self._key = loaded

    @property
    def certificate(self) -> Path:
        """The file that others trust."""
        return self.folder / CERTIFICATE

    def issue(
        self, folder: Path, common: str, *, organization: str = "", server: bool = False, prefix: str = "user"
    ) -> bool:
        """See that `<prefix>.crt` and `.key` are in a folder, fresh and of this CA; True where they were made."""
        present = _certificate(folder / f"{prefix}.crt")
        renewal = min(RENEWAL_DAYS, VALIDITY_DAYS // 2)
        if _fresh(present, renewal) and present is not None and self._signed(present):
            return False
        key = ec.generate_private_key(ec.SECP256R1())
        made = _sign(common, organization, key, self._certificate, self._key, VALIDITY_DAYS, server=server)
        write_secret(folder / f"{prefix}.key", _pem(key))
        write_secret(folder / f"{prefix}.crt", made.public_bytes(serialization.Encoding.PEM))
        return True

    def _signed(self, certificate: x509.Certificate) -> bool:
        try:
            certificate.verify_directly_issued_by(self._certificate)
        except Exception:  # noqa: BLE001 - whatever cryptography finds wrong, it is not ours
            return False
        return True


def _sign(
    common: str,
    organization: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    signer: ec.EllipticCurvePrivateKey,
    days: int,
    *,
    authority: bool = False,
    server: bool = False,
) -> x509.Certificate:
    subject = _name(common, organization)
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if authority:
        usage = x509.KeyUsage(
            digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False, key_encipherment=False,
            data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        builder = builder.add_extension(usage, critical=True)
    else:
        purposes = [ExtendedKeyUsageOID.CLIENT_AUTH, *([ExtendedKeyUsageOID.SERVER_AUTH] if server else [])]
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    if server:
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(signer, hashes.SHA256())
