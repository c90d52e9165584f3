"""Handshakes in memory, between the client's creators and a server that `lanchat certs` made."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.test.iosim import connect, makeFakeClient, makeFakeServer

from lanchat.certs import make
from lanchat.client.endings import Ending, KeyRefused, UnknownKey, diagnose
from lanchat.client.known_servers import KnownServers
from lanchat.client.tls import KeyChecker, Trust, verified_by
from lanchat.tls import ReloadableContext

SERVER = "room-1:5555"


class Kept(Protocol):
    """A protocol that remembers what came and how it ended."""

    def __init__(self) -> None:
        self.data = b""
        self.why: Any = None

    def dataReceived(self, data: bytes) -> None:
        self.data += data

    def connectionLost(self, reason: Any = None) -> None:
        self.why = reason.value


class Speaker(Kept):
    """A client that speaks at once, as ours does."""

    def connectionMade(self) -> None:
        self.transport.write(b"hello")


@pytest.fixture
def certificates(tmp_path: Path) -> Path:
    directory = tmp_path / "certs"
    make(directory, ["room-1", "127.0.0.1"], datetime.now(UTC))
    return directory


def fingerprint_of(directory: Path) -> str:
    from lanchat.certs import fingerprint

    return fingerprint(ReloadableContext(directory / "server.pem").certificate)


def handshake(creator: Any, directory: Path) -> tuple[bytes, BaseException | None]:
    """Connect; give what the server has read, and why it ended for the client."""
    clock = Clock()
    heard = Kept()
    speaker = Speaker()
    context = ReloadableContext(directory / "server.pem")
    server = TLSMemoryBIOFactory(context, False, Factory.forProtocol(lambda: heard), clock)  # type: ignore[arg-type]
    client = TLSMemoryBIOFactory(creator, True, Factory.forProtocol(lambda: speaker), clock)  # type: ignore[arg-type]
    ends = [factory.buildProtocol(None) for factory in (server, client)]
    pump = connect(ends[0], makeFakeServer(ends[0]), ends[1], makeFakeClient(ends[1]))
    for _ in range(10):
        pump.pump()
        clock.advance(1)
    return heard.data, speaker.why


def ending(creator: Any, directory: Path) -> Ending:
    """Connect in vain: nothing of ours was read."""
    data, why = handshake(creator, directory)
    assert data == b""
    assert why is not None
    return diagnose(why, SERVER, tls=True, ca="ca.pem")


@pytest.fixture
def known(tmp_path: Path) -> KnownServers:
    return KnownServers(tmp_path / "state" / "known_servers")


def test_a_ca_vouches_for_a_name_and_for_an_address(certificates: Path) -> None:
    for host in ("room-1", "127.0.0.1"):
        assert handshake(verified_by(certificates / "ca.pem", host), certificates) == (b"hello", None)


def test_a_certificate_for_another_name_is_refused(certificates: Path) -> None:
    refused = ending(verified_by(certificates / "ca.pem", "room-2"), certificates)
    assert isinstance(refused, KeyRefused)
    assert "another name" in str(refused)


def test_a_certificate_of_another_ca_is_refused(certificates: Path, tmp_path: Path) -> None:
    make(tmp_path / "other", ["room-1"], datetime.now(UTC))
    refused = ending(verified_by(tmp_path / "other" / "ca.pem", "room-1"), certificates)
    assert isinstance(refused, KeyRefused)
    assert "not signed by" in str(refused)


def test_a_ca_that_is_none_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(KeyRefused, match="No such file"):
        verified_by(tmp_path / "none.pem", "room-1")
    (tmp_path / "odd.pem").write_text("no certificate")
    with pytest.raises(KeyRefused, match="no certificate in it"):
        verified_by(tmp_path / "odd.pem", "room-1")


def test_an_unknown_key_ends_it_before_anything_is_sent(certificates: Path, known: KnownServers) -> None:
    trust = Trust(known, SERVER)
    unknown = ending(KeyChecker("room-1", trust.check), certificates)
    assert isinstance(unknown, UnknownKey)
    assert unknown.fingerprint == fingerprint_of(certificates)
    trust.accept(unknown.fingerprint)
    assert known.find(SERVER) == unknown.fingerprint
    assert handshake(KeyChecker("room-1", trust.check), certificates) == (b"hello", None)
    assert handshake(KeyChecker("::1", Trust(known, SERVER).check), certificates) == (b"hello", None)


def test_who_signed_a_trusted_key_does_not_count(certificates: Path, known: KnownServers) -> None:
    with (certificates / "server.pem").open("ab") as pem:
        pem.write((certificates / "ca.pem").read_bytes())
    trust = Trust(known, SERVER, fingerprint_of(certificates))
    assert handshake(KeyChecker("room-1", trust.check), certificates) == (b"hello", None)


def test_a_changed_key_is_refused_with_the_command_that_forgets(certificates: Path, known: KnownServers) -> None:
    old, new = "SHA256:" + "A" * 43, fingerprint_of(certificates)
    known.remember(SERVER, old)
    refused = ending(KeyChecker("room-1", Trust(known, SERVER).check), certificates)
    assert type(refused) is KeyRefused
    for part in ("HAS CHANGED", old, new, f"type: lanchat forget {SERVER}"):
        assert part in str(refused)
    assert known.find(SERVER) == old


def test_a_pinned_key_is_believed_at_once_and_remembered(certificates: Path, known: KnownServers) -> None:
    pin = fingerprint_of(certificates)
    assert handshake(KeyChecker("room-1", Trust(known, SERVER, pin).check), certificates)[0] == b"hello"
    assert known.find(SERVER) == pin
    other = "SHA256:" + "B" * 43
    refused = ending(KeyChecker("room-1", Trust(known, SERVER, other).check), certificates)
    assert f"not {other}" in str(refused)
    assert known.find(SERVER) == pin


def test_a_key_that_cannot_be_kept_is_believed_for_now(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a directory should be")
    trust = Trust(KnownServers(tmp_path / "state" / "known_servers"), SERVER)
    with pytest.raises(KeyRefused, match="cannot be read"):
        trust.check("SHA256:x")
    trust = Trust(KnownServers(Path("/proc/lanchat/known_servers")), SERVER, "SHA256:x")
    trust.check("SHA256:x")
    assert "cannot be kept" in trust.trouble


def test_a_bug_in_the_check_believes_nobody(certificates: Path) -> None:
    def broken(shown: str) -> None:
        raise ZeroDivisionError(shown)

    assert "cannot connect" in str(ending(KeyChecker("room-1", broken), certificates))


def test_a_server_without_tls_is_no_key_trouble(known: KnownServers) -> None:
    speaker = Speaker()
    creator: Any = KeyChecker("room-1", Trust(known, SERVER).check)
    factory = TLSMemoryBIOFactory(creator, True, Factory.forProtocol(lambda: speaker), Clock())  # type: ignore[arg-type]
    protocol = factory.buildProtocol(None)
    transport = StringTransport()
    transport.abortConnection = lambda: None
    protocol.makeConnection(transport)
    protocol.dataReceived(b"-- lanchat on room-1\r\n")
    protocol.connectionLost(None)
    assert "no TLS there" in str(diagnose(speaker.why, SERVER, tls=True))


def test_what_was_meant_for_one_key_is_never_sent_to_another(tmp_path: Path) -> None:
    """The key that is known changes in the moment between the hello and the handshake."""
    known = KnownServers(tmp_path / "known_servers")
    trust = Trust(known, "room-1:5555")
    assert trust.expect() == ""
    known.remember("room-1:5555", "SHA256:a")
    assert trust.expect() == "SHA256:a"
    trust.check("SHA256:a")
    known.remember("room-1:5555", "SHA256:b")
    with pytest.raises(KeyRefused, match="was changed just now"):
        trust.check("SHA256:b")
    assert trust.expect() == "SHA256:b"
    trust.check("SHA256:b")


def test_a_key_that_cannot_be_read_is_not_expected(tmp_path: Path) -> None:
    (tmp_path / "known_servers").mkdir()
    assert Trust(KnownServers(tmp_path / "known_servers"), "room-1:5555").expect() == ""
