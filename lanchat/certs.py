"""Makes the certificates that TLS needs: a CA for this network and a certificate for this server.

Nothing here listens or connects. Keys are written so that only their owner reads them, and no file is ever
written over: whoever trusts a CA would have to be asked again if it were replaced.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import os
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from lanchat.addresses import local_addresses
from lanchat.usages import CommandOptions

__all__ = ["CertificateError", "CertsOptions", "Made", "fingerprint", "is_private", "local_names", "make", "run"]

#: Clocks on a LAN differ, and a certificate from the future is refused.
_SLACK = timedelta(days=1)
#: Apple refuses a server certificate of more than 825 days (support.apple.com/en-us/103769).
_SERVER_LIFE = timedelta(days=825) - timedelta(seconds=1)
_CA_LIFE = timedelta(days=3652)

#: What the name of a CA of ours begins with.
_AUTHORITY = "lanchat CA of "

_Authority = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")


class CertificateError(Exception):
    """No certificate was made; the text is a sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Made:
    """What one call of `make` made: the new files, whom the server's certificate names, and its pin."""

    files: tuple[Path, ...]
    names: tuple[str, ...]
    fingerprint: str


def fingerprint(certificate: x509.Certificate) -> str:
    """The pin of a certificate, written as OpenSSH writes one: ``SHA256:`` and base64 without padding.

    Over the public key alone (the DER of its SubjectPublicKeyInfo, as RFC 7469 section 2.4 pins it), so a
    certificate that is renewed with the same key keeps its pin.
    """
    key = certificate.public_key().public_bytes(Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode("ascii").rstrip("=")


def is_private(certificate: x509.Certificate) -> bool:
    """Say whether only those can trust a certificate who were given it or its CA: it is of `make`, or signs itself."""
    names = certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
    ours = any(str(name.value).startswith(_AUTHORITY) for name in names)
    return ours or certificate.issuer == certificate.subject


def local_names() -> list[str]:
    """The names and addresses under which others may reach this machine, its own name first.

    ``.local`` is what multicast DNS calls it. A host name that no certificate can hold is left out: the
    addresses still work.
    """
    short = socket.gethostname().partition(".")[0]
    candidates = [short, f"{short}.local", socket.gethostname(), socket.getfqdn(), "localhost"]
    names = [str(name.value) for name in map(_general_name, candidates) if name is not None]
    return list(dict.fromkeys([*names, *local_addresses(), "127.0.0.1", "::1"]))


def make(directory: Path, names: Sequence[str], now: datetime, old: Path | None = None) -> Made:
    """Makes ``server.pem`` in ``directory`` for these names, and the CA that signs it when there is none.

    ``names`` are DNS names and IP addresses, one at least; ``now`` knows its time zone. ``server.pem`` holds
    the key and the certificate, so that one path is enough for every option that asks for it. Its key is new,
    or that of the file ``old``, so that its fingerprint stays. Raises `CertificateError` when ``server.pem``
    is there, the CA is half there or something cannot be read or written; then no file has changed.
    """
    server_pem, ca_pem, ca_key = (directory / name for name in ("server.pem", "ca.pem", "ca.key"))
    general_names = _general_names(names)
    files: dict[Path, tuple[bytes, int]] = {}
    try:
        if server_pem.exists():
            raise CertificateError(f"{server_pem} is there and stays: move it away first to make a new one.")
        if ca_pem.exists() or ca_key.exists():
            authority, signer = _load_authority(ca_pem, ca_key, now)
        else:
            authority, signer = _new_authority(general_names[0], now)
            files[ca_key] = (_key_pem(signer), 0o600)
            files[ca_pem] = (authority.public_bytes(Encoding.PEM), 0o644)
        if old is None:
            key = ec.generate_private_key(ec.SECP256R1())
        else:
            key = _load_key(old, "leave --key out to make a new one.")
        start = now - _SLACK
        end = min(start + _SERVER_LIFE, authority.not_valid_after_utc)
        subject = _subject(str(general_names[0].value))
        certificate = _sign(authority.subject, signer, subject, key, start, end, general_names)
        files[server_pem] = (_key_pem(key) + certificate.public_bytes(Encoding.PEM), 0o600)
        _write(directory, files)
    except OSError as error:
        raise CertificateError(
            f"{error.filename or directory} cannot be used ({error.strerror}): "
            "name a directory of your own, as in `lanchat certs DIRECTORY`."
        ) from error
    return Made(tuple(files), tuple(str(name.value) for name in general_names), fingerprint(certificate))


def _general_name(name: str) -> x509.DNSName | x509.IPAddress | None:
    """The name as a certificate holds it, or None when it is neither a DNS name nor an IP address."""
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        pass
    labels = name.lower().removesuffix(".").split(".")
    # A name that ends in a number was meant to be an address (the rule of the URL standard).
    if len(name) > 253 or labels[-1].isdigit() or not all(map(_LABEL.fullmatch, labels)):
        return None
    return x509.DNSName(".".join(labels))


def _general_names(names: Sequence[str]) -> list[x509.DNSName | x509.IPAddress]:
    """All of the names as a certificate holds them, each once."""
    general_names = []
    for name in names:
        general_name = _general_name(name)
        if general_name is None:
            raise CertificateError(
                f'"{name}" is neither a DNS name nor an IP address: '
                "write it as in --name room-1.local or --name 192.168.1.7."
            )
        general_names.append(general_name)
    return list(dict.fromkeys(general_names))


def _new_authority(owner: x509.GeneralName, now: datetime) -> _Authority:
    """A CA that carries its first server's name, so that people can tell the CAs on their phone apart."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _subject(f"{_AUTHORITY}{owner.value}")
    return _sign(name, key, name, key, now - _SLACK, now + _CA_LIFE, []), key


def _load_authority(ca_pem: Path, ca_key: Path, now: datetime) -> _Authority:
    """The CA that is there already."""
    for present, missing in ((ca_key, ca_pem), (ca_pem, ca_key)):
        if not missing.exists():
            raise CertificateError(
                f"{present} is there without {missing}: put {missing.name} back, "
                f"or move {present.name} away to make a new CA."
            )
    cure = "move both away to make a new CA, which everybody then has to trust anew."
    key = _load_key(ca_key, cure)
    try:
        certificate = x509.load_pem_x509_certificate(ca_pem.read_bytes())
        same = certificate.public_key() == key.public_key()
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise CertificateError(f"{ca_pem} holds no certificate of a CA that lanchat made: {cure}") from error
    if not same:
        raise CertificateError(f"{ca_key} is not the key of {ca_pem}: {cure}")
    if certificate.not_valid_after_utc <= now:
        raise CertificateError(f"{ca_pem} expired on {certificate.not_valid_after_utc:%Y-%m-%d}: {cure}")
    return certificate, key


def _load_key(path: Path, cure: str) -> ec.EllipticCurvePrivateKey:
    """The private key in this file, of the kind that is made here."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("another kind of key")
    except OSError as error:
        raise CertificateError(f"{path} cannot be read ({error.strerror}): {cure}") from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:  # TypeError: also behind a passphrase
        raise CertificateError(f"{path} holds no private key that lanchat made: {cure}") from error
    return key


def _sign(
    issuer: x509.Name,
    signer: ec.EllipticCurvePrivateKey,
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    start: datetime,
    end: datetime,
    names: Sequence[x509.GeneralName],
) -> x509.Certificate:
    """The certificate of a server of these names, or of a CA when there are none (RFC 5280 section 4.2.1)."""
    ca = not names
    # Of the nine usages a server's key has the first: it signs. A CA's signs certificates and revocations.
    usages = x509.KeyUsage(not ca, False, False, False, False, ca, ca, False, False)
    subject_key = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    authority_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    builder = (
        x509.CertificateBuilder()
        .issuer_name(issuer)
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=0 if ca else None), critical=True)
        .add_extension(usages, critical=True)
        .add_extension(subject_key, critical=False)
        .add_extension(authority_key, critical=False)
    )
    if names:
        server_auth = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        builder = builder.add_extension(server_auth, critical=False)
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(signer, hashes.SHA256())


