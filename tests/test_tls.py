"""Ports from their description, and TLS that is renewed while the server runs."""

from __future__ import annotations

import base64
import contextlib
import datetime
import shutil
import socket
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from hypothesis import example, given
from hypothesis import strategies as st
from OpenSSL import SSL
from twisted.internet import endpoints
from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IProtocol, IProtocolFactory
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.python.systemd import ListenFDs

from lanchat.tls import EndpointError, ReloadableContext, TlsError, load, server_endpoint, split

CA = trustme.CA()
LEAF = CA.issue_cert("room-1.local")
OTHER = CA.issue_cert("room-2.local")
KEY = LEAF.private_key_pem.bytes()
CERTIFICATE = LEAF.cert_chain_pems[0].bytes()


def issued(leaf: trustme.LeafCert) -> x509.Certificate:
    return x509.load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes())


def as_pem(certificate: bytes) -> bytes:
    return b"-----BEGIN CERTIFICATE-----\n%b-----END CERTIFICATE-----\n" % base64.encodebytes(certificate)


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    path = tmp_path / "server.pem"
    path.write_bytes(KEY + CERTIFICATE)
    return path


class Echo(Protocol):
    def dataReceived(self, data: bytes) -> None:
        assert self.transport is not None
        self.transport.write(data + str(self.transport.getPeer().host).encode())


class Peer:
    """A TLS client by hand: no part of it needs a reactor."""

    def __init__(self, highest: int | None = None, lowest: int | None = None, offers: Sequence[bytes] = ()) -> None:
        context = SSL.Context(SSL.TLS_CLIENT_METHOD)
        context.set_cipher_list(b"ALL:@SECLEVEL=0")
        if lowest is not None:
            context.set_min_proto_version(lowest)
        if highest is not None:
            context.set_max_proto_version(highest)
        if offers:
            context.set_alpn_protos(list(offers))
        self.tls = SSL.Connection(context, None)
        self.tls.set_connect_state()

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
    endpoint.listen(Factory.forProtocol(Echo))
    assert context is not None
    return reactor, reactor.tcpServers[0][1], context


def shown(conversation: Conversation) -> x509.Certificate:
    """The certificate that the server showed."""
    found = conversation.peer.tls.get_peer_certificate(as_cryptography=True)
    assert found is not None
    return found


