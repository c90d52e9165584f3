"""Whom the client believes to be the server: a CA that was given, or the key that was trusted before.

Both are checked inside the TLS handshake, so a server that is not believed never sees a byte of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import SSL
from twisted.internet import ssl
from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.protocols.tls import TLSMemoryBIOProtocol
from twisted.python.failure import Failure
from zope.interface import implementer

from lanchat.certs import fingerprint
from lanchat.client.endings import KeyRefused, UnknownKey
from lanchat.client.known_servers import KnownServers

Check = Callable[[str], None]
"""Takes a server's fingerprint; raises KeyRefused when it is not to be believed."""


def verified_by(ca: Path, host: str) -> IOpenSSLClientConnectionCreator:
    """Believe a certificate for this host that the CA signed.  Raises KeyRefused when there is no such CA."""
    try:
        certificates = x509.load_pem_x509_certificates(ca.read_bytes())
    except OSError as error:
        raise KeyRefused(f"--ca {ca}: {error.strerror}. Name a PEM file that can be read.") from None
    except ValueError:
        raise KeyRefused(f"--ca {ca}: there is no certificate in it. Name the server's ca.pem.") from None
    make: Any = ssl  # Twisted's annotations stop here
    roots = [make.Certificate.loadPEM(certificate.public_bytes(Encoding.PEM)) for certificate in certificates]
    creator: IOpenSSLClientConnectionCreator = make.optionsForClientTLS(
        host, trustRoot=make.trustRootFromCertificates(roots)
    )
    return creator


class Trust:
    """Trust on first use: what is known about one server's key.

    ``pinned`` is a fingerprint that was given by hand: it must match, and is remembered when it has.
    """

    def __init__(self, known: KnownServers, server: str, pinned: str = "") -> None:
        self.trouble = ""
        """Why a key could not be remembered; it is believed for as long as this program runs."""
        self._known = known
        self._server = server
        self._pinned = pinned
        self._expected = ""
        """The key that something was meant for which may be sent as soon as this connection is made."""

    def accept(self, shown: str) -> None:
        """Believe this key from now on: a person said that it is right."""
        self._pinned = shown
        self._remember(shown)

    def expect(self) -> str:
        """Give the key that the server has to show: of any other, this connection ends before a byte was sent.

        Empty where it is not known yet, or cannot be read.
        """
        try:
            self._expected = self._pinned or self._known.find(self._server) or ""
        except OSError:
            self._expected = self._pinned
        return self._expected

    def check(self, shown: str) -> None:
        """Believe a key, or raise KeyRefused: `UnknownKey` for one that nobody has seen."""
        known = self._find()
        if self._expected and shown != self._expected and shown == (self._pinned or known):
            raise KeyRefused(f"The key of {self._server} was changed just now. Join again.")
        if self._pinned and shown != self._pinned:
            raise KeyRefused(
                f"{self._server} shows the key {shown}, not {self._pinned}. "
                "Somebody may stand in between: nothing was sent. Ask whoever runs the server."
            )
        if known is not None and shown != known and not self._pinned:
            raise KeyRefused(
                f"THE KEY OF {self._server} HAS CHANGED. It was {known} and is now {shown}. "
                "Somebody may stand in between: nothing was sent. If whoever runs the server says that the key is "
                f"new, type: lanchat forget {self._server}"
            )
        if known is None and not self._pinned:
            raise UnknownKey(self._server, shown)
        if known != shown:
            self._remember(shown)

    def _find(self) -> str | None:
        try:
            return self._known.find(self._server)
        except OSError as error:
            raise KeyRefused(f"{self._known.path} cannot be read ({error.strerror}). Make it yours.") from None

    def _remember(self, shown: str) -> None:
        try:
            self._known.remember(self._server, shown)
        except OSError as error:
            self.trouble = f"The key cannot be kept in {self._known.path} ({error.strerror}): it will be asked again."


@implementer(IOpenSSLClientConnectionCreator)
class KeyChecker:
    """Begins TLS connections that end inside the handshake unless the server's key is believed.

    The key counts (SHA-256 of its SubjectPublicKeyInfo), not the certificate around it: names and dates may
    be anything, as with SSH.
    """

    def __init__(self, host: str, check: Check) -> None:
        self._host = host
        self._check = check
        options: Any = ssl.CertificateOptions
        self._context: SSL.Context = options().getContext()  # TLS 1.2 and newer

    def clientConnectionForTLS(self, tlsProtocol: TLSMemoryBIOProtocol) -> SSL.Connection:
        """Make the connection for one handshake."""
        connection = SSL.Connection(self._context, None)
        connection.set_app_data(tlsProtocol)
        if not isIPAddress(self._host) and not isIPv6Address(self._host):
            connection.set_tlsext_host_name(self._host.encode("idna"))

        def verify(_: SSL.Connection, certificate: Any, _error: int, depth: int, _ok: int) -> bool:
            if depth:
                return True  # who signed it does not count
            try:
                self._check(fingerprint(certificate.to_cryptography()))
            except Exception:  # one that left here would be lost in OpenSSL, and the key believed
                tlsProtocol.failVerification(Failure())
                return False
            return True

        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, verify)
        return connection
