"""The TLS that is spoken on a port: it can be renewed while the server runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from OpenSSL import SSL, crypto
from twisted.internet import ssl
from twisted.internet.interfaces import IOpenSSLContextFactory
from zope.interface import implementer

__all__ = ["ReloadableContext", "TlsError", "load"]

_CURE = "move it away and run `lanchat certs` to make another"

#: What browsers offer, and our own client: nobody there has a certificate to show.
_UNASKED = frozenset({b"h2", b"http/1.1", b"http/1.0", b"lanchat"})

#: What cryptography and pyOpenSSL raise for a key or certificate that is not what its PEM says.
_BROKEN = (ValueError, UnsupportedAlgorithm, x509.InvalidVersion, SSL.Error, crypto.Error)


class TlsError(Exception):
    """A key or certificate cannot be used; the text is a sentence that names the file and the cure."""


@implementer(IOpenSSLContextFactory)
class ReloadableContext:
    """What new connections are encrypted with, until `reload` replaces it.

    Twisted asks `getContext` once for each connection, so those that are open keep what they began with.
    ``certificate`` is the server's own, for its fingerprint and its date.
    """

    def __init__(self, key: Path, certificate: Path | None = None, chain: Path | None = None) -> None:
        self._files = (key, certificate, chain)
        self._context, self.certificate = load(*self._files)

    def getContext(self) -> SSL.Context:
        """The context of a connection that begins now."""
        return self._context

    def reload(self) -> None:
        """Reads the files again. Raises `TlsError` when they do not load; then the old ones stay in force."""
        self._context, self.certificate = load(*self._files)


def load(
    key: Path, certificate: Path | None = None, chain: Path | None = None
) -> tuple[SSL.Context, x509.Certificate]:
    """A context for TLS 1.2 and 1.3 with the key and certificate in these PEM files, and that certificate.

    The certificate is looked for beside the key when it has no file of its own. Certificates after the first
    complete the chain, and so do those in ``chain``. No sessions are cached and no tickets given, and OpenSSL
    gives the buffers of idle connections back: all three are Twisted's own choice (measured: 33 KiB for an
    idle connection, 57 without the last). Clients are asked for a certificate and may leave it out; it needs no
    CA, as it is known again by its fingerprint. Raises `TlsError`.
    """
    certificate = certificate or key
    private_key = _private_key(key)
    leaf, *others = _certificates(certificate)
    if chain is not None:
        others += _certificates(chain)
    try:
        if leaf.public_key() != private_key.public_key():
            raise TlsError(f"{certificate}: its first certificate is not for the key in {key}; {_CURE}.")
        # Twisted's annotations still name pyOpenSSL's own objects, of which pyOpenSSL itself now warns.
        options: Any = ssl.CertificateOptions
        context = options(privateKey=private_key, certificate=leaf, extraCertChain=others).getContext()
        context.set_verify(SSL.VERIFY_PEER, _believe)
        context.set_alpn_select_callback(_application_protocol)
    except _BROKEN as error:
        raise TlsError(f"{certificate}: OpenSSL does not take it ({_reason(error)}); {_CURE}.") from error
    return context, leaf


def _application_protocol(connection: SSL.Connection, offered: Sequence[bytes]) -> Any:  # bytes, or "none"
    """HTTP/1.1 for a browser that offers it (RFC 7301); for all others TLS goes on without an agreement.

    The first bytes inside tell what a client speaks. Twisted's own choice is to end the handshake of
    everybody who offers something, and browsers and curl always do. Those are not asked for a certificate: a
    person would be, in a dialog. What is asked for is written after this (RFC 8446, section 4.3.2).
    """
    if not _UNASKED.isdisjoint(offered):
        connection.set_verify(SSL.VERIFY_NONE, _believe)
    return b"http/1.1" if b"http/1.1" in offered else SSL.NO_OVERLAPPING_PROTOCOLS


def _believe(*_: object) -> bool:
    """Let every certificate of a client be: that its key is the client's OpenSSL has seen by then."""
    return True


def _reason(error: Exception) -> str:
    """Why, in OpenSSL's words: the last that it put into its queue of errors."""
    match error.args:
        case ([*_, (*_, str(reason))],):
            return reason
        case _:
            return str(error)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise TlsError(f"{path}: there is no such file; run `lanchat certs` to make one.") from None
    except PermissionError:
        raise TlsError(f"{path}: this user may not read it; make the server's user its owner.") from None
    except OSError as error:
        raise TlsError(f"{path}: it cannot be read ({error.strerror}); name a PEM file.") from error


def _private_key(path: Path) -> Any:  # one of a dozen classes, which pyOpenSSL tells apart
    """The first private key in this file."""
    pem = _read(path)
    if b"PRIVATE KEY-----" not in pem:
        raise TlsError(f"{path}: there is no private key in it; {_CURE}, or name the file that holds the key.")
    try:
        return load_pem_private_key(pem, password=None)
    except TypeError:
        raise TlsError(
            f"{path}: its key is behind a passphrase; write it without one: `openssl pkey -in {path}`."
        ) from None
    except _BROKEN as error:
        raise TlsError(f"{path}: it is damaged, in or near its private key; {_CURE}.") from error


def _certificates(path: Path) -> list[x509.Certificate]:
    """All certificates in this file, one at least."""
    pem = _read(path)
    if b"CERTIFICATE-----" not in pem:
        raise TlsError(f"{path}: there is no certificate in it; {_CURE}, or name the file that holds it.")
    try:
        return x509.load_pem_x509_certificates(pem)
    except _BROKEN as error:
        raise TlsError(f"{path}: it is damaged, in or near a certificate; {_CURE}.") from error