class TestReloadableContext:
    def test_connections_see_the_certificate(self, pem: Path) -> None:
        """One file with the key and the certificate is enough to talk."""
        reactor, factory, context = listening(f"ssl:5556:privateKey={pem}")
        conversation = Conversation(reactor, factory, Peer())
        assert conversation.says(b"hello ") == b"hello 192.168.1.1"
        assert shown(conversation) == context.certificate == issued(LEAF)

    def test_a_reload_is_for_new_connections(self, pem: Path) -> None:
        """Who is connected goes on undisturbed; who comes next sees the new certificate."""
        reactor, factory, context = listening(f"ssl:5556:privateKey={pem}")
        early = Conversation(reactor, factory, Peer())
        pem.write_bytes(OTHER.private_key_and_cert_chain_pem.bytes())
        context.reload()
        late = Conversation(reactor, factory, Peer())
        assert (shown(early), shown(late)) == (issued(LEAF), issued(OTHER))
        assert context.certificate == issued(OTHER)
        assert early.says(b"still here ") == b"still here 192.168.1.1"

    def test_a_reload_that_fails_changes_nothing(self, pem: Path) -> None:
        """The old certificate stays in force, and the error names the file."""
        context = ReloadableContext(pem)
        before = context.getContext(), context.certificate
        pem.write_bytes(b"garbage")
        with pytest.raises(TlsError, match=str(pem)):
            context.reload()
        assert (context.getContext(), context.certificate) == before

    @pytest.mark.parametrize(("version", "name"), [(SSL.TLS1_2_VERSION, "TLSv1.2"), (SSL.TLS1_3_VERSION, "TLSv1.3")])
    def test_tls_1_2_and_1_3_are_spoken(self, pem: Path, version: int, name: str) -> None:
        """What tools of the last ten years speak."""
        reactor, factory, _ = listening(f"ssl:5556:privateKey={pem}")
        conversation = Conversation(reactor, factory, Peer(highest=version))
        assert conversation.peer.tls.get_protocol_version_name() == name

    def test_older_tls_is_refused(self, pem: Path) -> None:
        """TLS 1.1 is told that its version is the reason."""
        reactor, factory, _ = listening(f"ssl:5556:privateKey={pem}")
        old = Peer(highest=SSL.TLS1_1_VERSION, lowest=SSL.TLS1_VERSION)
        with pytest.raises(SSL.Error, match="protocol version"):
            Conversation(reactor, factory, old)

    @pytest.mark.parametrize(("offers", "agreed"), [([b"h2", b"http/1.1"], b"http/1.1"), ([b"irc"], b""), ([], b"")])
    def test_browsers_are_let_in(self, pem: Path, offers: list[bytes], agreed: bytes) -> None:
        """A client that says in the handshake what it will speak is served like one that does not."""
        reactor, factory, _ = listening(f"ssl:5556:privateKey={pem}")
        conversation = Conversation(reactor, factory, Peer(offers=offers))
        assert conversation.peer.tls.get_alpn_proto_negotiated() == agreed
        assert conversation.says(b"hello ") == b"hello 192.168.1.1"

    def test_idle_connections_cost_little(self, pem: Path) -> None:
        """Their buffers are given back, and nothing is kept of those that have gone."""
        context = ReloadableContext(pem).getContext()
        assert context.set_mode(0) & SSL.MODE_RELEASE_BUFFERS
        assert context.get_session_cache_mode() == SSL.SESS_CACHE_OFF

    @pytest.mark.parametrize("where", ["beside the certificate", "in a file of its own"])
    def test_the_chain_is_shown(self, tmp_path: Path, where: str) -> None:
        """Clients that know only the root find their way from the server's certificate to it."""
        between = CA.create_child_ca()
        leaf = between.issue_cert("room-3.local")
        key, certificate, chain = (tmp_path / name for name in ("key.pem", "cert.pem", "chain.pem"))
        key.write_bytes(leaf.private_key_pem.bytes())
        first, *others = (blob.bytes() for blob in leaf.cert_chain_pems)
        description = f"ssl:5556:privateKey={key}:certKey={certificate}"
        if where == "beside the certificate":
            certificate.write_bytes(b"".join([first, *others]))
        else:
            certificate.write_bytes(first)
            chain.write_bytes(b"".join(others))
            description += f":extraCertChain={chain}"
        reactor, factory, _ = listening(description)
        conversation = Conversation(reactor, factory, Peer())
        seen = conversation.peer.tls.get_peer_cert_chain(as_cryptography=True)
        assert seen is not None
        assert [one.public_bytes(Encoding.PEM) for one in seen] == [first, *others]


