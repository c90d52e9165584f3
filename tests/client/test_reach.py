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
