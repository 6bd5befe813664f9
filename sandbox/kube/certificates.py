"""Certificates of one state folder's servers: an authority, a server and an administrator, and a key for tokens.

Owns      making them once a folder, readable by their owner alone.
Refuses   to be shared: another state folder has another authority and trusts nothing of this one.
"""

import ipaddress
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ADMINISTRATORS = "system:masters"
"""The group that every API server lets do everything, whatever its roles say."""
ADMINISTRATOR = "kafka-fleet-sandbox"
_DAYS = 3650
_NAMES = ("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc")


@dataclass(frozen=True)
class Certificates:
    """Paths of the files of a folder."""

    folder: Path

    @property
    def authority(self) -> Path:
        """The certificate by which all others are known."""
        return self.folder / "ca.crt"

    @property
    def server(self) -> Path:
        """What every server shows."""
        return self.folder / "server.crt"

    @property
    def server_key(self) -> Path:
        """The key of that."""
        return self.folder / "server.key"

    @property
    def administrator(self) -> Path:
        """The client that may do everything."""
        return self.folder / "administrator.crt"

    @property
    def administrator_key(self) -> Path:
        """The key of that."""
        return self.folder / "administrator.key"

    @property
    def tokens_key(self) -> Path:
        """What service accounts' tokens are signed with."""
        return self.folder / "tokens.key"

    def complete(self) -> bool:
        """Whether all of it is there; the tokens' key is written last."""
        return self.tokens_key.is_file()


def made(folder: Path) -> Certificates:
    """The certificates of a folder, made where they are not there yet."""
    files = Certificates(folder)
    if files.complete():
        return files
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority_name = _name("kafka-fleet-sandbox-authority")
    authority = (
        _certificate(authority_name, authority_name, authority_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_signs(), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    _write(files.authority, authority.public_bytes(serialization.Encoding.PEM))

    def issue(name: x509.Name, certificate: Path, key_file: Path, server: bool) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _certificate(name, authority_name, key)
        # etcd's own gateway calls etcd as a client, with the server's certificate.
        uses = [ExtendedKeyUsageOID.CLIENT_AUTH, *([ExtendedKeyUsageOID.SERVER_AUTH] if server else [])]
        builder = builder.add_extension(x509.ExtendedKeyUsage(uses), critical=False)
        if server:
            here = x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))
            names = x509.SubjectAlternativeName([here, *map(x509.DNSName, _NAMES)])
            builder = builder.add_extension(names, critical=False)
        _write(key_file, _private(key))
        _write(certificate, builder.sign(authority_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    issue(_name("kafka-fleet-sandbox-server"), files.server, files.server_key, server=True)
    issue(_name(ADMINISTRATOR, ADMINISTRATORS), files.administrator, files.administrator_key, server=False)
    _write(files.tokens_key, _private(ec.generate_private_key(ec.SECP256R1())))
    return files


def _name(common: str, organization: str = "") -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    if organization:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
    return x509.Name(attributes)


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=_DAYS))
    )


def _signs() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes) -> None:
    """Readable by the owner alone from the first byte on."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)
