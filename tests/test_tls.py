"""Ports from their description, and TLS that is renewed while the server runs."""

from __future__ import annotations

import contextlib
import datetime
import tempfile
import warnings
from pathlib import Path
from typing import Any

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
from hypothesis import given
from hypothesis import strategies as st
from OpenSSL import SSL

from lanchat.tls import ReloadableContext, TlsError, load
from tests.tls_talk import Conversation, Peer, as_pem, digest, issued, listening, shown

CA = trustme.CA()
LEAF = CA.issue_cert("room-1.local")
OTHER = CA.issue_cert("room-2.local")
KEY = LEAF.private_key_pem.bytes()
CERTIFICATE = LEAF.cert_chain_pems[0].bytes()


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    path = tmp_path / "server.pem"
    path.write_bytes(KEY + CERTIFICATE)
    return path


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


class TestClientCertificates:
    STRANGER = trustme.CA().issue_cert("alice@laptop")
    """Signed by nobody whom the server knows."""

    def seen(self, pem: Path, peer: Peer) -> str:
        """What the server sees of a peer's certificate."""
        reactor, factory, _ = listening(f"ssl:5556:privateKey={pem}")
        conversation = Conversation(reactor, factory, peer)
        assert conversation.says(b"hello ") == b"hello 192.168.1.1"
        server: Any = conversation.server
        return str(server.fingerprint)

    @pytest.mark.parametrize("version", [SSL.TLS1_2_VERSION, SSL.TLS1_3_VERSION])
    def test_who_has_one_is_known_by_it(self, pem: Path, version: int) -> None:
        """It needs no CA: its fingerprint says whose it is."""
        assert self.seen(pem, Peer(highest=version, shows=self.STRANGER)) == digest(self.STRANGER)
        assert self.seen(pem, Peer(highest=version, shows=self.STRANGER, offers=[b"irc"])) == digest(self.STRANGER)

    @pytest.mark.parametrize("version", [SSL.TLS1_2_VERSION, SSL.TLS1_3_VERSION])
    def test_nobody_needs_one(self, pem: Path, version: int) -> None:
        """Clients without are served as before."""
        assert self.seen(pem, Peer(highest=version)) == ""

    @pytest.mark.parametrize("version", [SSL.TLS1_2_VERSION, SSL.TLS1_3_VERSION])
    @pytest.mark.parametrize("offers", [[b"h2", b"http/1.1"], [b"http/1.1"], [b"h2"], [b"lanchat"]])
    def test_browsers_are_not_asked(self, pem: Path, offers: list[bytes], version: int) -> None:
        """A person who has certificates for other things would be asked which to show."""
        assert self.seen(pem, Peer(highest=version, offers=offers, shows=self.STRANGER)) == ""

    def test_one_that_is_over_or_for_something_else_proves_as_much(self, pem: Path) -> None:
        """Only the key counts, and that somebody has it."""
        over = trustme.CA().issue_cert("room-9", not_after=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
        assert self.seen(pem, Peer(shows=over)) == digest(over)

    @pytest.mark.parametrize("version", [SSL.TLS1_2_VERSION, SSL.TLS1_3_VERSION])
    def test_no_session_is_resumed_in_which_it_would_be_forgotten(self, pem: Path, version: int) -> None:
        """Who comes again shows it again, though the client would like to resume."""
        reactor, factory, _ = listening(f"ssl:5556:privateKey={pem}")
        first = Conversation(reactor, factory, Peer(highest=version, shows=self.STRANGER))
        first.says(b"hello ")
        second: Any = Conversation(reactor, factory, first.peer.again())
        assert second.says(b"hello ") == b"hello 192.168.1.1"
        assert second.server.fingerprint == digest(self.STRANGER)


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