class TestTlsError:
    def refused(self, key: Path, certificate: Path | None = None, chain: Path | None = None) -> str:
        with pytest.raises(TlsError) as caught:
            load(key, certificate, chain)
        return str(caught.value)

    def test_a_missing_file(self, tmp_path: Path) -> None:
        """The usual mistake of the first day."""
        missing = tmp_path / "server.pem"
        assert self.refused(missing) == f"{missing}: there is no such file; run `lanchat certs` to make one."

    def test_a_file_of_another_user(self, pem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The usual mistake of a server that is not root."""

        def refuse(path: Path) -> bytes:
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr(Path, "read_bytes", refuse)
        assert self.refused(pem) == f"{pem}: this user may not read it; make the server's user its owner."

    def test_what_is_no_file(self, tmp_path: Path) -> None:
        """A directory, say."""
        assert self.refused(tmp_path) == f"{tmp_path}: it cannot be read (Is a directory); name a PEM file."

    @pytest.mark.parametrize("content", [b"", b"garbage \xff", CERTIFICATE])
    def test_no_key(self, pem: Path, content: bytes) -> None:
        """A certificate alone proves nothing."""
        pem.write_bytes(content)
        assert self.refused(pem).startswith(f"{pem}: there is no private key in it; ")

    def test_no_certificate(self, pem: Path) -> None:
        """A key alone names nobody."""
        pem.write_bytes(KEY)
        assert self.refused(pem).startswith(f"{pem}: there is no certificate in it; ")

    def test_a_damaged_key(self, pem: Path) -> None:
        """Half a file is not taken for a whole one."""
        pem.write_bytes(KEY.replace(b"END", b"DEN") + CERTIFICATE)
        assert self.refused(pem).startswith(f"{pem}: it is damaged, in or near its private key; ")

    def test_a_damaged_certificate(self, pem: Path) -> None:
        """The same for the other half."""
        pem.write_bytes(KEY + CERTIFICATE.replace(b"MII", b"AAA"))
        assert self.refused(pem).startswith(f"{pem}: it is damaged, in or near a certificate; ")

    def test_a_certificate_for_no_key(self, pem: Path) -> None:
        """What is found late is said like what is found at once."""
        point = issued(LEAF).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        broken = issued(LEAF).public_bytes(Encoding.DER).replace(point, bytes(len(point)))
        pem.write_bytes(KEY + as_pem(broken))
        assert self.refused(pem).startswith(f"{pem}: OpenSSL does not take it (Invalid key); ")

    @given(st.integers(0), st.integers(1, 255))
    def test_whatever_is_damaged_is_a_sentence(self, place: int, change: int) -> None:
        """Parts of a certificate are read late, and no library says all its errors in one way."""
        content = bytearray(issued(LEAF).public_bytes(Encoding.DER))
        content[place % len(content)] ^= change
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory, "server.pem")
            path.write_bytes(KEY + as_pem(content))
            with contextlib.suppress(TlsError), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # cryptography's opinion of negative serial numbers
                load(path)

    def test_a_key_behind_a_passphrase(self, pem: Path) -> None:
        """A server that starts by itself has nobody to ask."""
        key = load_pem_private_key(KEY, password=None)
        locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
        pem.write_bytes(locked + CERTIFICATE)
        assert self.refused(pem) == (
            f"{pem}: its key is behind a passphrase; write it without one: `openssl pkey -in {pem}`."
        )

    def test_a_key_of_another_certificate(self, pem: Path, tmp_path: Path) -> None:
        """Both files are named, because either may be the wrong one."""
        other = tmp_path / "other.pem"
        other.write_bytes(OTHER.cert_chain_pems[0].bytes())
        assert self.refused(pem, other).startswith(f"{other}: its first certificate is not for the key in {pem}; ")

    def test_a_chain_file_without_certificates(self, pem: Path, tmp_path: Path) -> None:
        """The chain is checked like the rest."""
        chain = tmp_path / "chain.pem"
        chain.write_bytes(KEY)
        assert self.refused(pem, None, chain).startswith(f"{chain}: there is no certificate in it; ")

    def test_a_key_that_openssl_finds_too_weak(self, pem: Path) -> None:
        """OpenSSL's reason is passed on."""
        key = rsa.generate_private_key(65537, 1024)
        name = x509.Name([])
        now = datetime.datetime.now(datetime.UTC)
        weak = (
            x509.CertificateBuilder()
            .issuer_name(name)
            .subject_name(name)
            .public_key(key.public_key())
            .serial_number(7)
            .not_valid_before(now)
            .not_valid_after(now + datetime.timedelta(days=9))
            .sign(key, hashes.SHA256())
        )
        pem.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + weak.public_bytes(Encoding.PEM)
        )
        assert self.refused(pem).startswith(f"{pem}: OpenSSL does not take it (ee key too small); ")


