"""Certificates for the tests: an authority made on the spot, and servers it vouches for. No key is kept anywhere."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

BEFORE, AFTER = datetime(2020, 1, 1, tzinfo=UTC), timedelta(days=36500)
PEM = serialization.Encoding.PEM


class Authority:
    """A CA of one's own. `file` is what SMTP_CA_FILE names."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = _named("CA cua tinh")
        self._certificate = self._sign(self._name, self._key.public_key(), x509.BasicConstraints(True, None))
        self.file = folder / "ca.pem"
        self.file.write_bytes(self._certificate.public_bytes(PEM))

    def server(self, host: str) -> ssl.SSLContext:
        """Return what a server of that name needs."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        certificate = self._sign(_named(host), key.public_key(), names)
        file = self._folder / f"{host}.pem"
        secret = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        file.write_bytes(secret + certificate.public_bytes(PEM))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(file)
        return context

    def _sign(self, name: x509.Name, key: ec.EllipticCurvePublicKey, what: x509.ExtensionType) -> x509.Certificate:
        made = x509.CertificateBuilder(self._name, name, key, x509.random_serial_number(), BEFORE, BEFORE + AFTER)
        return made.add_extension(what, critical=True).sign(self._key, hashes.SHA256())


def _named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
