"""A TLS client in memory that talks to what listens on an endpoint string."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from OpenSSL import SSL
from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IProtocol, IProtocolFactory
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.testing import MemoryReactorClock, StringTransport

from lanchat.doors.straight import TlsFactory
from lanchat.endpoints import server_endpoint
from lanchat.tls import ReloadableContext

CA = trustme.CA()
LEAF = CA.issue_cert("room-1.local")
OTHER = CA.issue_cert("room-2.local")
KEY = LEAF.private_key_pem.bytes()
CERTIFICATE = LEAF.cert_chain_pems[0].bytes()


def issued(leaf: trustme.LeafCert) -> x509.Certificate:
    return x509.load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes())


def as_pem(certificate: bytes) -> bytes:
    return b"-----BEGIN CERTIFICATE-----\n%b-----END CERTIFICATE-----\n" % base64.encodebytes(certificate)


def digest(leaf: trustme.LeafCert) -> str:
    """The SHA-256 of a certificate, as it is written down."""
    return issued(leaf).fingerprint(SHA256()).hex()


class Echo(Protocol):
    def dataReceived(self, data: bytes) -> None:
        assert self.transport is not None
        self.transport.write(data + str(self.transport.getPeer().host).encode())


class Peer:
    """A TLS client by hand: no part of it needs a reactor."""

    def __init__(
        self,
        highest: int | None = None,
        lowest: int | None = None,
        offers: Sequence[bytes] = (),
        shows: trustme.LeafCert | None = None,
    ) -> None:
        context = SSL.Context(SSL.TLS_CLIENT_METHOD)
        context.set_cipher_list(b"ALL:@SECLEVEL=0")
        if lowest is not None:
            context.set_min_proto_version(lowest)
        if highest is not None:
            context.set_max_proto_version(highest)
        if offers:
            context.set_alpn_protos(list(offers))
        if shows is not None:
            context.use_certificate(issued(shows))
            context.use_privatekey(load_pem_private_key(shows.private_key_pem.bytes(), password=None))
        self.tls = SSL.Connection(context, None)
        self.tls.set_connect_state()

    def again(self) -> Peer:
        """The same client, that comes once more and would like to go on where it was."""
        other = Peer.__new__(Peer)
        other.tls = SSL.Connection(self.tls.get_context(), None)
        other.tls.set_connect_state()
        if (session := self.tls.get_session()) is not None:
            other.tls.set_session(session)
        return other

    def outgoing(self) -> bytes:
        try:
            return self.tls.bio_read(65536)
        except SSL.WantReadError:
            return b""


class Conversation:
    """A client and the server's protocol, joined by their transports."""

    def __init__(self, reactor: MemoryReactorClock, factory: IProtocolFactory, peer: Peer, first: bytes = b"") -> None:
        self.reactor, self.peer, self.transport = reactor, peer, StringTransport()
        server = factory.buildProtocol(IPv4Address("TCP", "127.0.0.1", 5556))
        assert server is not None
        self.server: IProtocol = server
        self.server.makeConnection(self.transport)
        if first:
            self.server.dataReceived(first)
        self.shake_hands()

    def pass_bytes(self) -> None:
        if outgoing := self.peer.outgoing():
            self.server.dataReceived(outgoing)
        self.reactor.advance(0)
        if incoming := self.transport.value():
            self.transport.clear()
            self.peer.tls.bio_write(incoming)

    def shake_hands(self) -> None:
        for _ in range(4):
            try:
                self.peer.tls.do_handshake()
            except SSL.WantReadError:
                self.pass_bytes()
        self.pass_bytes()

    def says(self, data: bytes) -> bytes:
        self.peer.tls.send(data)
        self.pass_bytes()
        return self.peer.tls.recv(1000)


def listening(description: str) -> tuple[MemoryReactorClock, IProtocolFactory, ReloadableContext]:
    """A reactor that listens on a description with TLS, with what it listens."""
    reactor = MemoryReactorClock()
    endpoint, context = server_endpoint(reactor, description)
    assert context is not None
    endpoint.listen(TlsFactory(context, Factory.forProtocol(Echo), reactor))
    return reactor, reactor.tcpServers[0][1], context


def shown(conversation: Conversation) -> x509.Certificate:
    """The certificate that the server showed."""
    found = conversation.peer.tls.get_peer_certificate(as_cryptography=True)
    assert found is not None
    return found