class TestServerEndpoint:
    def tcp(self, description: str) -> tuple[int, int, str]:
        """Port, backlog and interface that a description listens with."""
        reactor = MemoryReactorClock()
        endpoint, _ = server_endpoint(reactor, description)
        endpoint.listen(Factory.forProtocol(Echo))
        ((port, _, backlog, interface),) = reactor.tcpServers
        return port, backlog, interface

    @pytest.mark.parametrize(
        ("description", "port", "backlog", "interface"),
        [
            ("tcp:5555", 5555, 1024, ""),
            ("tcp:0", 0, 1024, ""),
            ("TCP:5555", 5555, 1024, ""),
            ("tcp:port=65535", 65535, 1024, ""),
            ("tcp:5555:127.0.0.1:7", 5555, 7, "127.0.0.1"),
            ("tcp:5555:interface=localhost:backlog=7", 5555, 7, "localhost"),
            (r"tcp:5555:interface=\:\:1", 5555, 1024, "::1"),
            ("tcp6:5555", 5555, 1024, "::"),
            (r"tcp6:5555:interface=\:\:1", 5555, 1024, "::1"),
            ("tcp6:5555:7", 5555, 7, "::"),
            ("haproxy:tcp:5555:backlog=7", 5555, 7, ""),
            ("haproxy:tcp6:5555", 5555, 1024, "::"),
        ],
    )
    def test_tcp_is_listened_on_as_described(self, description: str, port: int, backlog: int, interface: str) -> None:
        """Thousands may come at once, so more of them may wait than Twisted lets."""
        assert self.tcp(description) == (port, backlog, interface)

    def test_ssl_is_listened_on_as_described(self, pem: Path) -> None:
        """IPv6 is taken by its address, as Twisted's own ssl: does not say."""
        assert self.tcp(f"ssl:5556:privateKey={pem}") == (5556, 1024, "")
        rest = r"interface=\:\:1:backlog=7"
        assert self.tcp(f"ssl:5556:privateKey={pem}:{rest}") == (5556, 7, "::1")

    def test_a_path_may_hold_colons(self, pem: Path, tmp_path: Path) -> None:
        """They are written with a backslash."""
        shutil.copy(pem, tmp_path / "a:b.pem")
        assert self.tcp(f"ssl:5556:privateKey={tmp_path}/a\\:b.pem") == (5556, 1024, "")

    @pytest.mark.parametrize(
        ("rest", "expected"),
        [("", (1024, 0o666, True)), (":mode=660:backlog=7:lockfile=0", (7, 0o660, False))],
    )
    def test_unix_is_listened_on_as_described(self, rest: str, expected: tuple[int, int, bool]) -> None:
        """Everybody on this machine may come in, unless the mode says otherwise."""
        reactor = MemoryReactorClock()
        endpoint, context = server_endpoint(reactor, f"unix:/run/chat.sock{rest}")
        endpoint.listen(Factory.forProtocol(Echo))
        ((address, _, *others),) = reactor.unixServers
        assert (address, tuple(others), context) == ("/run/chat.sock", expected, None)

    def test_systemd_hands_over_its_socket(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The socket is the one of that name."""
        inherited = ListenFDs([7], ["lanchat"])
        monkeypatch.setattr(endpoints._SystemdParser, "_sddaemon", inherited)
        endpoint, _ = server_endpoint(MemoryReactorClock(), "systemd:domain=INET:name=lanchat")
        assert isinstance(endpoint, endpoints.AdoptedStreamServerEndpoint)
        assert (endpoint.fileno, endpoint.addressFamily) == (7, socket.AF_INET)

    def test_other_types_are_left_to_their_plugin(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Twisted's users have endpoints of their own."""
        asked = []
        monkeypatch.setattr(endpoints, "serverFromString", lambda _, text: asked.append(text))
        server_endpoint(MemoryReactorClock(), "onion:80:controlPort=9051")
        assert asked == ["onion:80:controlPort=9051"]

    def test_behind_a_proxy_tls_begins_after_the_header(self, pem: Path) -> None:
        """A proxy says whom it speaks for in the clear, and the server sees that address inside TLS."""
        reactor, factory, context = listening(f"haproxy:ssl:5556:privateKey={pem}")
        header = b"PROXY TCP4 203.0.113.7 192.168.1.7 50000 5556\r\n"
        conversation = Conversation(reactor, factory, Peer(), first=header)
        assert conversation.says(b"I am ") == b"I am 203.0.113.7"
        assert shown(conversation) == context.certificate


class TestEndpointError:
    @pytest.mark.parametrize(
        ("description", "sentence"),
        [
            ("tcp", "port is missing, as in tcp:5555."),
            ("tcp:", 'port is "" and must be a number up to 65535, as in tcp:5555.'),
            ("tcp:abc", 'port is "abc" and must be a number up to 65535, as in tcp:5555.'),
            ("tcp:65536", 'port is "65536" and must be a number up to 65535, as in tcp:5555.'),
            ("tcp:-1", 'port is "-1" and must be a number up to 65535, as in tcp:5555.'),
            ("tcp:٥٥", 'port is "٥٥" and must be a number up to 65535, as in tcp:5555.'),
            ("tcp:5555:port=6", "port is given twice; give it once, as in tcp:5555."),
            (
                "tcp:5555:backlog=0",
                'backlog is "0" and must be a number of connections, as in tcp:5555.',
            ),
            (
                "tcp:5555:interfaces=127.0.0.1",
                'there is no "interfaces" but port, interface, backlog, as in tcp:5555.',
            ),
            (
                "tcp:5555:interface=eth0",
                'interface is "eth0" and must be an IP address of this machine without brackets, as in tcp:5555.',
            ),
            (
                r"tcp6:5555:interface=[\:\:1]",
                'interface is "[::1]" and must be an IP address of this machine without brackets, '
                r"as in tcp6:5555:interface=\:\:1.",
            ),
            *(
                (
                    f"{start}:5555:{rest}",
                    r"there is a colon too many; one inside an address or a path is written \:, "
                    r"as in tcp6:5555:interface=\:\:1.",
                )
                for start in ("tcp", "tcp6", "haproxy:tcp6")
                for rest in ("interface=::1", "interface=[::1]", "::1", "interface=fe80::1")
            ),
            ("tcp:5555\\", r"the backslash at the end stands before nothing; write \\ for one."),
            ("ssl:5556", "privateKey is missing, as in ssl:5556:privateKey=certs/server.pem."),
            (
                "ssl:5556:privateKey=",
                'privateKey is "" and must be given, as in ssl:5556:privateKey=certs/server.pem.',
            ),
            (
                "ssl:5556:privateKey=/none.pem",
                "/none.pem: there is no such file; run `lanchat certs` to make one.",
            ),
            (
                "haproxy:ssl:5556:privateKey=/none.pem",
                "/none.pem: there is no such file; run `lanchat certs` to make one.",
            ),
            (
                "ssl:5556:privateKey=/none.pem:sslmethod=TLSv1_METHOD",
                'sslmethod is "TLSv1_METHOD" and must be left out, because TLS 1.2 and 1.3 are all that is '
                "spoken, as in ssl:5556:privateKey=certs/server.pem.",
            ),
            (
                "ssl:5556:privateKey=/none.pem:dhParameters=dh.pem",
                'dhParameters is "dh.pem" and must be left out, because only elliptic curves are used, '
                "as in ssl:5556:privateKey=certs/server.pem.",
            ),
            (
                "tls:certs",
                "tls: would hang at a CA in its directory; write ssl:5556:privateKey=certs/server.pem.",
            ),
            ("stdio:", "stdio: is no port that others can join; write tcp:5555."),
            ("haproxy:", "haproxy: stands once before another endpoint, as in haproxy:tcp:5555."),
            ("haproxy", "haproxy: stands once before another endpoint, as in haproxy:tcp:5555."),
            (
                "haproxy:haproxy:tcp:5555",
                "haproxy: stands once before another endpoint, as in haproxy:tcp:5555.",
            ),
            ("unix:", 'address is "" and must be given, as in unix:/run/lanchat/chat.sock.'),
            (
                "unix:/x:mode=9",
                'mode is "9" and must be an octal number like 660, as in unix:/run/lanchat/chat.sock.',
            ),
            ("unix:/x:lockfile=no", 'lockfile is "no" and must be 0 or 1, as in unix:/run/lanchat/chat.sock.'),
            (
                "systemd:domain=IPX:name=x",
                'domain is "IPX" and must be INET, INET6 or UNIX, as in systemd:domain=INET:name=lanchat.',
            ),
            (
                "systemd:domain=INET:index=first",
                'index is "first" and must be a number, as in systemd:domain=INET:name=lanchat.',
            ),
            (
                "systemd:domain=INET",
                "it takes either index or name, as in systemd:domain=INET:name=lanchat.",
            ),
            *(
                (
                    f"systemd:domain=INET:{which}",
                    "systemd handed no such socket to this process; its .socket unit sets FileDescriptorName.",
                )
                for which in ("name=x", "index=7")
            ),
            (
                "5555",
                "Unknown endpoint type: '5555'; the types are tcp, tcp6, ssl, unix, systemd and haproxy, "
                "as in tcp:5555.",
            ),
        ],
    )
    def test_each_mistake_has_its_sentence(self, description: str, sentence: str) -> None:
        """It says what is wrong, and what would be right."""
        with pytest.raises(EndpointError) as caught:
            server_endpoint(MemoryReactorClock(), description)
        assert str(caught.value) == sentence

    @given(st.text(alphabet="tcpsl6:=\\05abx.", max_size=20).map(lambda text: "tcp:" + text))
    @example("tcp")
    def test_no_description_is_a_traceback(self, description: str) -> None:
        """Whatever is typed, it is a port or a sentence."""
        with contextlib.suppress(EndpointError):
            endpoint, _ = server_endpoint(MemoryReactorClock(), description)
            assert isinstance(endpoint, endpoints.TCP4ServerEndpoint | endpoints.TCP6ServerEndpoint)


class TestSplit:
    @given(st.lists(st.tuples(st.text("abc", min_size=1), st.text())))
    def test_what_is_escaped_comes_back(self, parts: list[tuple[str, str]]) -> None:
        """Any value can be written, whatever is in it."""
        text = ":".join(f"{name}={endpoints.quoteStringArgument(value)}" for name, value in parts)
        assert split(text) == (parts or [(None, "")])

    @given(st.text(alphabet="ab:=\\"))
    def test_it_splits_like_twisted(self, text: str) -> None:
        """Strings mean here what they mean in Twisted's own documentation."""
        try:
            values, names = endpoints._parse(text)
        except RuntimeError:  # a backslash at the end
            with pytest.raises(ValueError, match="backslash"):
                split(text)
        else:
            parts = split(text)
            assert [value for name, value in parts if name is None] == values
            assert {name: value for name, value in parts if name is not None} == names