def _subject(common_name: str) -> x509.Name:
    """A subject of that name, cut to the 64 characters that X.520 allows."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64])])


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _write(directory: Path, files: dict[Path, tuple[bytes, int]]) -> None:
    """Writes all of the new files or none, each with its mode from its first byte on."""
    written = []
    directory.mkdir(parents=True, exist_ok=True)
    try:
        for path, (content, mode) in files.items():
            # O_EXCL: a file that appeared meanwhile is somebody's, and no link is followed.
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            written.append(path)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
    except OSError:
        for path in written:
            path.unlink()
        raise


class CertsOptions(CommandOptions):
    """The command line of ``lanchat certs``."""

    synopsis = "lanchat certs [--name NAME]... [--key PEM] [DIRECTORY]"
    longdesc = (
        "Makes a CA and a server certificate in DIRECTORY (certs when left out) for this machine's names and "
        "addresses. A CA that is there is used again; nothing is ever overwritten."
    )

    def __init__(self) -> None:
        super().__init__()
        self.directory = Path("certs")
        self.names: list[str] = []
        self.key: Path | None = None

    def opt_name(self, name: str) -> None:
        """A DNS name or IP address of the server, in place of this machine's own; repeats."""
        self.names.append(name)

    def opt_key(self, pem: str) -> None:
        """The old server.pem: keep its key, and with it the fingerprint that people know."""
        self.key = Path(pem)

    def parseArgs(self, directory: str = "certs") -> None:
        """Take the directory, when one is given."""
        self.directory = Path(directory)


def run(options: CertsOptions, out: TextIO, err: TextIO, now: datetime) -> int:
    """Does what the command line asks for, says what to do next, and returns the exit status."""
    try:
        made = make(options.directory, options.names or local_names(), now, options.key)
    except CertificateError as error:
        err.write(f"lanchat certs: {error}\n")
        return 1
    server_pem, ca_pem, ca_key = (options.directory / name for name in ("server.pem", "ca.pem", "ca.key"))
    out.write(
        f"Made {', '.join(map(str, made.files))}\n"
        f"for {', '.join(made.names)}.\n"
        f"The server's fingerprint: {made.fingerprint}\n"
        f"Start the server: twistd -n lanchat --port tcp:5555 --certificate {server_pem}\n"
        f"Join it, with a copy of {ca_pem}: lanchat join --tls --ca {ca_pem} HOST:5555\n"
        f"Give {ca_pem} to everybody who joins, {ca_key} and {server_pem} to nobody.\n"
    )
    return 0
