from __future__ import annotations

from pathlib import Path

import pytest
from twisted.internet import error
from twisted.internet.protocol import Factory
from twisted.internet.testing import MemoryReactorClock
from twisted.python import usage

from lanchat.client.endings import KeyRefused
from lanchat.client.known_servers import KnownServers
from lanchat.client.options import Address, Description
from lanchat.client.reach import reach

ADDRESS = Address("room-1", 5555)


@pytest.fixture
def known(tmp_path: Path) -> KnownServers:
    return KnownServers(tmp_path / "known_servers")


def test_a_plain_way_has_no_key_to_trust(known: KnownServers) -> None:
    way = reach(MemoryReactorClock(), ADDRESS, known)
    assert (way.server, way.trust) == ("room-1:5555", None)
    assert "try --tls" in str(way.diagnose(error.ConnectionLost()))


def test_a_key_is_trusted_unless_a_ca_vouches(known: KnownServers, tmp_path: Path) -> None:
    assert reach(MemoryReactorClock(), ADDRESS, known, tls=True).trust is not None
    assert "try --tls" not in str(
        reach(MemoryReactorClock(), ADDRESS, known, tls=True).diagnose(error.ConnectionLost())
    )
    with pytest.raises(KeyRefused, match="No such file"):
        reach(MemoryReactorClock(), ADDRESS, known, tls=True, ca=tmp_path / "ca.pem")


def test_a_ca_needs_no_trust(known: KnownServers, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from lanchat.certs import make

    make(tmp_path, ["room-1"], datetime.now(UTC))
    assert reach(MemoryReactorClock(), ADDRESS, known, tls=True, ca=tmp_path / "ca.pem").trust is None


def test_a_link_local_address_keeps_its_interface(known: KnownServers) -> None:
    reactor = MemoryReactorClock()
    way = reach(reactor, Address("fe80::1%eth0", 5555), known)
    way.endpoint.connect(Factory())
    assert reactor.tcpClients[0][:2] == ("fe80::1%eth0", 5555)


def test_endpoint_strings_are_twisteds(known: KnownServers) -> None:
    reactor = MemoryReactorClock()
    way = reach(reactor, Description("unix:/run/chat.sock"), known)
    assert way.server == "unix:/run/chat.sock"
    assert "cannot connect" in str(way.diagnose(OSError(2, "No such file")))
    for wrong in ("tcp:room-1", "nosuch:a:b"):
        with pytest.raises(usage.UsageError, match="Write it as in"):
            reach(reactor, Description(wrong), known)
    with pytest.raises(usage.UsageError, match="says itself how"):
        reach(reactor, Description("unix:/run/chat.sock"), known, tls=True)


@pytest.mark.parametrize(
    ("target", "identity", "private"),
    [
        (ADDRESS, "", False),
        (Address("127.0.0.1", 5555), "plain:127.0.0.1:5555", True),
        (Address("::1", 5555), "plain:[::1]:5555", True),
        (Address("localhost", 5555), "plain:localhost:5555", True),
        (Address("localhost.example", 5555), "", False),
        (Description("unix:/run/chat.sock"), "unix:/run/chat.sock", True),
        (Description("tls:room-1:5555"), "tls:room-1:5555", True),
        (Description("ssl:room-1:5555"), "", True),
        (Description("tcp:room-1:5555"), "", False),
    ],
)
def test_a_server_that_may_be_another_one_has_no_name(
    known: KnownServers, target: Address | Description, identity: str, private: bool
) -> None:
    way = reach(MemoryReactorClock(), target, known)
    assert (way.identity(), way.private) == (identity, private)


def test_a_server_is_known_by_its_key_whatever_it_is_called(known: KnownServers) -> None:
    for name in ("room-1", "room-2"):
        way = reach(MemoryReactorClock(), Address(name, 5555), known, tls=True)
        assert (way.identity(), way.private) == ("", True)
        known.remember(f"{name}:5555", "SHA256:abc")
        assert way.identity() == "SHA256:abc"


def test_a_server_that_a_ca_vouches_for_is_known_by_both(known: KnownServers, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from lanchat.certs import make

    make(tmp_path, ["room-1"], datetime.now(UTC))
    names = {
        reach(MemoryReactorClock(), Address(host, 5555), known, tls=True, ca=tmp_path / "ca.pem").identity()
        for host in ("room-1", "room-2")
    }
    assert len(names) == 2
    assert all(name.startswith("ca:") for name in names)
